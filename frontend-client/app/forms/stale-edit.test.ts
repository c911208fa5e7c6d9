import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedKeys, mergeForms, theirChanges } from "./stale-edit.ts";

/** Few values, so that two forms often agree; lists are the same by what is in them, as services are. */
const text = fc.constantFrom("a", "b", "c");
const anyForm = fc.record({ name: text, notes: text, paid: text, services: fc.subarray(["x", "y"]) });
type Form = { name: string; notes: string; paid: string; services: string[] };
const isSame = (key: keyof Form, one: Form, other: Form) => String(one[key]) === String(other[key]);
const keys: (keyof Form)[] = ["name", "notes", "paid", "services"];

describe("an edit that has become stale", () => {
  it("[AP2] keeps every part that I changed, and takes every other one as they left it", () => {
    fc.assert(
      fc.property(anyForm, anyForm, anyForm, (base, mine, theirs) => {
        const merged = mergeForms(base, mine, theirs, isSame);
        for (const key of keys) {
          const from = isSame(key, base, mine) ? theirs : mine;
          expect(merged[key]).toEqual(from[key]);
        }
      }),
    );
  });

  it("[AP2] tells each part that they changed unless I changed it alike, and mine where we differ", () => {
    fc.assert(
      fc.property(anyForm, anyForm, anyForm, (base, mine, theirs) => {
        const told = theirChanges(base, mine, theirs, isSame);
        const isTold = (key: keyof Form) => !isSame(key, base, theirs) && !isSame(key, mine, theirs);
        expect(told.map(({ key }) => key)).toEqual(keys.filter(isTold));
        for (const { key, mine: shown } of told) expect(shown !== undefined).toBe(!isSame(key, base, mine));
      }),
    );
  });

  it("[AP2] loses nothing of theirs where nothing of it was told: what is merged is what I see", () => {
    fc.assert(
      fc.property(anyForm, anyForm, anyForm, (base, mine, theirs) => {
        fc.pre(theirChanges(base, mine, theirs, isSame).length === 0);
        expect(changedKeys(mine, mergeForms(base, mine, theirs, isSame), isSame)).toEqual([]);
      }),
    );
  });
});
