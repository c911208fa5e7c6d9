import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { limits } from "./limits.ts";
import * as primitives from "./primitives.ts";
import { serviceCodeSchema } from "./service.ts";
import { timeZoneSchema } from "./shop.ts";
import { ulid } from "./testing/samples.ts";

const { dateSchema, idSchema, instantInputSchema, instantSchema, lineSchema, mutationIdSchema, textSchema } =
  primitives;

const accepts = (schema: z.ZodType, values: readonly unknown[]) => {
  for (const value of values) expect([value, schema.safeParse(value).success]).toEqual([value, true]);
};
const refuses = (schema: z.ZodType, values: readonly unknown[]) => {
  for (const value of values) expect([value, schema.safeParse(value).success]).toEqual([value, false]);
};

/** The control characters of ASCII and of Latin-1. */
const controlCodes = [...Array(32).keys(), ...Array.from({ length: 33 }, (_, index) => 127 + index)];

describe("a date", () => {
  it("[HT3] is a day of the calendar, in the years 2000 to 2099", () => {
    accepts(dateSchema, ["2000-01-01", "2031-03-03", "2028-02-29", "2099-12-31"]);
    refuses(dateSchema, ["2031-02-30", "2027-02-29", "2100-02-28", "2031-04-31", "2031-13-01", "2031-00-10"]);
    refuses(dateSchema, ["1999-12-31", "2100-01-01", "0000-01-01", "+02031-03-03"]);
    refuses(dateSchema, ["2031-3-3", "20310303", "2031-03-03T00:00:00Z", " 2031-03-03", "2031-03-03\n", "", 20310303]);
  });
});

