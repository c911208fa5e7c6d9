import * as z from "zod";
import { appointmentSchema, removedSchema, type Status, statuses } from "./appointment.ts";
import { dateSchema, idSchema } from "./primitives.ts";

const columnSchema = z.object({ items: z.array(appointmentSchema), count: z.int() });

const columnShape = Object.fromEntries(statuses.map((status) => [status, columnSchema])) as Record<
  Status,
  typeof columnSchema
>;

/**
 * One day of one shop. `epoch` names the life of the database and `rev` the newest published change of this board, so
 * (epoch, rev) says how fresh the snapshot is. Items stand by rank, then id. `removed` are the board's tombstones.
 */
export const boardSchema = z
  .object({
    date: dateSchema,
    epoch: z.string(),
    rev: z.int().min(0),
    columns: z.object(columnShape),
    removed: z.array(removedSchema),
  })
  .register(z.globalRegistry, { id: "Board" });
export type Board = z.infer<typeof boardSchema>;

export const boardQuerySchema = z.strictObject({ date: dateSchema, technicianId: idSchema.optional() });
export type BoardQuery = z.infer<typeof boardQuerySchema>;
