import { type Appointment, type HistoryItem, isCorrection, type Op } from "@status-board/contracts";
import { type StoredAppointment, system } from "./appointment.ts";
import { defined } from "./outcome.ts";

/** What a line of history needs of an item as it was: whether there was a card, and where it stood. */
export type Former = { kind: "card"; card: Pick<Appointment, "status" | "rank"> } | { kind: "tombstone" };

/** An item as a change keeps it of the time before. */
export function formerOf(item: StoredAppointment): Former {
  if (item.kind === "tombstone") return { kind: "tombstone" };
  const { status, rank } = item.card;
  return { kind: "card", card: { status, rank } };
}

/** One committed write to one item of a board, as the store's feed tells it. Neither side: the item was not there. */
export interface Change {
  shopId: string;
  date: string;
  id: string;
  before?: Former;
  after?: StoredAppointment;
  /** Where the feed tells of it, in the feed's own terms. */
  position: string;
}

const versionOf = (item: StoredAppointment | undefined): number =>
  item?.kind === "card" ? item.card.version : (item?.version ?? 0);

/** When the write was made; undefined for an expiry, which is no change (CA6). */
export const writtenAt = ({ after }: Change): string | undefined =>
  after?.kind === "card" ? after.card.updatedAt : after?.at;

/** What the write means to a screen; undefined for an expiry. */
export function opOf({ after }: Change): Op | undefined {
  if (after === undefined) return undefined;
  if (after.kind === "card") return { op: "upsert", card: after.card };
  const { id, version, by, movedTo } = after;
  return defined({ op: "remove" as const, id, version, by, movedTo });
}

/** The last change of each card of one board, whatever the order in which they came; expiries are left out. */
export function foldChanges(changes: readonly Change[]): Change[] {
  const newest = new Map<string, Change>();
  for (const change of changes) {
    if (change.after === undefined) continue;
    const known = newest.get(change.id);
    if (known === undefined || versionOf(known.after) < versionOf(change.after)) newest.set(change.id, change);
  }
  return [...newest.values()];
}

/**
 * The line that a change writes into its card's history; undefined for an expiry, and for the arrival of a card from
 * another day, which its departure tells of.
 */
export function historyOf({ before, after }: Change): HistoryItem | undefined {
  if (after === undefined) return undefined;
  if (after.kind === "tombstone") {
    const { version, at, by, date, movedTo } = after;
    if (movedTo === undefined) return { version, at, by, change: "removed" };
    return { version, at, by, change: by.id === system.id ? "carried" : "rescheduled", from: date, to: movedTo };
  }
  const { version, updatedAt: at, updatedBy: by, status, rank } = after.card;
  if (version === 1) return { version, at, by, change: "created" };
  if (before?.kind !== "card") return undefined;
  const { status: from, rank: formerRank } = before.card;
  const newest = after.memory[0];
  const undone = newest?.version === version && newest.id.startsWith("undo:");
  if (undone) return { version, at, by, change: "undone", from, to: status };
  if (from !== status)
    return { version, at, by, change: isCorrection(from, status) ? "corrected" : "moved", from, to: status };
  if (formerRank === rank) return { version, at, by, change: "edited" };
  return { version, at, by, change: by.id === system.id ? "respaced" : "reordered" };
}
