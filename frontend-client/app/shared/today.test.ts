import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { followDay } from "./today.ts";

const zone = "Europe/Berlin";

describe("the shop's day", () => {
  beforeEach(() => vi.useFakeTimers({ now: Date.parse("2026-03-03T21:59:50.000Z") }));
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("follows midnight in the shop's zone, day after day", () => {
    const onDay = vi.fn();
    const stop = followDay(zone, onDay);
    vi.advanceTimersByTime(3_600_000);
    expect(onDay).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(10_000);
    expect(onDay).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(24 * 3_600_000);
    expect(onDay).toHaveBeenCalledTimes(2);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("looks at the clock when the page is seen again after a night without timers", () => {
    const page = new EventTarget();
    vi.stubGlobal("document", page);
    const onDay = vi.fn();
    const stop = followDay(zone, onDay);
    vi.setSystemTime(Date.parse("2026-03-04T07:00:00.000Z"));
    page.dispatchEvent(new Event("visibilitychange"));
    expect(onDay).toHaveBeenCalledTimes(1);
    stop();
    vi.setSystemTime(Date.parse("2026-03-05T07:00:00.000Z"));
    page.dispatchEvent(new Event("visibilitychange"));
    expect(onDay).toHaveBeenCalledTimes(1);
  });
});
