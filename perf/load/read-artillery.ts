import * as z from "zod";
import { type Measured, operations, type Slice } from "./outcome.ts";

const histogramSchema = z.object({ count: z.number(), max: z.number(), p50: z.number(), p95: z.number() });
const periodSchema = z.object({
  counters: z.record(z.string(), z.number()),
  summaries: z.record(z.string(), histogramSchema),
  firstMetricAt: z.number(),
  lastMetricAt: z.number(),
});
const reportSchema = z.object({ aggregate: periodSchema, intermediate: z.array(periodSchema) });

/** What Artillery measured, from its report. Requests that fail before any answer are among its own counters. */
export function readArtillery(report: unknown): Measured {
  const { aggregate, intermediate } = reportSchema.parse(report);
  const { counters, summaries, firstMetricAt, lastMetricAt } = aggregate;
  const values = new Map<string, number>();
  for (const [metric, { p95, max, count }] of Object.entries(summaries))
    if (count > 0) values.set(`${metric} p95`, p95).set(`${metric} max`, max);
  const requests = counters["http.requests"] ?? 0;
  const broken = Object.entries(counters).filter(([name]) => name.startsWith("errors."));
  const errors = (counters.errors ?? 0) + broken.reduce((sum, [, times]) => sum + times, 0);
  if (requests > 0) values.set("errors share", (errors / requests) * 100);
  // Counted from 0 by the first screen: a run without any screen has no figure.
  if (counters.screens !== undefined) values.set("lost_pushes count", counters.lost_pushes ?? 0);
  values.set("dropped_iterations count", counters["vusers.skipped"] ?? 0);
  const slices = intermediate
    .toSorted((a, b) => a.firstMetricAt - b.firstMetricAt)
    .flatMap((period) =>
      operations.flatMap((operation): Slice[] => {
        const histogram = period.summaries[`${operation}_ms`];
        const second = Math.round((period.firstMetricAt - firstMetricAt) / 1_000);
        return histogram ? [{ second, operation, count: histogram.count, p50: histogram.p50, p95: histogram.p95 }] : [];
      }),
    );
  const seconds = (lastMetricAt - firstMetricAt) / 1_000;
  return { seconds, requests, conflicts: counters.conflicts ?? 0, values, slices };
}
