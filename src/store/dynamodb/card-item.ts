import {
  type Appointment,
  appointmentSchema,
  dateSchema,
  instantSchema,
  namedSchema,
  statusSchema,
} from "@status-board/contracts";
import * as z from "zod";
import type { StoredAppointment, StoredCard, Tombstone, UndoRecord } from "../../domain/appointment.ts";
import { defined } from "../../domain/outcome.ts";
import {
  expiryItem,
  type Item,
  json,
  keyItem,
  memoryItem,
  number,
  readMemory,
  readText,
  requireJson,
  requireNumber,
  requireText,
  text,
} from "./attributes.ts";
import { cardIdOf, cardKey, dateOf, placeOf } from "./keys.ts";

/**
 * What no move touches travels as one JSON string: attribute maps would cost a board read three times as much. What a
 * move changes or asks about has an attribute of its own.
 */
const detailsSchema = appointmentSchema.pick({
  start: true,
  end: true,
  promisedAt: true,
  customer: true,
  vehicle: true,
  services: true,
  technician: true,
  notes: true,
  totalCents: true,
  paidCents: true,
  carriedFrom: true,
});

/** The status of a tombstone; no write's condition lets it pass (CA6). */
export const removedStatus = "removed";

const tombstoneDetailsSchema = z.object({
  at: instantSchema,
  by: namedSchema,
  movedTo: dateSchema.optional(),
  expiresAt: instantSchema,
});

/** A card as an item. Its way back is not written: only a move makes one, and any other write ends it (MV7). */
export function cardItem(shopId: string, { card, memory }: StoredCard): Item {
  const { id, date, version, status, rank, checkInAt, checkOutAt, createdAt, updatedAt, updatedBy, ...details } = card;
  return {
    ...keyItem(cardKey(shopId, date, id)),
    place: text(placeOf(status, rank, id)),
    version: number(version),
    status: text(status),
    rank: text(rank),
    ...(checkInAt !== undefined && { checkInAt: text(checkInAt) }),
    ...(checkOutAt !== undefined && { checkOutAt: text(checkOutAt) }),
    createdAt: text(createdAt),
    updatedAt: text(updatedAt),
    updatedBy: json(updatedBy),
    details: json(details),
    ...memoryItem(memory),
    // Always there, so that a re-spacing can add to it without knowing whether there is a way back.
    undoVersion: number(0),
  };
}

/** A tombstone as an item: it stands on the board like a card, in a column that nobody sees. */
export function tombstoneItem(shopId: string, tombstone: Tombstone): Item {
  const { id, date, version, at, by, movedTo, expiresAt, memory } = tombstone;
  return {
    ...keyItem(cardKey(shopId, date, id)),
    place: text(placeOf(removedStatus, "", id)),
    version: number(version),
    status: text(removedStatus),
    details: json({ at, by, movedTo, expiresAt }),
    ...expiryItem(expiresAt),
    ...memoryItem(memory),
  };
}

/** What {@link readCard} needs, and what tells a tombstone: all but the memory and the way back. */
export const cardProjection = {
  ProjectionExpression:
    "pk, sk, place, version, #status, #rank, details, checkInAt, checkOutAt, createdAt, updatedAt, updatedBy, expiresAt",
  ExpressionAttributeNames: { "#status": "status", "#rank": "rank" },
};

/** The card of an item that is one. */
export function readCard(item: Item): Appointment {
  return defined({
    id: cardIdOf(requireText(item, "sk")),
    date: dateOf(requireText(item, "pk")),
    version: requireNumber(item, "version"),
    status: statusSchema.parse(requireText(item, "status")),
    rank: requireText(item, "rank"),
    ...detailsSchema.parse(requireJson(item, "details")),
    checkInAt: readText(item, "checkInAt"),
    checkOutAt: readText(item, "checkOutAt"),
    createdAt: requireText(item, "createdAt"),
    updatedAt: requireText(item, "updatedAt"),
    updatedBy: namedSchema.parse(requireJson(item, "updatedBy")),
  });
}

function readUndo(item: Item): UndoRecord | undefined {
  // Read as it stands: "-" is nothing everywhere else, but here it could be somebody's mutation id.
  const mutationId = item.undoMutation?.S;
  if (mutationId === undefined) return undefined;
  return defined({
    mutationId,
    version: requireNumber(item, "undoVersion"),
    at: requireText(item, "undoAt"),
    by: requireText(item, "undoBy"),
    status: statusSchema.parse(requireText(item, "previousStatus")),
    rank: requireText(item, "previousRank"),
    checkInAt: readText(item, "previousCheckInAt"),
    checkOutAt: readText(item, "previousCheckOutAt"),
  });
}

/** True for what is left of a removed card. */
export const isTombstone = (item: Item): boolean => item.status?.S === removedStatus;

function readTombstone(item: Item): Tombstone {
  return defined({
    kind: "tombstone" as const,
    id: cardIdOf(requireText(item, "sk")),
    date: dateOf(requireText(item, "pk")),
    version: requireNumber(item, "version"),
    ...tombstoneDetailsSchema.parse(requireJson(item, "details")),
    memory: readMemory(item),
  });
}

/** A card or tombstone with all that the server knows of it. */
export function readStored(item: Item): StoredAppointment {
  if (isTombstone(item)) return readTombstone(item);
  return defined({ kind: "card" as const, card: readCard(item), memory: readMemory(item), undo: readUndo(item) });
}
