import type { DatabaseSync } from "node:sqlite";
import type { StoredAppointment } from "../../domain/appointment.ts";
import { type Change, formerOf } from "../../domain/diff.ts";
import { type AppointmentRow, columnsOf, idOf, itemJson, type LateCards, parseItem } from "./late-cards.ts";
import { text } from "./rows.ts";

/** Where an id's card is, or was when it was removed, and the hash of what it was created from. */
export interface Pointer {
  date: string;
  hash: string;
}

/** The statements on cards, tombstones and their pointers. */
export interface AppointmentRows {
  /** All that stands on a board, expired tombstones too. */
  load: (shopId: string, date: string) => AppointmentRow[];
  /** Writes an item into the outbox, in place of the board's one of that id; the table follows (see LateCards). */
  put: (shopId: string, item: StoredAppointment, before: AppointmentRow | undefined) => AppointmentRow;
  /** Undefined while nobody has used the id. */
  findPointer: (shopId: string, id: string) => Pointer | undefined;
  addPointer: (shopId: string, id: string, pointer: Pointer) => void;
  movePointer: (shopId: string, id: string, date: string) => void;
  markRemoved: (shopId: string, id: string) => void;
  /** Drops what memory holds: a transaction was rolled back, of which it may hold something. */
  forget: () => void;
  /** Deletes the tombstones that have expired. */
  prune: (now: string) => void;
}

/** Pointers looked up lately; a day's cards are fewer. */
const pointersInMemory = 10_000;

/**
 * Prepares the statements. Those that write run inside a write's transaction. `told` hears of each row of the outbox as
 * it is written, before it is known whether it stays.
 */
export function appointmentRows(
  database: DatabaseSync,
  cards: LateCards,
  told: (change: Change) => void,
): AppointmentRows {
  const load = database.prepare("SELECT item FROM appointment WHERE shop = ? AND date = ?");
  const append = database.prepare(
    "INSERT INTO outbox (seq, shop, date, id, before, after, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const findPointer = database.prepare("SELECT date, hash FROM pointer WHERE shop = ? AND id = ?");
  const addPointer = database.prepare("INSERT INTO pointer (shop, id, date, hash, removed) VALUES (?, ?, ?, ?, 0)");
  const movePointer = database.prepare("UPDATE pointer SET date = ? WHERE shop = ? AND id = ?");
  const markRemoved = database.prepare("UPDATE pointer SET removed = 1 WHERE shop = ? AND id = ?");

  const pointers = new Map<string, Pointer>();
  const keyOf = (shopId: string, id: string) => `${shopId} ${id}`;

  const prune = database.prepare("DELETE FROM appointment WHERE expiresAt <= ?");

  return {
    load: (shopId, date) => {
      const late = cards.of(shopId, date);
      const rows = load.all(shopId, date).map((row) => {
        const json = text(row.item);
        return { item: parseItem(json), json };
      });
      return [...rows.filter(({ item }) => !late.has(idOf(item))), ...late.values()];
    },
    put: (shopId, item, before) => {
      const { id, date, at } = columnsOf(item);
      const row = { item, json: itemJson(item) };
      const seq = cards.add(shopId, row);
      // A copy of the whole card as it was would be a third of all that a move writes.
      const former = before && formerOf(before.item);
      append.run(seq, shopId, date, id, former ? JSON.stringify(former) : null, row.json, at);
      const change: Change = { shopId, date, id, after: item, position: String(seq) };
      told(former === undefined ? change : { ...change, before: former });
      return row;
    },
    findPointer: (shopId, id) => {
      const known = pointers.get(keyOf(shopId, id));
      if (known !== undefined) return known;
      const row = findPointer.get(shopId, id);
      if (row === undefined) return undefined;
      const pointer = { date: text(row.date), hash: text(row.hash) };
      if (pointers.size >= pointersInMemory) pointers.clear();
      pointers.set(keyOf(shopId, id), pointer);
      return pointer;
    },
    addPointer: (shopId, id, { date, hash }) => void addPointer.run(shopId, id, date, hash),
    movePointer: (shopId, id, date) => {
      pointers.delete(keyOf(shopId, id));
      movePointer.run(date, shopId, id);
    },
    forget: () => pointers.clear(),
    markRemoved: (shopId, id) => void markRemoved.run(shopId, id),
    prune: (now) => void prune.run(now),
  };
}
