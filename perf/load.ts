import { setTimeout as wait } from "node:timers/promises";
import type { Target } from "./board.ts";
import { Connection, type Sender, type Shot } from "./connection.ts";
import { percentile } from "./percentile.ts";

/** Latencies of one run in milliseconds, and how many requests a second it came to. */
export interface Figures {
  p50Ms: number;
  p95Ms: number;
  perSecond: number;
}

/** Measures for so many seconds, and gives the latency of each thing done in milliseconds. */
export type Slice = (seconds: number) => number[] | Promise<number[]>;

const rounds = 4;
/** What a slice has left to do, which is books and a log to be copied, is done before the next begins: it would be the other's loss. */
const settleMs = 1_000;

/**
 * V8 takes several seconds of full load until what answers a request is compiled, in a thread that competes with the server for
 * two cores; a board runs for weeks. The floor gets as long.
 */
const warmUpSeconds = 8;

/** Does each for as long as that takes, and forgets what it took. */
export async function warmUp(slices: Readonly<Record<string, Slice>>): Promise<void> {
  for (const slice of Object.values(slices)) await slice(warmUpSeconds);
}

/**
 * Measures several things for so many seconds each, a slice of every one by turns and each round in the other order, so that a slow
 * moment of the machine is everybody's.
 */
export async function byTurns<Name extends string>(
  seconds: number,
  slices: Readonly<Record<Name, Slice>>,
): Promise<Record<Name, Figures>> {
  const measured = Object.entries<Slice>(slices).map(([name, slice]) => ({ name, slice, latencies: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { slice, latencies } of measured) {
      for (const latency of await slice(seconds / rounds)) latencies.push(latency);
      await wait(settleMs);
    }
    measured.reverse();
  }
  const figures = measured.map(({ name, latencies }) => [name, figuresOf(latencies, seconds)]);
  return Object.fromEntries(figures) as Record<Name, Figures>;
}

export function figuresOf(latencies: number[], seconds: number): Figures {
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    p50Ms: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    perSecond: latencies.length / seconds,
  };
}

/**
 * Clients that each send one request after the other over a connection of their own, for `seconds` after a warm-up of
 * a third of that; gives their latencies in milliseconds. `next` makes the request of one client; with `intervalMs` a client
 * waits for its next turn. They read of an answer no more than they must, unless `open` gives them more to do it with.
 */
export async function drive(
  target: Target,
  options: {
    clients: number;
    seconds: number;
    next: (client: number) => Shot;
    intervalMs?: number;
    open?: (target: Target) => Promise<Sender>;
  },
): Promise<number[]> {
  const { clients, seconds, next, intervalMs, open = Connection.open } = options;
  const warmUntil = performance.now() + (seconds * 1000) / 3;
  const until = warmUntil + seconds * 1000;
  const latencies: number[] = [];
  let failures = 0;

  async function run(index: number): Promise<void> {
    const connection = await open(target);
    for (let startedAt = performance.now(); startedAt < until; startedAt = performance.now()) {
      const status = await connection.send(next(index));
      if (status >= 300) failures++;
      if (startedAt >= warmUntil) latencies.push(performance.now() - startedAt);
      const restMs = (intervalMs ?? 0) - (performance.now() - startedAt);
      if (restMs > 0) await wait(restMs);
    }
    connection.close();
  }

  await Promise.all(Array.from({ length: clients }, (_, index) => run(index)));
  // A refusal is quicker than an answer: figures with any would flatter.
  if (failures > 0) throw new Error(`${failures} of ${latencies.length} requests were refused`);
  return latencies;
}
