import { Client } from "undici";

/** Latencies of one run in milliseconds, and how many requests a second it came to. */
export interface Figures {
  p50Ms: number;
  p95Ms: number;
  perSecond: number;
  failures: number;
}

/** One request, made anew each time; `answered` hears what came of it. */
export interface Shot {
  method: "GET" | "POST";
  path: string;
  body?: string;
  answered?: (body: string) => void;
}

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function figuresOf(latencies: number[], seconds: number, failures: number): Figures {
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    p50Ms: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    perSecond: latencies.length / seconds,
    failures,
  };
}

/**
 * Clients that each send one request after the other over a connection of their own, for `seconds` after a warm-up of
 * a third of that. `next` makes the request of one client; with `intervalMs` a client waits for its next turn.
 */
export async function drive(
  url: string,
  options: { clients: number; seconds: number; next: (client: number) => Shot; intervalMs?: number },
): Promise<Figures> {
  const { clients, seconds, next, intervalMs } = options;
  const warmUntil = performance.now() + (seconds * 1000) / 3;
  const until = warmUntil + seconds * 1000;
  const latencies: number[] = [];
  let failures = 0;

  async function run(index: number): Promise<void> {
    const client = new Client(url, { pipelining: 1 });
    for (let startedAt = performance.now(); startedAt < until; startedAt = performance.now()) {
      const { method, path, body, answered } = next(index);
      const headers = body === undefined ? {} : { "content-type": "application/json" };
      const response = await client.request({ method, path, headers, body: body ?? null });
      if (answered) answered(await response.body.text());
      else await response.body.arrayBuffer();
      if (response.statusCode >= 300) failures++;
      if (startedAt >= warmUntil) latencies.push(performance.now() - startedAt);
      const restMs = (intervalMs ?? 0) - (performance.now() - startedAt);
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    }
    await client.close();
  }

  await Promise.all(Array.from({ length: clients }, (_, index) => run(index)));
  return figuresOf(latencies, seconds, failures);
}
