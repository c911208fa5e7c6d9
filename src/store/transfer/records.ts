import {
  appointmentSchema,
  dateSchema,
  historyItemSchema,
  idSchema,
  instantSchema,
  limits,
  namedSchema,
  serviceSchema,
  shopIdSchema,
  shopSchema,
  versionSchema,
} from "@status-board/contracts";
import * as z from "zod";
import type { StoredAppointment } from "../../domain/appointment.ts";

/** The version of the lines below. It rises when an older program could not read them any more. */
export const transferVersion = 1;
const format = "status-board-export";

/** Visible characters: a table keeps them side by side with spaces in between. */
const wordSchema = z.string().regex(/^[!-~]{1,80}$/);

const memorySchema = z
  .array(z.strictObject({ id: wordSchema, hash: wordSchema, version: versionSchema }))
  .max(limits.mutationsRemembered);

/** A rank is a part of a key in DynamoDB, and is compared character by character. */
const rankPattern = new RegExp(`^[0-9A-Za-z]{1,${limits.rankMaxCharacters}}$`);
const placedSchema = appointmentSchema.refine(({ rank }) => rankPattern.test(rank), { path: ["rank"] });

const cardSchema = z.strictObject({ kind: z.literal("card"), card: placedSchema, memory: memorySchema });
const tombstoneSchema = z.strictObject({
  kind: z.literal("tombstone"),
  id: idSchema,
  date: dateSchema,
  version: versionSchema,
  at: instantSchema,
  by: namedSchema,
  movedTo: dateSchema.optional(),
  expiresAt: instantSchema,
  memory: memorySchema,
});

/** The first line. */
export const headerSchema = z.strictObject({
  format: z.literal(format),
  version: z.literal(transferVersion),
  shop: shopIdSchema,
  exportedAt: instantSchema,
});
export type TransferHeader = z.infer<typeof headerSchema>;

/** What the version of a file stands in, whichever it is. */
export const anyHeaderSchema = z.object({ format: z.literal(format), version: z.int().positive() });

/** Every line between the first and the last. */
export const recordSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("shop"),
    item: z.strictObject({ shop: shopSchema, memory: memorySchema }),
    carriedThrough: dateSchema,
  }),
  z.strictObject({
    kind: z.literal("service"),
    item: z.strictObject({ service: serviceSchema, memory: memorySchema, removedUntil: instantSchema.optional() }),
  }),
  z.strictObject({ kind: z.literal("appointment"), item: z.discriminatedUnion("kind", [cardSchema, tombstoneSchema]) }),
  z.strictObject({
    kind: z.literal("pointer"),
    id: idSchema,
    date: dateSchema,
    hash: wordSchema,
    removed: z.boolean(),
  }),
  z.strictObject({ kind: z.literal("history"), id: idSchema, item: historyItemSchema }),
]);
/** One thing that a shop is made of. */
export type TransferRecord = z.infer<typeof recordSchema>;

/** The last line, without which a file is torn. */
export const endSchema = z.strictObject({ kind: z.literal("end"), records: z.int().nonnegative() });

/** An item as a file takes it along: the way back of a move, which lasts a minute, stays behind. */
export function appointmentRecord(item: StoredAppointment): TransferRecord {
  if (item.kind === "tombstone") return { kind: "appointment", item: { ...item, memory: [...item.memory] } };
  return { kind: "appointment", item: { kind: "card", card: item.card, memory: [...item.memory] } };
}

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

/** The lines of a file, one after another; nothing but the one at hand is kept. */
export async function* linesOf(
  header: Pick<TransferHeader, "shop" | "exportedAt">,
  records: Iterable<TransferRecord> | AsyncIterable<TransferRecord>,
): AsyncGenerator<string> {
  yield lineOf({ format, version: transferVersion, ...header });
  let count = 0;
  for await (const record of records) {
    count++;
    yield lineOf(record);
  }
  yield lineOf({ kind: "end", records: count });
}
