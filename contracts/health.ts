import * as z from "zod";
import { instantSchema } from "./primitives.ts";

export const healthSchema = z
  .object({ status: z.literal("up"), version: z.string(), time: instantSchema })
  .meta({ id: "Health" });
export type Health = z.infer<typeof healthSchema>;

export const readinessSchema = z.object({ status: z.literal("ready"), time: instantSchema }).meta({ id: "Readiness" });
export type Readiness = z.infer<typeof readinessSchema>;
