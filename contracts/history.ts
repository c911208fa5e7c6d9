import * as z from "zod";
import { statusSchema } from "./appointment.ts";
import { dateSchema, instantSchema, namedSchema, versionSchema } from "./primitives.ts";

export const historyChanges = [
  "created",
  "edited",
  "moved",
  "corrected",
  "reordered",
  "undone",
  "rescheduled",
  "carried",
  "respaced",
  "removed",
] as const;

/** One version of a card: what happened, by whom, and between which columns or days. */
export const historyItemSchema = z
  .object({
    version: versionSchema,
    at: instantSchema,
    by: namedSchema,
    change: z.enum(historyChanges),
    from: z.union([statusSchema, dateSchema]).optional(),
    to: z.union([statusSchema, dateSchema]).optional(),
  })
  .register(z.globalRegistry, { id: "HistoryItem" });
export type HistoryItem = z.infer<typeof historyItemSchema>;

/** A card's history, oldest first. It may trail the newest change by the feed's delay. */
export const historySchema = z
  .object({ items: z.array(historyItemSchema) })
  .register(z.globalRegistry, { id: "History" });
export type History = z.infer<typeof historySchema>;
