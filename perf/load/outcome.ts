import * as z from "zod";

export const operations = ["board", "stats", "move"] as const;
export type Operation = (typeof operations)[number];

const statistics = ["p95", "share", "count", "max"] as const;

export const sloSchema = z.object({
  id: z.string(),
  name: z.string(),
  metric: z.string(),
  statistic: z.enum(statistics),
  target: z.number(),
  unit: z.string(),
  /** The profiles in which it is measured; absent: in all. */
  profiles: z.array(z.string()).optional(),
});
export type Slo = z.infer<typeof sloSchema>;

const p = z.number().nullable();
const sloResultSchema = sloSchema.extend({ measured: p, met: z.boolean() });

/** Latencies of one operation in one slice of the run, in milliseconds. */
const sliceSchema = z.object({ second: z.number(), operation: z.enum(operations), count: z.int(), p50: p, p95: p });
export type Slice = z.infer<typeof sliceSchema>;

/** What a run came to, the same for both tools; summary.json. */
export const summarySchema = z.object({
  tool: z.enum(["k6", "artillery"]),
  profile: z.string(),
  url: z.string(),
  startedAt: z.string(),
  seconds: z.number(),
  requests: z.int(),
  conflicts: z.int(),
  slos: z.array(sloResultSchema),
  slices: z.array(sliceSchema),
});
export type Summary = z.infer<typeof summarySchema>;

/** What a tool measured, before it is judged. */
export interface Measured {
  seconds: number;
  requests: number;
  conflicts: number;
  /** By metric and statistic, e.g. `board_ms p95`; a share is in percent. */
  values: ReadonlyMap<string, number>;
  slices: Slice[];
}

/** Holds what was measured against its targets. What was not measured at all is not met. */
export function judge(slos: readonly Slo[], profile: string, { values }: Measured): Summary["slos"] {
  return slos
    .filter(({ profiles }) => profiles === undefined || profiles.includes(profile))
    .map((slo) => {
      const measured = values.get(`${slo.metric} ${slo.statistic}`) ?? null;
      const met = measured !== null && (slo.unit === "%" ? measured < slo.target : measured <= slo.target);
      return { ...slo, measured, met };
    });
}
