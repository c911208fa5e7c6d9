import { describe, expect, it } from "vitest";
import { isTimeToReload, nextFailure } from "./reload.ts";

const minuteMs = 60_000;
const now = 1_900_000_000_000;
const quiet = now - minuteMs;
const moment = {
  loaded: "1.0.0",
  current: "1.1.0",
  reloaded: undefined,
  changedAt: quiet,
  isResting: false,
  now,
};

describe("a reload after a release", () => {
  it("waits until nothing has changed for a minute", () => {
    expect(isTimeToReload(moment)).toBe(true);
    expect(isTimeToReload({ ...moment, changedAt: quiet + 1 })).toBe(false);
  });

  it("does not wait at night", () => {
    expect(isTimeToReload({ ...moment, changedAt: now, isResting: true })).toBe(true);
  });

  it("is for another release, newer or older, and for none that is not known", () => {
    expect(isTimeToReload({ ...moment, current: "1.0.0" })).toBe(false);
    expect(isTimeToReload({ ...moment, current: "0.9.0" })).toBe(true);
    expect(isTimeToReload({ ...moment, current: undefined })).toBe(false);
    expect(isTimeToReload({ ...moment, loaded: undefined })).toBe(false);
  });

  it("happens once for a release, though the page that then comes is still the old one", () => {
    const reloaded = { release: "1.1.0", at: now - 24 * 60 * minuteMs };
    expect(isTimeToReload({ ...moment, reloaded })).toBe(false);
    expect(isTimeToReload({ ...moment, reloaded, current: "1.2.0" })).toBe(true);
  });

  it("happens once in an hour at most while servers of two releases answer in turn", () => {
    let reloaded: { release: string; at: number } | undefined;
    let loaded = "1.0.0";
    let reloads = 0;
    for (let minute = 0; minute < 24 * 60; minute++) {
      const current = minute % 2 === 0 ? "1.1.0" : "1.0.0";
      const time = now + minute * minuteMs;
      if (!isTimeToReload({ ...moment, loaded, current, reloaded, now: time })) continue;
      reloaded = { release: current, at: time };
      loaded = current;
      reloads++;
    }
    expect(reloads).toBeGreaterThan(0);
    expect(reloads).toBeLessThanOrEqual(24);
  });
});

describe("a reload after a failure", () => {
  it("waits twice as long each time in a row, up to ten minutes", () => {
    let failures: ReturnType<typeof nextFailure>["failures"] | undefined;
    let time = now;
    const waits = Array.from({ length: 8 }, () => {
      const next = nextFailure(failures, time);
      failures = next.failures;
      time += next.waitMs;
      return next.waitMs / 1_000;
    });
    expect(waits).toEqual([15, 30, 60, 120, 240, 480, 600, 600]);
  });

  it("is a first one again after an hour without", () => {
    const before = { count: 7, at: now };
    expect(nextFailure(before, now + 60 * minuteMs).waitMs).toBe(600_000);
    expect(nextFailure(before, now + 60 * minuteMs + 1)).toEqual({
      failures: { count: 1, at: now + 60 * minuteMs + 1 },
      waitMs: 15_000,
    });
  });

  it("never waits for ever, however often it failed", () => {
    expect(nextFailure({ count: 5_000, at: now }, now).waitMs).toBe(600_000);
  });
});
