import type { Random } from "../../src/domain/rank.ts";
import { StoreUnavailable } from "../../src/store/store.ts";

/** Something that runs until it is killed: a publisher, or the server that answers requests. */
export interface Process {
  isAlive: boolean;
}

export const start = (): Process => ({ isAlive: true });

/** Simulated time: everything that is under way waits here, and chance decides what happens next. */
export interface Simulation {
  random: Random;
  chance: (probability: number) => boolean;
  below: (count: number) => number;
  pick: <T>(from: readonly T[]) => T;
  now: () => Date;
  /** Happens some time later. */
  later: (action: () => void) => void;
  /**
   * Asks the database for something on behalf of a process. A kill can fall before it is done, after that but before the
   * answer, or after the answer; and the database may answer that it is unavailable whether it did it or not.
   */
  ask: <T>(process: Process, action: () => T) => Promise<T>;
  /** Resolves after so many other things. */
  linger: (things: number) => Promise<void>;
  /** Lets up to `count` things happen; without one, all, and whatever follows from them. */
  run: (count?: number) => Promise<void>;
  /** The database goes down: of what it was asked and has not done, nothing will be done. */
  goDown: () => void;
  faults: { unavailable: number };
}

const opening = Date.parse("2031-03-03T08:00:00.000Z");
const thingsMax = 20_000;

/** All promises settle that need nothing further. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The same seed leads to the same course of things. */
export function simulate(seed: number, unavailable: number): Simulation {
  const random = mulberry32(seed);
  const waiting: (() => void)[] = [];
  const faults = { unavailable };
  let happened = 0;
  let lives = 0;

  const chance = (probability: number) => random() < probability;
  const below = (count: number) => Math.floor(random() * count);
  const later = (action: () => void) => void waiting.push(action);
  const pick = <T>(from: readonly T[]): T => {
    const found = from[below(from.length)];
    if (found === undefined) throw new Error("there is nothing to pick from");
    return found;
  };

  function ask<T>(process: Process, action: () => T): Promise<T> {
    const life = lives;
    return new Promise((resolve, reject) => {
      const answer = (settle: () => void) => later(() => process.isAlive && settle());
      const refuse = () => answer(() => reject(new StoreUnavailable("in this model")));
      later(() => {
        if (!process.isAlive && (life < lives || chance(0.5))) return;
        if (chance(faults.unavailable)) return refuse();
        const value = action();
        if (chance(faults.unavailable)) return refuse();
        answer(() => resolve(value));
      });
    });
  }

  async function linger(things: number): Promise<void> {
    for (let left = things; left > 0; left--) await new Promise<void>((resolve) => later(resolve));
  }

  async function run(count = Number.POSITIVE_INFINITY): Promise<void> {
    await settled();
    for (let left = count; left > 0 && waiting.length > 0; left--) {
      const index = below(waiting.length);
      const next = waiting[index];
      const last = waiting.pop();
      if (index < waiting.length && last !== undefined) waiting[index] = last;
      if (++happened > thingsMax) throw new Error("it never comes to rest");
      next?.();
      await settled();
    }
  }

  return {
    random,
    chance,
    below,
    pick,
    now: () => new Date(opening + happened),
    later,
    ask,
    linger,
    run,
    goDown: () => void lives++,
    faults,
  };
}

/** https://gist.github.com/tommyettinger/46a874533244883189143505d203312c: small, fast, and good enough for chance. */
function mulberry32(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
