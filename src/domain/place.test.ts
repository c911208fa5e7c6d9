import { limits } from "@status-board/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Anchor, anchorOf, type ColumnKey, type Placement, place } from "./place.ts";
import { anyRandom, anyRank, canonicalRank, rankAt, steps } from "./testing/ranks.ts";

const ids = Array.from({ length: 60 }, (_, index) => `c${String(index).padStart(2, "0")}`);
const byRank = (a: ColumnKey, b: ColumnKey) => (`${a.rank}#${a.id}` < `${b.rank}#${b.id}` ? -1 : 1);

/** A column in its order; few different ranks, so that equal and close ones are frequent. */
const anyColumn: fc.Arbitrary<ColumnKey[]> = fc
  .array(anyRank, { minLength: 1, maxLength: 8 })
  .chain((ranks) => fc.array(fc.constantFrom(...ranks), { maxLength: 45 }))
  .chain((ranks) =>
    fc.tuple(fc.constant(ranks), fc.shuffledSubarray(ids, { minLength: ranks.length, maxLength: ranks.length })),
  )
  .map(([ranks, names]) => names.map((id, index) => ({ id, rank: ranks[index] ?? "V", version: 1 })).sort(byRank));

const anyAnchor: fc.Arbitrary<Anchor> = fc.oneof(
  fc.constant<Anchor>({ kind: "end" }),
  fc.nat(60).map((position): Anchor => ({ kind: "position", position })),
  fc.constantFrom(...ids).map((id): Anchor => ({ kind: "after", id })),
  fc.constantFrom(...ids).map((id): Anchor => ({ kind: "before", id })),
);
const anyId = fc.constantFrom(...ids);

/** Where a plain list would put the card. */
function modelOrder(keys: readonly ColumnKey[], id: string, anchor: Anchor): string[] {
  const list = keys.map((key) => key.id).filter((other) => other !== id);
  let index = list.length;
  if (anchor.kind === "position" && anchor.position < list.length) index = anchor.position;
  if (anchor.kind === "before" && list.includes(anchor.id)) index = list.indexOf(anchor.id);
  if (anchor.kind === "after" && list.includes(anchor.id)) index = list.indexOf(anchor.id) + 1;
  return list.toSpliced(index, 0, id);
}

/** The column once the placement is written. */
function applied(keys: readonly ColumnKey[], id: string, { rank, respaced }: Placement): ColumnKey[] {
  const others = keys.filter((key) => key.id !== id);
  const changed = others.map((key) => respaced.find((neighbour) => neighbour.id === key.id) ?? key);
  return [...changed, { id, rank, version: 1 }].sort(byRank);
}

const runs = { numRuns: 1_000 };

