import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentOf, nextSlot, wallTimeOf } from "./wall-time.ts";

/** Half hours, quarter hours, both hemispheres, a change of half an hour, none at all, and far from Greenwich. */
const zones = [
  "Europe/Berlin",
  "America/New_York",
  "America/St_Johns",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Pacific/Chatham",
  "Pacific/Kiritimati",
  "Africa/Casablanca",
  "Pacific/Apia",
  "UTC",
];
const minuteMs = 60_000;
const minutes = fc.integer({
  min: Date.parse("2001-01-02T00:00:00Z") / minuteMs,
  max: Date.parse("2098-12-30T00:00:00Z") / minuteMs,
});

describe("times of the shop's clock", () => {
  it("[CA2] finds for what the clock shows at any moment that moment, or the first one at which it showed so", () => {
    fc.assert(
      fc.property(minutes, fc.constantFrom(...zones), (minute, zone) => {
        const moment = minute * minuteMs;
        const shown = wallTimeOf(moment, zone);
        const found = momentOf(shown, zone);
        if (typeof found === "string") throw new Error(`${JSON.stringify(shown)} in ${zone}: ${found}`);
        const foundMs = Date.parse(found.at);
        expect(wallTimeOf(foundMs, zone)).toEqual(shown);
        expect(foundMs).toBeLessThanOrEqual(moment);
        expect(moment - foundMs).toBeLessThanOrEqual(60 * minuteMs);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["Europe/Berlin", "2026-03-29", "01:59", { at: "2026-03-29T00:59:00.000Z" }],
    ["Europe/Berlin", "2026-03-29", "02:00", "no_such_time"],
    ["Europe/Berlin", "2026-03-29", "02:59", "no_such_time"],
    ["Europe/Berlin", "2026-03-29", "03:00", { at: "2026-03-29T01:00:00.000Z" }],
    ["Europe/Berlin", "2026-10-25", "02:30", { at: "2026-10-25T00:30:00.000Z" }],
    ["America/New_York", "2026-03-08", "02:30", "no_such_time"],
    ["America/New_York", "2026-11-01", "01:30", { at: "2026-11-01T05:30:00.000Z" }],
    ["Australia/Lord_Howe", "2026-10-04", "02:15", "no_such_time"],
    ["Pacific/Apia", "2011-12-30", "12:00", "no_such_time"],
    ["Asia/Kathmandu", "2026-01-01", "00:00", { at: "2025-12-31T18:15:00.000Z" }],
  ])("[CA2] knows the changes of the clocks: %s %s %s", (zone, date, time, expected) => {
    expect(momentOf({ date, time }, zone)).toEqual(expected);
  });

  it.each([
    ["", "09:00"],
    ["2026-02-30", "09:00"],
    ["0026-02-03", "09:00"],
    ["2026-02-03", ""],
    ["2026-02-03", "24:00"],
    ["2026-02-03", "9:00"],
  ])("takes %j %j for no time", (date, time) => {
    expect(momentOf({ date, time }, "Europe/Berlin")).toBe("not_a_time");
  });

  it("offers the next quarter hour of today, and the morning of any other day", () => {
    const at = (time: string) => Date.parse(`2026-03-03T${time}Z`);
    expect(nextSlot("2026-03-03", at("08:01:00"), "Europe/Berlin")).toBe("09:15");
    expect(nextSlot("2026-03-03", at("08:15:00"), "Europe/Berlin")).toBe("09:15");
    expect(nextSlot("2026-03-04", at("08:01:00"), "Europe/Berlin")).toBe("08:00");
    expect(nextSlot("2026-03-03", at("22:50:00"), "Europe/Berlin")).toBe("08:00");
  });
});
