import { limits } from "@status-board/contracts";

/** A source of numbers in [0, 1). */
export type Random = () => number;

/*
 * A rank is a fraction between 0 and 1 in base 62, written without "0." and without trailing zeros, so that two ranks
 * compare as strings just as their fractions do. A new rank is drawn at random from the room between its neighbours:
 * two people who insert at one place at one time get different ranks, and everybody sees the same order.
 */
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const base = 62n;
const digitOf = new Map([...digits].map((digit, value) => [digit, BigInt(value)]));

/** Digits that a rank has at least: room for some 200,000 cards at either end of a column before ranks grow longer. */
const shortestRank = 6;
/** Numbers that must lie free around a new rank; half of them are what chance chooses from. */
const roomNeeded = 62n ** 3n;

/** The first `length` digits of the fraction as a whole number; `""` is 0. */
function toNumber(rank: string, length: number): bigint {
  let value = 0n;
  for (let index = 0; index < length; index++) value = value * base + (digitOf.get(rank[index] ?? "0") ?? 0n);
  return value;
}

function toRank(value: bigint, length: number): string {
  let rank = "";
  let rest = value;
  for (let index = 0; index < length; index++) {
    rank = digits[Number(rest % base)] + rank;
    rest /= base;
  }
  return rank.replace(/0+$/, "");
}

function commonPrefixLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** The shortest length at which `needed` numbers lie strictly between the two, and the first of them. */
function findRoom(lower: string, upper: string | undefined, needed: bigint) {
  const start = Math.max(shortestRank, upper === undefined ? 0 : commonPrefixLength(lower, upper));
  for (let length = start; length <= limits.rankMaxCharacters; length++) {
    const first = toNumber(lower, length) + 1n;
    const end = upper === undefined ? base ** BigInt(length) : toNumber(upper, length);
    if (end - first >= needed) return { first, size: end - first, length };
  }
  return undefined;
}

const chance = (random: Random, below: bigint) => BigInt(Math.floor(random() * Number(below)));

/**
 * A rank strictly between two, `""` and undefined being the column's ends. Undefined when there is no room within
 * 128 characters, which is when neighbours have to be re-spaced (MV5). At an open end it keeps close to the neighbour,
 * so that a column filled from one side does not use up its digits.
 */
export function rankBetween(lower: string, upper: string | undefined, random: Random): string | undefined {
  const room = findRoom(lower, upper, roomNeeded);
  if (room === undefined) return undefined;
  const { first, size, length } = room;
  const nearby = roomNeeded / 2n + chance(random, roomNeeded / 2n);
  if (upper === undefined && lower !== "") return toRank(first + nearby, length);
  if (lower === "" && upper !== undefined) return toRank(first + size - 1n - nearby, length);
  return toRank(first + size / 4n + chance(random, size / 2n), length);
}

/** `count` ranks spread evenly between two, in rising order; undefined when there is no room for them. */
export function ranksBetween(
  lower: string,
  upper: string | undefined,
  count: number,
  random: Random,
): string[] | undefined {
  const room = findRoom(lower, upper, roomNeeded * BigInt(count));
  if (room === undefined) return undefined;
  const share = room.size / BigInt(count);
  return Array.from({ length: count }, (_, index) =>
    toRank(room.first + share * BigInt(index) + share / 4n + chance(random, share / 2n), room.length),
  );
}