describe("a moment", () => {
  const parsed = (value: string) => instantInputSchema.safeParse(value).data;

  it("[HT3] becomes UTC with milliseconds, whatever offset and precision it was written with", () => {
    expect(parsed("2031-03-03T09:00:00Z")).toBe("2031-03-03T09:00:00.000Z");
    expect(parsed("2031-03-03T09:00:00.1234567Z")).toBe("2031-03-03T09:00:00.123Z");
    expect(parsed("2031-03-03T09:00:00+02:00")).toBe("2031-03-03T07:00:00.000Z");
    expect(parsed("2031-03-03T09:00:00-03:30")).toBe("2031-03-03T12:30:00.000Z");
    expect(parsed("2031-03-03T09:00:00-00:00")).toBe("2031-03-03T09:00:00.000Z");
  });

  it("[HT3] lies in the years 2000 to 2099 of UTC", () => {
    expect(parsed("1999-12-31T23:30:00-01:00")).toBe("2000-01-01T00:30:00.000Z");
    refuses(instantInputSchema, ["1999-12-31T23:59:59Z", "2000-01-01T00:30:00+01:00", "2099-12-31T23:30:00-01:00"]);
    refuses(instantInputSchema, ["0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]);
  });

  it("[HT3] is refused when there is no such moment, or it says no offset", () => {
    refuses(instantInputSchema, ["2031-02-30T09:00:00Z", "2031-03-03T24:00:00Z", "2031-03-03T09:60:00Z"]);
    refuses(instantInputSchema, ["2031-03-03T09:00:00", "2031-03-03", "2031-03-03T09:00:00+0200", "2031-03-03 09:00Z"]);
    refuses(instantInputSchema, ["2031-03-03T09:00:00+24:00", "2031-03-03T09:00:00+02:60", "", 1_930_294_800_000]);
  });

  it("[HT3] never throws, however close to a moment a text comes", () => {
    const almost = fc.stringMatching(
      /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$/,
    );
    fc.assert(
      fc.property(almost, (text) => {
        const { success, data } = instantInputSchema.safeParse(text);
        if (success) expect(instantSchema.safeParse(data).success).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("[HT3] compares as text once it is parsed", () => {
    const valid = fc
      .date({ min: new Date("2000-01-01T00:00:00Z"), max: new Date("2099-12-31T23:59:59Z"), noInvalidDate: true })
      .map((date) => date.toISOString());
    fc.assert(fc.property(valid, valid, (a, b) => a < b === Date.parse(a) < Date.parse(b)));
  });
});

describe("a line of text", () => {
  const line = lineSchema(10);

  it("[HT3] is trimmed, and neither empty nor over-long, in code points", () => {
    expect(line.parse("  Zoë  ")).toBe("Zoë");
    accepts(line, ["a", "0123456789", " 0123456789 ", "🚗".repeat(10), "日本語", "O'Brien", "<b>"]);
    refuses(line, ["", "   ", "\u00a0", "01234567890", "🚗".repeat(11), 5, null, ["a"]]);
  });

  it("[HT3] has neither control characters nor line breaks", () => {
    const codes = [...controlCodes, 0x2028, 0x2029];
    refuses(
      line,
      codes.map((code) => `a${String.fromCharCode(code)}b`),
    );
    refuses(line, ["\nabc", "abc\n", "abc\t"]);
  });

  it("[HT3] has no lone surrogate", () => {
    refuses(line, ["\ud800", "a\udfff", "\udc00\ud800", "🚗\ud83d"]);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const { data } = line.safeParse(text);
        expect(data?.isWellFormed() ?? true).toBe(true);
      }),
    );
  });
});

describe("a text", () => {
  it("[HT3] may have newlines and tabs, and no other control character", () => {
    const text = textSchema(20);
    expect(text.parse(" First\n\tsecond \n")).toBe("First\n\tsecond");
    accepts(text, ["a\nb", "a\tb"]);
    refuses(
      text,
      controlCodes.filter((code) => code !== 9 && code !== 10).map((code) => `a${String.fromCharCode(code)}b`),
    );
    refuses(text, ["\ud800", "\n\t", "x".repeat(21)]);
  });
});

describe("an id", () => {
  it("[HT2] is a ULID in its canonical form", () => {
    accepts(idSchema, [ulid, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "00000000000000000000000000"]);
    refuses(idSchema, ["8ZZZZZZZZZZZZZZZZZZZZZZZZZ", ulid.toLowerCase(), ulid.slice(1), `${ulid}0`, `${ulid}\n`]);
    refuses(idSchema, [`I${ulid.slice(1)}`, `${ulid.slice(0, 25)}U`, "", "../../etc/passwd", 1, null]);
  });
});

describe("a mutation id", () => {
  it("[HT5] is 1 to 64 visible ASCII characters that do not begin with undo:", () => {
    accepts(mutationIdSchema, ["m", "!", "~", "a".repeat(64), "Undo:1", "m:undo:1", "undo", crypto.randomUUID()]);
    refuses(mutationIdSchema, ["", "a".repeat(65), "a b", "a\n", "ä", "undo:", "undo:m1", "\u007f", 1]);
  });
});

describe("a service's code", () => {
  it("[SV2] is 1 to 20 letters, digits, - or _", () => {
    accepts(serviceCodeSchema, ["A", "oil001", "0", "A-1_b", "a".repeat(20)]);
    refuses(serviceCodeSchema, ["", "-A", "_A", "a".repeat(21), "A B", "A#1", "Ä", "A\n", "__proto__"]);
  });
});

describe("a number", () => {
  it("[HT3] is whole and within its bounds: versions and cents", () => {
    accepts(primitives.versionSchema, [1, 2_147_483_647]);
    refuses(primitives.versionSchema, [0, -1, 1.5, 2 ** 53, Number.POSITIVE_INFINITY, Number.NaN, "1", true, null]);
    accepts(primitives.centsSchema, [0, limits.moneyMaxCents]);
    refuses(primitives.centsSchema, [-1, limits.moneyMaxCents + 1, 0.5, "5", Number.POSITIVE_INFINITY]);
  });

  it("[HT3] is written plainly in a query", () => {
    expect(primitives.queryVersionSchema.parse("12")).toBe(12);
    accepts(primitives.queryVersionSchema, ["1", "2147483647"]);
    refuses(primitives.queryVersionSchema, [
      "0",
      "2147483648",
      "01",
      "+1",
      "-1",
      "1.0",
      "1e3",
      "0x1",
      " 1",
      "",
      "١",
      1,
    ]);
    expect(primitives.queryLimitSchema.parse("200")).toBe(200);
    refuses(primitives.queryLimitSchema, ["0", "201", "99999999999999999999"]);
  });

  it("[HT3] is true or false where a query asks for either", () => {
    expect([primitives.queryBooleanSchema.parse("true"), primitives.queryBooleanSchema.parse("false")]).toEqual([
      true,
      false,
    ]);
    refuses(primitives.queryBooleanSchema, ["1", "TRUE", "", "yes", true]);
  });
});

describe("a time zone", () => {
  it("[SH1] is one that this runtime knows, and no mere offset", () => {
    accepts(timeZoneSchema, ["Europe/Berlin", "UTC", "America/St_Johns", "America/Argentina/Buenos_Aires"]);
    refuses(timeZoneSchema, ["+02:00", "Mars/Olympus", "", "Europe/Berlin\n", "__proto__", "../Berlin"]);
  });
});
