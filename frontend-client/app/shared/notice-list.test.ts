import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createNoticeList } from "./notice-list.ts";

const words = (list: ReturnType<typeof createNoticeList>) => list.getNotices().map((notice) => notice.words);

describe("notices", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("stand for ten seconds", () => {
    const list = createNoticeList();
    list.notify({ words: "Moved to Ready." });
    vi.advanceTimersByTime(9_999);
    expect(words(list)).toEqual(["Moved to Ready."]);
    vi.advanceTimersByTime(1);
    expect(words(list)).toEqual([]);
  });

  it("keep a problem until it is closed", () => {
    const list = createNoticeList();
    const close = list.notify({ words: "The server failed.", tone: "problem", correlationId: "c1" });
    vi.advanceTimersByTime(3_600_000);
    expect(list.getNotices()).toMatchObject([{ words: "The server failed.", correlationId: "c1" }]);
    close();
    expect(words(list)).toEqual([]);
  });

  it("replace the one of the same topic, with its time", () => {
    const list = createNoticeList();
    list.notify({ words: "Moved to Ready.", topic: "move" });
    vi.advanceTimersByTime(9_000);
    list.notify({ words: "Moved to Completed.", topic: "move" });
    expect(words(list)).toEqual(["Moved to Completed."]);
    vi.advanceTimersByTime(9_000);
    expect(words(list)).toEqual(["Moved to Completed."]);
  });

  it("make room when there are too many", () => {
    const list = createNoticeList();
    for (const number of [1, 2, 3, 4, 5]) list.notify({ words: `${number}` });
    expect(words(list)).toEqual(["2", "3", "4", "5"]);
  });

  it("stand still while they are held, those that come meanwhile too", () => {
    const list = createNoticeList();
    list.notify({ words: "first" });
    vi.advanceTimersByTime(6_000);
    list.hold(true);
    list.notify({ words: "second" });
    vi.advanceTimersByTime(60_000);
    expect(words(list)).toEqual(["first", "second"]);
    list.hold(false);
    vi.advanceTimersByTime(4_000);
    expect(words(list)).toEqual(["second"]);
    vi.advanceTimersByTime(6_000);
    expect(words(list)).toEqual([]);
  });

  it("tell who listens of each change", () => {
    const list = createNoticeList();
    const heard = vi.fn();
    const stop = list.subscribe(heard);
    const close = list.notify({ words: "one" });
    close();
    stop();
    list.notify({ words: "two" });
    expect(heard).toHaveBeenCalledTimes(2);
  });
});
