import { createHash } from "node:crypto";

/** Choices that look random and are always the same for one seed. */
export interface Choices {
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
}

/** A small generator (mulberry32) whose sequence the seed decides. */
export function choicesFor(seed: string): Choices {
  let state = createHash("sha256").update(seed).digest().readUInt32LE(0);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (list) => {
      const chosen = list[Math.floor(next() * list.length)];
      if (chosen === undefined) throw new Error("there is nothing to choose from");
      return chosen;
    },
    chance: (probability) => next() < probability,
  };
}

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function toBase32(value: bigint, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest /= 32n) text = crockford.charAt(Number(rest % 32n)) + text;
  return text;
}

/** A ULID of that moment whose random part is the hash of `name`, so that one name always gets the same id. */
export function ulidFor(name: string, timeMs: number): string {
  const hash = createHash("sha256").update(name).digest("hex");
  return toBase32(BigInt(timeMs), 10) + toBase32(BigInt(`0x${hash.slice(0, 20)}`), 16);
}
