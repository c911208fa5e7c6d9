import * as z from "zod";
import { appointmentSchema, removedSchema, type Status, statuses } from "./appointment.ts";
import { boardSchema } from "./board.ts";
import { changesSchema, diffSchema, subscribedSchema } from "./live.ts";
import { dateSchema, idSchema, versionSchema } from "./primitives.ts";
import { statsSchema } from "./stats.ts";

/** A card as a viewer, such as the TV in the customers' hall, gets it (AU6). */
export const publicAppointmentSchema = appointmentSchema
  .pick({
    id: true,
    date: true,
    version: true,
    status: true,
    rank: true,
    start: true,
    end: true,
    promisedAt: true,
    checkInAt: true,
    checkOutAt: true,
    technician: true,
    carriedFrom: true,
  })
  .extend({
    customer: z.object({ name: z.string() }),
    vehicle: z.object({ make: z.string().optional(), model: z.string().optional(), plate: z.string().optional() }),
    services: z.array(z.object({ name: z.string() })),
  })
  .register(z.globalRegistry, { id: "PublicAppointment" });
export type PublicAppointment = z.infer<typeof publicAppointmentSchema>;

export const publicOpSchema = z
  .discriminatedUnion("op", [
    z.object({ op: z.literal("upsert"), card: publicAppointmentSchema }),
    z.object({ op: z.literal("remove"), id: idSchema, version: versionSchema, movedTo: dateSchema.optional() }),
  ])
  .register(z.globalRegistry, { id: "PublicOp" });
export type PublicOp = z.infer<typeof publicOpSchema>;

const publicColumnSchema = z.object({ items: z.array(publicAppointmentSchema), count: z.int() });
const publicColumnShape = Object.fromEntries(statuses.map((status) => [status, publicColumnSchema])) as Record<
  Status,
  typeof publicColumnSchema
>;

/** The board as a viewer gets it. */
export const publicBoardSchema = boardSchema
  .extend({ columns: z.object(publicColumnShape), removed: z.array(removedSchema) })
  .register(z.globalRegistry, { id: "PublicBoard" });
export type PublicBoard = z.infer<typeof publicBoardSchema>;

/** A revision as a viewer gets it. */
export const publicDiffSchema = diffSchema
  .extend({ ops: z.array(publicOpSchema) })
  .register(z.globalRegistry, { id: "PublicDiff" });
export type PublicDiff = z.infer<typeof publicDiffSchema>;

/** The answer to a viewer's subscribe. */
export const publicSubscribedSchema = subscribedSchema
  .extend({ changes: z.array(publicDiffSchema).optional() })
  .register(z.globalRegistry, { id: "PublicSubscribed" });
export type PublicSubscribed = z.infer<typeof publicSubscribedSchema>;

/** What a viewer missed. */
export const publicChangesSchema = changesSchema
  .extend({ changes: z.array(publicDiffSchema) })
  .register(z.globalRegistry, { id: "PublicChanges" });
export type PublicChanges = z.infer<typeof publicChangesSchema>;

/** The figures as a viewer gets them: without money. */
export const publicStatsSchema = statsSchema
  .omit({ revenueCents: true, unpaidCents: true })
  .register(z.globalRegistry, { id: "PublicStats" });
export type PublicStats = z.infer<typeof publicStatsSchema>;
