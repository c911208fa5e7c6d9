import { limits } from "@status-board/contracts";
import fc from "fast-check";
import type { Random } from "../rank.ts";
import { seededRandom } from "./seeded-random.ts";

export const rankDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A rank as the product makes them: canonical, so without a trailing zero. */
export const canonicalRank = /^[0-9A-Za-z]{0,127}[1-9A-Za-z]$/;

const digits = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom(...rankDigits), { minLength, maxLength }).map((list) => list.join(""));
const lastDigit = fc.constantFrom(...rankDigits.slice(1));

const canonical = (text: string) => text.slice(0, limits.rankMaxCharacters).replace(/0+$/, "") || "V";

/** Ranks of any length, often with much in common, so that little or no room is between two of them. */
export const anyRank: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(digits(0, 8), lastDigit).map((parts) => parts.join("")),
  fc.tuple(digits(127, 127), lastDigit).map((parts) => parts.join("")),
  fc
    .tuple(fc.constantFrom("0".repeat(124), "V".repeat(124), "z".repeat(124)), digits(4, 4))
    .map((p) => canonical(p.join(""))),
  fc
    .tuple(fc.constantFrom("V", "Vz", "0"), fc.nat(126), lastDigit)
    .map(([start, zeros, last]) => canonical(start + "0".repeat(zeros) + last)),
);

/** Any source of chance, its ends included. */
export const anyRandom: fc.Arbitrary<Random> = fc.oneof(
  fc.constantFrom(0, 0.5, 1 - 2 ** -53).map((value) => () => value),
  fc.integer().map((seed) => seededRandom(seed)),
);

/** A rank as a whole number of its smallest possible steps: another way to compute than the product's. */
export function steps(rank: string): bigint {
  return [...rank.padEnd(limits.rankMaxCharacters, "0")].reduce(
    (value, digit) => value * 62n + BigInt(rankDigits.indexOf(digit)),
    0n,
  );
}

export const stepsInAll = 62n ** BigInt(limits.rankMaxCharacters);

/** The rank that many smallest steps from the column's start. */
export function rankAt(value: bigint): string {
  let rank = "";
  for (let rest = value; rank.length < limits.rankMaxCharacters; rest /= 62n)
    rank = (rankDigits[Number(rest % 62n)] ?? "") + rank;
  return rank.replace(/0+$/, "");
}
