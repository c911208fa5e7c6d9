import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMarks, type Mark } from "./marks.ts";

const moved: Mark = { kind: "moved", by: "Ana" };

describe("marks on cards", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("go away by themselves", () => {
    const marks = createMarks();
    marks.mark(new Map([["a", moved]]));
    expect(marks.getMarks().get("a")).toBe(moved);
    vi.advanceTimersByTime(1_199);
    expect(marks.getMarks().size).toBe(1);
    vi.advanceTimersByTime(1);
    expect(marks.getMarks().size).toBe(0);
  });

  it("are not taken away by the time of an older one", () => {
    const marks = createMarks();
    const again: Mark = { kind: "moved", by: "Ben" };
    marks.mark(new Map([["a", moved]]));
    vi.advanceTimersByTime(1_000);
    marks.mark(new Map([["a", again]]));
    vi.advanceTimersByTime(1_000);
    expect(marks.getMarks().get("a")).toBe(again);
  });

  it("are another map with each change, and the same one between", () => {
    const marks = createMarks();
    const heard = vi.fn();
    const stop = marks.subscribe(heard);
    marks.mark(new Map([["a", moved]]));
    const first = marks.getMarks();
    marks.mark(new Map([["b", moved]]));
    expect([first.size, marks.getMarks().size, heard.mock.calls.length]).toEqual([1, 2, 2]);
    stop();
    vi.runAllTimers();
    expect(heard).toHaveBeenCalledTimes(2);
  });
});
