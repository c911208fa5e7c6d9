import * as z from "zod";
import type { StoredAppointment } from "../../domain/appointment.ts";
import { defined } from "../../domain/outcome.ts";
import type { FeedItem } from "../../live/ports.ts";
import type { Item } from "./attributes.ts";
import { readStored } from "./card-item.ts";
import { cardOfKey } from "./keys.ts";

const textSchema = z.object({ S: z.string() });

/** What is read of any record. Only whose item it tells of must be in it. */
const recordSchema = z.object({
  eventName: z.string().catch(""),
  dynamodb: z.object({
    SequenceNumber: z.string().catch(""),
    Keys: z.object({ pk: textSchema, sk: textSchema }),
    OldImage: z.unknown().optional(),
    NewImage: z.unknown().optional(),
  }),
});

const positionSchema = z.object({ dynamodb: z.object({ SequenceNumber: z.string() }) });

/** The kinds of value that items here are made of. */
const valueSchema = z.union([
  textSchema,
  z.object({ N: z.string() }),
  z.object({ BOOL: z.boolean() }),
  z.object({ NULL: z.literal(true) }),
]);
const imageSchema = z.record(z.string(), valueSchema);

const positionOf = (record: unknown): string => positionSchema.safeParse(record).data?.dynamodb.SequenceNumber ?? "";

/** An item as it was, if the record shows one. Throws when that is no card and no tombstone. */
function readImage(image: unknown, keys: Item): StoredAppointment | undefined {
  return image === undefined || image === null ? undefined : readStored({ ...imageSchema.parse(image), ...keys });
}

/**
 * Reads one record of the board table's stream, which is the same JSON in a function's event and in the stream's own API,
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html. Undefined for what is no change
 * of a board. The expiry of a tombstone is a change without `after` (CA6).
 */
export function readStreamRecord(record: unknown): FeedItem | undefined {
  const parsed = recordSchema.safeParse(record);
  if (!parsed.success)
    return { kind: "unreadable", position: positionOf(record), reason: "the record does not say what it is about" };
  const { eventName, dynamodb } = parsed.data;
  const { SequenceNumber: position, Keys: keys, OldImage, NewImage } = dynamodb;
  const place = cardOfKey({ pk: keys.pk.S, sk: keys.sk.S });
  if (place === undefined) return undefined;
  const { shopId, date } = place;
  const unreadable = (reason: string): FeedItem => ({ kind: "unreadable", position, reason, board: { shopId, date } });
  if (position === "") return unreadable("the record has no sequence number");
  const isThere = NewImage !== undefined && NewImage !== null;
  if (isThere !== (eventName !== "REMOVE")) return unreadable("the record lacks the item's new image");
  try {
    const [before, after] = [readImage(OldImage, keys), readImage(NewImage, keys)];
    return { kind: "change", change: defined({ ...place, before, after, position }) };
  } catch {
    // The parser's own words would quote the card, and with it the customer.
    return unreadable("the record's images are not those of a card");
  }
}
