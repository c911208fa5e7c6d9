import type { DatabaseSync } from "node:sqlite";
import type { StoredAppointment } from "../../domain/appointment.ts";
import { type Change, formerOf } from "../../domain/diff.ts";
import type { PlaceStatus } from "../store.ts";
import { text } from "./rows.ts";

/** An item and its JSON as it is stored, which the outbox repeats. */
export interface AppointmentRow {
  item: StoredAppointment;
  json: string;
}

/** Where an id's card is, or was when it was removed, and the hash of what it was created from. */
export interface Pointer {
  date: string;
  hash: string;
}

/** The statements on cards, tombstones and their pointers. */
export interface AppointmentRows {
  /** All that stands on a board, expired tombstones too. */
  load: (shopId: string, date: string) => AppointmentRow[];
  /** Writes an item in place of the board's one of that id, and tells the outbox what it replaces. */
  put: (shopId: string, item: StoredAppointment, before: AppointmentRow | undefined) => AppointmentRow;
  /** Undefined while nobody has used the id. */
  findPointer: (shopId: string, id: string) => Pointer | undefined;
  addPointer: (shopId: string, id: string, pointer: Pointer) => void;
  movePointer: (shopId: string, id: string, date: string) => void;
  markRemoved: (shopId: string, id: string) => void;
  /** Deletes the tombstones that have expired. */
  prune: (now: string) => void;
}

/** What the table repeats of an item: its place, when it may go, and since when it is so. */
function columnsOf(item: StoredAppointment) {
  if (item.kind === "card") {
    const { id, date, version, status, rank, updatedAt: at } = item.card;
    return { id, date, version, status, rank, expiresAt: null, at };
  }
  const status: PlaceStatus = "removed";
  return { ...item, status, rank: "" };
}

/** Reads what this store alone has written; the format of the file vouches for its shape. */
function parseItem(json: string): StoredAppointment {
  return JSON.parse(json);
}

/** Reads what the outbox tells of an item. Throws when it is not that item, so that damage to one row stays there. */
export function parseTold(json: string, id: string): StoredAppointment {
  const item = parseItem(json);
  const told = item.kind === "card" ? item.card.id : item.id;
  if (told !== id) throw new Error("the row does not hold the item that it names");
  return item;
}

/**
 * Prepares the statements. Those that write run inside a write's transaction. `told` hears of each row of the outbox as
 * it is written, before it is known whether it stays.
 */
export function appointmentRows(database: DatabaseSync, told: (change: Change) => void): AppointmentRows {
  const load = database.prepare("SELECT item FROM appointment WHERE shop = ? AND date = ?");
  const upsert = database.prepare(
    `INSERT INTO appointment (shop, date, id, version, status, rank, expiresAt, item) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, status = excluded.status, rank = excluded.rank,
       expiresAt = excluded.expiresAt, item = excluded.item`,
  );
  const append = database.prepare("INSERT INTO outbox (shop, date, id, before, after, at) VALUES (?, ?, ?, ?, ?, ?)");
  const findPointer = database.prepare("SELECT date, hash FROM pointer WHERE shop = ? AND id = ?");
  const addPointer = database.prepare("INSERT INTO pointer (shop, id, date, hash, removed) VALUES (?, ?, ?, ?, 0)");
  const movePointer = database.prepare("UPDATE pointer SET date = ? WHERE shop = ? AND id = ?");
  const markRemoved = database.prepare("UPDATE pointer SET removed = 1 WHERE shop = ? AND id = ?");

  const prune = database.prepare("DELETE FROM appointment WHERE expiresAt <= ?");

  return {
    load: (shopId, date) =>
      load.all(shopId, date).map((row) => {
        const json = text(row.item);
        return { item: parseItem(json), json };
      }),
    put: (shopId, item, before) => {
      const { id, date, version, status, rank, expiresAt, at } = columnsOf(item);
      const json = JSON.stringify(item);
      upsert.run(shopId, date, id, version, status, rank, expiresAt, json);
      // A copy of the whole card as it was would be a third of all that a move writes.
      const former = before && formerOf(before.item);
      const { lastInsertRowid } = append.run(shopId, date, id, former ? JSON.stringify(former) : null, json, at);
      const change: Change = { shopId, date, id, after: item, position: String(lastInsertRowid) };
      told(former === undefined ? change : { ...change, before: former });
      return { item, json };
    },
    findPointer: (shopId, id) => {
      const row = findPointer.get(shopId, id);
      return row && { date: text(row.date), hash: text(row.hash) };
    },
    addPointer: (shopId, id, { date, hash }) => void addPointer.run(shopId, id, date, hash),
    movePointer: (shopId, id, date) => void movePointer.run(date, shopId, id),
    markRemoved: (shopId, id) => void markRemoved.run(shopId, id),
    prune: (now) => void prune.run(now),
  };
}
