import { limits } from "@status-board/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MutationMemory, recall, remember } from "./mutation.ts";
import { anyMemory, anyMutation } from "./testing/cards.ts";

const anyWrites = fc.array(fc.option(anyMutation, { nil: undefined }), { maxLength: 12 });

describe("an item's memory of mutations", () => {
  it("[HT5] keeps the last 4 with the versions they made, newest first", () => {
    fc.assert(
      fc.property(anyWrites, (writes) => {
        const memory = writes.reduce<MutationMemory>((known, write, index) => remember(known, write, index + 2), []);
        const named = writes.flatMap((write, index) => (write ? [{ ...write, version: index + 2 }] : []));
        expect(memory).toEqual(named.toReversed().slice(0, limits.mutationsRemembered));
      }),
    );
  });

  it("[HT5] is the same memory after a write without a mutation", () => {
    fc.assert(fc.property(anyMemory, (memory) => remember(memory, undefined, 9) === memory));
  });

  it("[HT5] leaves the former memory as it was", () => {
    fc.assert(
      fc.property(anyMemory, anyMutation, (memory, mutation) => {
        const copy = structuredClone(memory);
        remember(memory, mutation, 9);
        expect(memory).toEqual(copy);
      }),
    );
  });

  it("[HT5] tells a repeat from another input under the same id, and both from a new one", () => {
    fc.assert(
      fc.property(anyMemory, anyMutation, (memory, mutation) => {
        const known = memory.filter(({ id }) => id === mutation.id);
        const expected = known.length === 0 ? "new" : known[0]?.hash === mutation.hash ? "repeat" : "reused";
        expect(recall(memory, mutation)).toBe(expected);
        expect(recall(memory, undefined)).toBe("new");
      }),
    );
  });

  it("[HT5] forgets a mutation once 4 others have come", () => {
    const ids = ["m1", "m2", "m3", "m4", "m5"];
    const memory = ids.reduce<MutationMemory>((known, id, index) => remember(known, { id, hash: "h" }, index + 2), []);
    expect(ids.map((id) => recall(memory, { id, hash: "h" }))).toEqual(["new", "repeat", "repeat", "repeat", "repeat"]);
  });
});
