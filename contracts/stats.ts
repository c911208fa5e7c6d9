import * as z from "zod";
import { statuses } from "./appointment.ts";
import { dateSchema } from "./primitives.ts";

/** A board in figures (ST1). Money is in integer cents; `averageCycleMinutes` is null while nothing is completed. */
export const statsSchema = z
  .object({
    date: dateSchema,
    jobsToday: z.int().meta({ description: "all cards but no_show" }),
    onPrem: z.int().meta({ description: "in_progress and ready" }),
    statusCounts: z.record(z.enum(statuses), z.int()),
    late: z.int().meta({ description: "scheduled or in_progress whose promised time has passed" }),
    revenueCents: z.int().meta({ description: "totalCents of completed" }),
    unpaidCents: z.int().meta({ description: "sum of max(0, total - paid) over all but no_show" }),
    averageCycleMinutes: z
      .int()
      .nullable()
      .meta({ description: "mean of checkOutAt - checkInAt over completed, rounded" }),
  })
  .register(z.globalRegistry, { id: "Stats" });
export type Stats = z.infer<typeof statsSchema>;

export const statsQuerySchema = z.strictObject({ date: dateSchema });
