import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";
import { bodies } from "./testing/samples.ts";

type Path = readonly (string | number)[];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Every place in a value, the whole excepted. */
function pathsOf(value: unknown, at: Path = []): Path[] {
  if (!isObject(value)) return [];
  const keys: (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => [[...at, key], ...pathsOf(value[key], [...at, key])]);
}

/** A copy of the value with something else in one place. */
function withAt(value: unknown, [key, ...rest]: Path, put: unknown): unknown {
  if (key === undefined) return put;
  if (Array.isArray(value)) return value.map((entry, index) => (index === key ? withAt(entry, rest, put) : entry));
  return isObject(value) ? { ...value, [key]: withAt(value[key], rest, put) } : value;
}

/** Nothing that any field could mean, whatever it is for. */
const junk: readonly unknown[] = [
  "",
  " \t ",
  "\u0000",
  "a\u0007b",
  "a\u007fb",
  "a\u009fb",
  "a\rb",
  "\ud800",
  "a\udc00b",
  "x".repeat(70_000),
  "<script>".repeat(300),
  -1,
  12.5,
  2 ** 53,
  JSON.parse("1e999"),
  JSON.parse('{"__proto__":{"x":1}}'),
  { constructor: { prototype: {} } },
  { toString: "x" },
  [[[[[]]]]],
  [null],
];

const issuePaths = (result: z.ZodSafeParseResult<unknown>) =>
  (result.error?.issues ?? []).map(({ path }) => path.map(String));
const begins = (path: readonly string[], place: Path) => place.every((key, index) => path[index] === String(key));

/** An issue is at the place, or at what holds it: a list that is too long, a key that is not known. */
const names = (path: readonly string[], place: Path) => begins(path, place) || begins(place.map(String), path);

const tested = Object.entries<Route>(routes).filter(([, { body }]) => body !== null);
const samples = new Map<string, Record<string, unknown>>(Object.entries(bodies));

describe("the body of an operation", () => {
  it("[HT3] has a sample here for every operation that takes one", () => {
    expect(Object.keys(bodies).toSorted()).toEqual(tested.map(([id]) => id).toSorted());
  });

  for (const [id, { body }] of tested) {
    const sample = samples.get(id);
    if (body === null) continue;

    it(`[HT3] is taken with every field: ${id}`, () => {
      expect(body.safeParse(sample)).toMatchObject({ success: true });
    });

    it(`[HT3] is refused with junk in any place, and the field named: ${id}`, () => {
      for (const place of pathsOf(sample))
        for (const value of junk) {
          const result = body.safeParse(withAt(sample, place, value));
          const shown = { place: place.join("."), value: JSON.stringify(value)?.slice(0, 40) };
          expect({ ...shown, success: result.success }).toEqual({ ...shown, success: false });
          expect({ ...shown, named: issuePaths(result).some((path) => names(path, place)) }).toEqual({
            ...shown,
            named: true,
          });
        }
    });

    it(`[HT3] is refused with an unknown field or a prototype's key in any object: ${id}`, () => {
      const objects: Path[] = [[], ...pathsOf(sample).filter((place) => isPlain(at(sample, place)))];
      for (const place of objects)
        for (const key of ["extra", "__proto__", "constructor", "prototype", "toString", "hasOwnProperty"]) {
          const value: unknown = JSON.parse(JSON.stringify(sample), (_, entry) => entry);
          const holder = at(value, place);
          if (isObject(holder))
            Object.defineProperty(holder, key, { value: {}, enumerable: true, configurable: true, writable: true });
          const issues = body.safeParse(value).error?.issues ?? [];
          expect(issues).toMatchObject([{ code: "unrecognized_keys", keys: [key], path: place }]);
        }
    });

    it(`[HT3] never throws, whatever it is, and parses what it made again: ${id}`, () => {
      const places = pathsOf(sample);
      const anything = fc.anything({ withNullPrototype: true, maxDepth: 3 });
      const mutated = fc
        .tuple(fc.constantFrom(...places), anything)
        .map(([place, value]) => withAt(sample, place, value));
      fc.assert(
        fc.property(fc.oneof(anything, fc.jsonValue(), mutated), (value) => {
          const result = body.safeParse(value);
          if (result.success) expect(body.parse(result.data)).toEqual(result.data);
        }),
        { numRuns: 300 },
      );
    });
  }

  it("[HT3] is refused when it is nested ten thousand levels deep", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`);
    for (const [, { body }] of tested) expect(body?.safeParse(deep).success).toBe(false);
    expect(routes.createAppointment.body.safeParse({ ...bodies.createAppointment, notes: deep }).success).toBe(false);
  });

  it("[HT3] is refused when a field that must be there is missing, and the field named", () => {
    const required: Record<string, readonly string[]> = {
      createAppointment: ["start", "end", "customer", "vehicle", "serviceCodes"],
      editAppointment: ["expectedVersion"],
      moveAppointment: ["newStatus", "expectedVersion"],
      undoMove: ["mutationId", "expectedVersion"],
      createService: ["code", "name", "priceCents", "minutes"],
      editService: ["expectedVersion"],
      editShop: ["expectedVersion"],
      createPairing: ["name", "role"],
      claimPairing: ["code"],
      renameDevice: ["name"],
    };
    for (const [id, { body }] of tested)
      for (const key of Object.keys(samples.get(id) ?? {})) {
        const { [key]: _left, ...rest } = samples.get(id) ?? {};
        const named = body?.safeParse(rest).error?.issues[0]?.path[0];
        expect([id, key, named]).toEqual([id, key, required[id]?.includes(key) ? key : undefined]);
      }
  });
});

const at = (value: unknown, place: Path): unknown =>
  place.reduce<unknown>((holder, key) => (isObject(holder) ? holder[key] : undefined), value);
const isPlain = (value: unknown) => isObject(value) && !Array.isArray(value);

describe("the query of an operation", () => {
  it("[HT3] is refused with an unknown parameter, whatever it is called", () => {
    for (const [id, { query }] of Object.entries<Route>(routes))
      for (const key of ["extra", "__proto__", "constructor"]) {
        const value: unknown = JSON.parse(`{"${key}":"x"}`);
        const issues = query.safeParse(value).error?.issues ?? [];
        expect([id, issues.some((issue) => issue.code === "unrecognized_keys" && issue.keys.includes(key))]).toEqual([
          id,
          true,
        ]);
      }
  });

  it("[HT3] never throws, whatever its parameters are", () => {
    const anyQuery = fc.dictionary(
      fc.constantFrom("date", "technicianId", "expectedVersion", "mutationId", "search", "active", "limit", "cursor"),
      fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constantFrom("2031-02-30", "1e9", "-0", "0x10", "true")),
    );
    fc.assert(
      fc.property(anyQuery, (value) => {
        for (const { query } of Object.values<Route>(routes)) query.safeParse(value);
      }),
    );
  });
});
