import * as z from "zod";
import { instantSchema } from "./primitives.ts";

export const healthSchema = z
  .object({ status: z.literal("up"), version: z.string(), time: instantSchema })
  .register(z.globalRegistry, { id: "Health" });
export type Health = z.infer<typeof healthSchema>;

/** What the owner of a server on a machine of its own should look at; its log says more. */
export const readinessWarnings = ["disk_low", "backup_failed", "backup_old", "clock_changed"] as const;

/** The optional fields come from a server that keeps its data itself. */
export const readinessSchema = z
  .object({
    status: z.literal("ready"),
    time: instantSchema,
    backupAgeSeconds: z.int().nonnegative().optional(),
    diskFreeBytes: z.int().nonnegative().optional(),
    warnings: z.array(z.enum(readinessWarnings)).max(readinessWarnings.length).optional(),
  })
  .register(z.globalRegistry, { id: "Readiness" });
export type Readiness = z.infer<typeof readinessSchema>;
