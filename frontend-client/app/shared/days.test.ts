import { describe, expect, it } from "vitest";
import { addDays, dayOf, instantAt, isDay, nextMidnight } from "./days.ts";

describe("days of a shop", () => {
  it("[SH1] names the day of a moment in the shop's zone, not the screen's", () => {
    const moment = "2026-03-03T23:30:00.000Z";
    expect(dayOf(moment, "America/New_York")).toBe("2026-03-03");
    expect(dayOf(moment, "Europe/Berlin")).toBe("2026-03-04");
    expect(dayOf(Date.parse(moment), "Asia/Tokyo")).toBe("2026-03-04");
  });

  it.each([
    ["2026-02-28", true],
    ["2028-02-29", true],
    ["2026-02-29", false],
    ["2026-2-3", false],
    ["1999-12-31", false],
    ["2100-01-01", false],
    ["tomorrow", false],
  ])("takes %s for a day: %s", (value, expected) => expect(isDay(value)).toBe(expected));

  it("counts days across months and changes of clocks", () => {
    expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
    expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
  });

  it.each([
    ["2026-03-03", "09:30", "2026-03-03T08:30:00.000Z"],
    ["2026-03-29", "01:59", "2026-03-29T00:59:00.000Z"],
    ["2026-03-29", "03:00", "2026-03-29T01:00:00.000Z"],
    // Left out by the change to summer time: an hour later.
    ["2026-03-29", "02:30", "2026-03-29T01:30:00.000Z"],
    // Comes twice in autumn: the first.
    ["2026-10-25", "02:30", "2026-10-25T00:30:00.000Z"],
  ])("finds the moment of %s %s in Berlin", (date, time, expected) => {
    expect(instantAt(date, time, "Europe/Berlin")).toBe(expected);
  });

  it.each([
    ["2026-03-03T12:00:00.000Z", "Europe/Berlin", "2026-03-03T23:00:00.000Z"],
    ["2026-03-28T23:00:00.000Z", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
    ["2026-10-24T22:00:00.000Z", "Europe/Berlin", "2026-10-25T23:00:00.000Z"],
    ["2026-03-03T12:00:00.000Z", "Asia/Kolkata", "2026-03-03T18:30:00.000Z"],
  ])("finds the midnight after %s in %s", (now, timeZone, expected) => {
    expect(new Date(nextMidnight(Date.parse(now), timeZone)).toISOString()).toBe(expected);
  });
});
