import * as z from "zod";
import { percentile } from "../percentile.ts";
import { type Measured, operations, type Slice } from "./outcome.ts";

const valuesSchema = z.record(z.string(), z.number());
const summarySchema = z.object({
  state: z.object({ testRunDurationMs: z.number() }),
  metrics: z.record(z.string(), z.object({ values: valuesSchema })),
});

/** k6's names of what an SLO asks for, and by how much to multiply it. */
const statistics = [
  ["p95", "p(95)", 1],
  ["max", "max", 1],
  ["count", "count", 1],
  ["share", "rate", 100],
] as const;

const sliceCount = 60;

/** The latencies of a log with a line for each request, `MS OPERATION STATUS LATENCY`, in slices of the run. */
export function slicesOf(log: string): Slice[] {
  const samples: { ms: number; operation: string; latencyMs: number }[] = [];
  for (const [, ms, operation = "", latency] of log.matchAll(/^(\d+) (\w+) \d+ ([\d.]+)$/gm))
    samples.push({ ms: Number(ms), operation, latencyMs: Number(latency) });
  const lengthMs = Math.max(1_000, Math.ceil(samples.reduce((end, { ms }) => Math.max(end, ms), 0) / sliceCount));
  return operations.flatMap((operation) => {
    const slices = new Map<number, number[]>();
    for (const sample of samples) {
      if (sample.operation !== operation) continue;
      const index = Math.floor(sample.ms / lengthMs);
      slices.set(index, [...(slices.get(index) ?? []), sample.latencyMs]);
    }
    return [...slices].map(([index, latencies]) => {
      const sorted = latencies.toSorted((a, b) => a - b);
      const second = Math.round((index * lengthMs) / 100) / 10;
      return { second, operation, count: sorted.length, p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) };
    });
  });
}

/** What k6 measured, from its summary and its log. */
export function readK6(summary: unknown, log: string): Measured {
  const { state, metrics } = summarySchema.parse(summary);
  const values = new Map<string, number>();
  for (const [metric, { values: given }] of Object.entries(metrics))
    for (const [statistic, name, factor] of statistics)
      if (given[name] !== undefined && given.count !== 0) values.set(`${metric} ${statistic}`, given[name] * factor);
      else if (statistic === "count" && given.count === 0) values.set(`${metric} count`, 0);
  return {
    seconds: state.testRunDurationMs / 1_000,
    requests: metrics.http_reqs?.values.count ?? 0,
    conflicts: metrics.conflicts?.values.count ?? 0,
    values,
    slices: slicesOf(log),
  };
}
