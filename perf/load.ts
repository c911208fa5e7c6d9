import { setTimeout as wait } from "node:timers/promises";
import type { Target } from "./board.ts";
import { Connection, type Shot } from "./connection.ts";
import { percentile } from "./percentile.ts";

/** Latencies of one run in milliseconds, and how many requests a second it came to. */
export interface Figures {
  p50Ms: number;
  p95Ms: number;
  perSecond: number;
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
 * a third of that, or of `warmUpSeconds`. `next` makes the request of one client; with `intervalMs` a client waits for its next turn.
 */
export async function drive(
  target: Target,
  options: {
    clients: number;
    seconds: number;
    warmUpSeconds?: number;
    next: (client: number) => Shot;
    intervalMs?: number;
  },
): Promise<Figures> {
  const { clients, seconds, warmUpSeconds = seconds / 3, next, intervalMs } = options;
  const warmUntil = performance.now() + warmUpSeconds * 1000;
  const until = warmUntil + seconds * 1000;
  const latencies: number[] = [];
  let failures = 0;

  async function run(index: number): Promise<void> {
    const connection = await Connection.open(target);
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
  return figuresOf(latencies, seconds);
}
