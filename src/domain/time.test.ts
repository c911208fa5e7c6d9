import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, instantOf, localDay } from "./time.ts";

/** The day by another way: the zone's offset at that moment, added to UTC. */
function dayByOffset(instant: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" }).formatToParts(
    new Date(instant),
  );
  const offset = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes, seconds] = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(offset) ?? [];
  const ms = (Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1_000;
  return new Date(Date.parse(instant) + (sign === "-" ? -ms : ms)).toISOString().slice(0, 10);
}

const zones = Intl.supportedValuesOf("timeZone");
const anyInstant = fc
  .date({ min: new Date("2000-01-02T00:00:00Z"), max: new Date("2099-12-30T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString());

describe("instantOf", () => {
  it("writes any moments, one after the other, as the language itself does", () => {
    const near = fc.integer({ min: -2_500, max: 2_500 });
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), fc.array(near, { maxLength: 8 }), (moment, steps) => {
        const moments = [0, ...steps].map((step) => new Date(moment.getTime() + step));
        for (const one of moments.filter((date) => !Number.isNaN(date.getTime())))
          expect(instantOf(one)).toBe(one.toISOString());
      }),
    );
  });

  it("has no words for what is no moment, and knows the next one", () => {
    const moment = new Date("2031-03-14T09:00:00.007Z");
    expect(() => instantOf(new Date(Number.NaN))).toThrow(RangeError);
    expect(instantOf(moment)).toBe("2031-03-14T09:00:00.007Z");
  });
});

describe("localDay", () => {
  const cases: [string, string, string, string][] = [
    ["the last moment before midnight", "2026-01-15T22:59:59.999Z", "Europe/Berlin", "2026-01-15"],
    ["midnight itself", "2026-01-15T23:00:00.000Z", "Europe/Berlin", "2026-01-16"],
    ["summer's midnight", "2026-07-15T22:00:00.000Z", "Europe/Berlin", "2026-07-16"],
    ["the evening before the clocks go forward", "2026-03-28T22:59:59.999Z", "Europe/Berlin", "2026-03-28"],
    ["the start of the short day", "2026-03-28T23:00:00.000Z", "Europe/Berlin", "2026-03-29"],
    ["the end of the short day", "2026-03-29T21:59:59.999Z", "Europe/Berlin", "2026-03-29"],
    ["the day after the short day", "2026-03-29T22:00:00.000Z", "Europe/Berlin", "2026-03-30"],
    ["the start of the long day", "2026-10-24T22:00:00.000Z", "Europe/Berlin", "2026-10-25"],
    ["the end of the long day", "2026-10-25T22:59:59.999Z", "Europe/Berlin", "2026-10-25"],
    ["the day after the long day", "2026-10-25T23:00:00.000Z", "Europe/Berlin", "2026-10-26"],
    ["New York's short day", "2026-03-09T03:59:59.999Z", "America/New_York", "2026-03-08"],
    ["New York's long day", "2026-11-02T04:59:59.999Z", "America/New_York", "2026-11-01"],
    ["a day that begins at one o'clock", "2026-03-08T05:00:00.000Z", "America/Havana", "2026-03-08"],
    ["the last moment before it", "2026-03-08T04:59:59.999Z", "America/Havana", "2026-03-07"],
    ["half an hour off", "2026-01-15T18:30:00.000Z", "Asia/Kolkata", "2026-01-16"],
    ["just before half an hour off", "2026-01-15T18:29:59.999Z", "Asia/Kolkata", "2026-01-15"],
    ["half an hour off to the west", "2026-01-16T03:29:59.999Z", "America/St_Johns", "2026-01-15"],
    ["three quarters of an hour off", "2026-01-15T18:15:00.000Z", "Asia/Kathmandu", "2026-01-16"],
    ["summer time of half an hour", "2026-01-15T13:00:00.000Z", "Australia/Lord_Howe", "2026-01-16"],
    ["farthest east", "2026-01-15T10:00:00.000Z", "Pacific/Kiritimati", "2026-01-16"],
    ["farthest west", "2026-01-16T10:59:59.999Z", "Pacific/Pago_Pago", "2026-01-15"],
    ["the turn of the year", "2025-12-31T23:00:00.000Z", "Europe/Berlin", "2026-01-01"],
    ["a leap day", "2028-02-28T23:30:00.000Z", "Europe/Berlin", "2028-02-29"],
    ["Greenwich itself", "2026-01-15T23:59:59.999Z", "UTC", "2026-01-15"],
  ];
  for (const [name, instant, zone, expected] of cases)
    it(`[CA2] knows the shop's day: ${name}`, () => {
      expect(localDay(instant, zone)).toBe(expected);
    });

  it("[CA2] agrees with the zone's offset at that moment, in every zone there is", () => {
    fc.assert(
      fc.property(anyInstant, fc.constantFrom(...zones), (instant, zone) => {
        expect(localDay(instant, zone)).toBe(dayByOffset(instant, zone));
      }),
      { numRuns: 1_000 },
    );
  });

  it("[CA2] never goes back as time goes on", () => {
    fc.assert(
      fc.property(anyInstant, fc.nat(200_000_000), fc.constantFrom(...zones), (instant, ms, zone) => {
        const after = new Date(Date.parse(instant) + ms).toISOString();
        expect(localDay(instant, zone) <= localDay(after, zone)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("addDays", () => {
  it("[CA5] counts calendar days over months, years and leap days, both ways", () => {
    expect(addDays("2031-03-03", 1)).toBe("2031-03-04");
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2031-12-31", 1)).toBe("2032-01-01");
    expect(addDays("2031-03-01", -1)).toBe("2031-02-28");
    expect(addDays("2031-03-03", 0)).toBe("2031-03-03");
  });
});
