import { limits } from "@status-board/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Random, rankBetween, ranksBetween } from "./rank.ts";
import { anyRandom, anyRank, canonicalRank, rankAt, steps, stepsInAll } from "./testing/ranks.ts";
import { seededRandom } from "./testing/seeded-random.ts";

/** How much room a rank needs, in the smallest steps there are: chance picks from half of it. */
const needed = 62n ** 3n;

/** Two neighbours in a column, either of which may be its end. */
const anyWideGap = fc
  .tuple(fc.option(anyRank, { nil: "" }), fc.option(anyRank, { nil: undefined }))
  .filter(([lower, upper]) => lower !== upper)
  .map(([lower, upper]): [string, string | undefined] =>
    upper === undefined || lower < upper ? [lower, upper] : [upper, lower],
  );

/** Two neighbours around the least distance that leaves room for one to 26 cards between them. */
const anyTightGap = fc
  .tuple(anyRank, fc.bigInt(1n, 27n), fc.bigInt(-needed, 3n))
  .map(([lower, cards, more]) => [lower, steps(lower) + cards * needed + more] as const)
  .filter(([lower, upper]) => upper > steps(lower) && upper < stepsInAll)
  .map(([lower, upper]): [string, string | undefined] => [lower, rankAt(upper)]);

const anyGap = fc.oneof(anyWideGap, anyTightGap);

const room = (lower: string, upper: string | undefined) =>
  (upper === undefined ? stepsInAll : steps(upper)) - (lower === "" ? 0n : steps(lower)) - 1n;

const runs = { numRuns: 2_000 };

describe("rankBetween", () => {
  it("[MV5] finds a rank strictly between its neighbours, canonical and not too long", () => {
    fc.assert(
      fc.property(anyGap, anyRandom, ([lower, upper], random) => {
        const rank = rankBetween(lower, upper, random);
        fc.pre(rank !== undefined);
        expect(rank > lower).toBe(true);
        expect(upper === undefined || rank < upper).toBe(true);
        expect(rank).toMatch(canonicalRank);
      }),
      runs,
    );
  });

  it("[MV5] finds none only where there is next to no room within 128 characters", () => {
    fc.assert(
      fc.property(anyGap, anyRandom, ([lower, upper], random) => {
        expect(rankBetween(lower, upper, random) === undefined).toBe(room(lower, upper) < needed);
      }),
      runs,
    );
  });

  it("[MV5] finds none between a rank and itself", () => {
    fc.assert(fc.property(anyRank, anyRandom, (rank, random) => rankBetween(rank, rank, random) === undefined));
  });

  it("[MV5] compares as text just as the fractions do", () => {
    fc.assert(
      fc.property(anyRank, anyRank, (a, b) => {
        expect(a < b).toBe(steps(a) < steps(b));
      }),
      runs,
    );
  });

  it("[MV5] gives concurrent inserts at one place different ranks, and keeps all between the neighbours", () => {
    const gaps: [string, string | undefined][] = [
      ["", undefined],
      ["V", undefined],
      ["", "V"],
      ["A", "B"],
      ["A", `A${"0".repeat(120)}1`],
    ];
    for (const [lower, upper] of gaps) {
      const random = seededRandom(1);
      const ranks = Array.from({ length: 1_000 }, () => rankBetween(lower, upper, random) ?? "");
      // Of 1,000 draws out of 119,164 about 4 meet another.
      expect(new Set(ranks).size).toBeGreaterThan(980);
      expect(ranks.filter((rank) => rank <= lower || (upper !== undefined && rank >= upper))).toEqual([]);
    }
  });

  const appended = (count: number, random: Random) => {
    const ranks = [rankBetween("", undefined, random) ?? ""];
    for (let made = 1; made < count; made++) ranks.push(rankBetween(ranks.at(-1) ?? "", undefined, random) ?? "");
    return ranks;
  };
  const prepended = (count: number, random: Random) => {
    const ranks = [rankBetween("", undefined, random) ?? ""];
    for (let made = 1; made < count; made++) ranks.push(rankBetween("", ranks.at(-1), random) ?? "");
    return ranks.toReversed();
  };
  for (const [name, fill] of Object.entries({ appended, prepended }))
    it(`[MV5] keeps the ranks of 10,000 cards ${name} one by one at 6 characters`, () => {
      for (const random of [seededRandom(2), () => 0, () => 1 - 2 ** -53]) {
        const ranks = fill(10_000, random);
        expect(ranks).toEqual(ranks.toSorted());
        expect(new Set(ranks).size).toBe(10_000);
        expect(Math.max(...ranks.map(({ length }) => length))).toBeLessThanOrEqual(6);
      }
    });

  it("[MV5] makes ranks short again at the end of a column whose last rank is long", () => {
    expect(rankBetween("V".repeat(limits.rankMaxCharacters), undefined, () => 0.5)?.length).toBeLessThanOrEqual(6);
    expect(rankBetween("", "V".repeat(limits.rankMaxCharacters), () => 0.5)?.length).toBeLessThanOrEqual(6);
  });

  it("[MV5] has room for some 700 inserts at one place before it runs out", () => {
    const random = seededRandom(3);
    let upper: string | undefined = "W";
    let inserts = 0;
    while (upper !== undefined) {
      upper = rankBetween("V", upper, random);
      inserts++;
    }
    expect(inserts).toBeGreaterThan(600);
    expect(inserts).toBeLessThan(900);
  });
});

describe("ranksBetween", () => {
  const anyCount = fc.integer({ min: 1, max: limits.respacedMaxCards + 1 });

  it("[MV5] spreads rising canonical ranks strictly between two others", () => {
    fc.assert(
      fc.property(anyGap, anyCount, anyRandom, ([lower, upper], count, random) => {
        const ranks = ranksBetween(lower, upper, count, random);
        fc.pre(ranks !== undefined);
        expect(ranks).toHaveLength(count);
        const all = [lower, ...ranks, ...(upper === undefined ? [] : [upper])];
        expect(all.slice(1).filter((rank, index) => rank <= (all[index] ?? ""))).toEqual([]);
        expect(ranks.filter((rank) => !canonicalRank.test(rank))).toEqual([]);
      }),
      runs,
    );
  });

  it("[MV5] gives none only where there is no room for all of them", () => {
    fc.assert(
      fc.property(anyGap, anyCount, anyRandom, ([lower, upper], count, random) => {
        const ranks = ranksBetween(lower, upper, count, random);
        expect(ranks === undefined).toBe(room(lower, upper) < needed * BigInt(count));
      }),
      runs,
    );
  });

  it("[MV5] leaves room for the next card between any two of them, where there is plenty", () => {
    fc.assert(
      fc.property(anyCount, anyRandom, (count, random) => {
        const ranks = ["A", ...(ranksBetween("A", "B", count, random) ?? []), "B"];
        expect(ranks).toHaveLength(count + 2);
        for (const [index, rank] of ranks.slice(1).entries())
          expect(rankBetween(ranks[index] ?? "", rank, random)).toBeDefined();
      }),
    );
  });
});