describe("place", () => {
  it("[MV6] puts a card where a plain list would, for every anchor", () => {
    fc.assert(
      fc.property(anyColumn, anyId, anyAnchor, anyRandom, (keys, id, anchor, random) => {
        const placement = place(keys, id, anchor, random);
        expect(applied(keys, id, placement).map((key) => key.id)).toEqual(modelOrder(keys, id, anchor));
        expect(placement.rank).toMatch(canonicalRank);
      }),
      runs,
    );
  });

  it("[MV5] re-spaces at most 25 neighbours in one run, never the card itself, within the ranks around them", () => {
    fc.assert(
      fc.property(anyColumn, anyId, anyAnchor, anyRandom, (keys, id, anchor, random) => {
        const { rank, respaced } = place(keys, id, anchor, random);
        const first = respaced[0];
        fc.pre(first !== undefined);
        expect(respaced.length).toBeLessThanOrEqual(limits.respacedMaxCards);
        const others = keys.filter((key) => key.id !== id);
        const start = others.findIndex((key) => key.id === first.id);
        const run = others.slice(start, start + respaced.length);
        expect(respaced.map((key) => [key.id, key.version])).toEqual(run.map((key) => [key.id, key.version]));
        const lower = others[start - 1]?.rank ?? "";
        const upper = others[start + respaced.length]?.rank;
        const ranks = [...respaced.map((neighbour) => neighbour.rank), rank];
        expect(ranks.filter((key) => key <= lower || (upper !== undefined && key >= upper))).toEqual([]);
        expect(ranks.filter((key) => !canonicalRank.test(key))).toEqual([]);
        expect(new Set(ranks).size).toBe(ranks.length);
      }),
      { numRuns: 300 },
    );
  });

  it("[MV5] touches no neighbour where there is room", () => {
    fc.assert(
      fc.property(fc.nat(40), anyAnchor, anyRandom, (size, anchor, random) => {
        const keys: ColumnKey[] = [];
        for (const id of ids.slice(0, size))
          keys.push({ id, rank: place(keys, id, { kind: "end" }, random).rank, version: 1 });
        expect(place(keys, "new", anchor, random).respaced).toEqual([]);
      }),
    );
  });

  it("[MV5] keeps both of two cards that are put at one place at once", () => {
    fc.assert(
      fc.property(anyColumn, anyAnchor, anyRandom, anyRandom, (keys, anchor, random, otherRandom) => {
        const one = place(keys, "one", anchor, random);
        const two = place(keys, "two", anchor, otherRandom);
        fc.pre(one.respaced.length === 0 && two.respaced.length === 0);
        const both = applied(applied(keys, "one", one), "two", two).map((key) => key.id);
        expect(both.filter((id) => id !== "two")).toEqual(modelOrder(keys, "one", anchor));
        expect(both.filter((id) => id !== "one")).toEqual(modelOrder(keys, "two", anchor));
      }),
      runs,
    );
  });

  it("[MV5] spreads the first cards of two screens that are put at once into an empty column", () => {
    expect(place([], "one", { kind: "end" }, () => 0.1).rank).not.toBe(
      place([], "one", { kind: "end" }, () => 0.2).rank,
    );
  });

  it("[MV5] finds a place in a column as full as a board can be, whatever its ranks", () => {
    for (const rank of ["V", "z".repeat(limits.rankMaxCharacters), `${"0".repeat(limits.rankMaxCharacters - 1)}1`]) {
      const keys = Array.from({ length: limits.boardMaxCards }, (_, index) => ({
        id: `c${String(index).padStart(3, "0")}`,
        rank,
        version: 1,
      }));
      for (const position of [0, 12, 26, 250, 499, 500]) {
        const placement = place(keys, "new", { kind: "position", position }, () => 0.5);
        expect(placement.rank).toMatch(canonicalRank);
        expect(placement.respaced.length).toBeLessThanOrEqual(limits.respacedMaxCards);
        const order = applied(keys, "new", placement).map((key) => key.id);
        expect(order.filter((id) => id !== "new")).toEqual(keys.map((key) => key.id));
      }
    }
  });
});

describe("a column that is packed so tightly that no run of 25 can be spread", () => {
  const start = steps("V");
  const packed = Array.from({ length: 70 }, (_, index) => ({
    id: `c${String(index).padStart(2, "0")}`,
    rank: rankAt(start + BigInt(index) * 50_000n + 1n),
    version: 1,
  }));
  const landing = (keys: readonly ColumnKey[], id: string, position: number) => {
    const placement = place(keys, id, { kind: "position", position }, () => 0.5);
    const order = applied(keys, id, placement).map((key) => key.id);
    expect(order.filter((other) => other !== id)).toEqual(keys.map((key) => key.id));
    return order.indexOf(id);
  };

  it("[MV5] still takes a card exactly where it is wanted, when its id lets it stand among equals", () => {
    for (let position = 1; position < 70; position++) {
      expect(landing(packed, "d", position)).toBe(position);
      expect(landing(packed, "b", position)).toBe(position);
    }
  });

  it("[MV5] takes it one card further off at most, when its id does not", () => {
    const descending = packed.map((key, index) => ({ ...key, id: packed.at(-1 - index)?.id ?? "" }));
    for (let position = 0; position <= 70; position++)
      expect(Math.abs(landing(descending, "c35x", position) - position)).toBeLessThanOrEqual(1);
  });
});

describe("anchorOf", () => {
  it("[MV6] reads the anchor that a move names, and the end from none", () => {
    expect(anchorOf({ position: 0 })).toEqual({ kind: "position", position: 0 });
    expect(anchorOf({ afterId: "a" })).toEqual({ kind: "after", id: "a" });
    expect(anchorOf({ beforeId: "b" })).toEqual({ kind: "before", id: "b" });
    expect(anchorOf({})).toEqual({ kind: "end" });
  });
});
