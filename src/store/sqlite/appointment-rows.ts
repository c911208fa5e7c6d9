import type { DatabaseSync } from "node:sqlite";
import { type Status, statuses } from "@status-board/contracts";
import type { StoredAppointment } from "../../domain/appointment.ts";
import type { ColumnKey } from "../../domain/place.ts";
import type { PlaceStatus } from "../store.ts";
import { integer, text } from "./rows.ts";

/** An item and the text that it was read from, which the outbox repeats as it was. */
export interface AppointmentRow {
  item: StoredAppointment;
  json: string;
}

/** Reads what this store alone has written; the format of the file vouches for its shape. */
export function parseItem(json: string): StoredAppointment {
  return JSON.parse(json);
}

/** The statements on cards, tombstones and their pointers. All of them run inside a write's transaction. */
export interface AppointmentRows {
  /** The item to which the id points: a living card, or the tombstone of a removed one while it lasts. */
  find: (shopId: string, id: string) => AppointmentRow | undefined;
  /** Whatever the board holds under the id, a tombstone that a card left there too. */
  findOn: (shopId: string, date: string, id: string) => AppointmentRow | undefined;
  /** A column by rank, then id. */
  column: (shopId: string, date: string, status: Status) => ColumnKey[];
  /** How many cards live on a board. */
  count: (shopId: string, date: string) => number;
  /** Writes an item and tells the outbox; `before` is the text that it replaces. */
  put: (shopId: string, item: StoredAppointment, before: string | null) => void;
  /** What the id was created with; undefined while nobody has used it. */
  findPointer: (shopId: string, id: string) => { hash: string; removed: boolean } | undefined;
  addPointer: (shopId: string, id: string, date: string, hash: string) => void;
  movePointer: (shopId: string, id: string, date: string) => void;
  markRemoved: (shopId: string, id: string) => void;
}

/** Prepares the statements; `touched` hears of each board that one of them writes to. */
export function appointmentRows(
  database: DatabaseSync,
  touched: (shopId: string, date: string) => void,
): AppointmentRows {
  const find = database.prepare(
    `SELECT item FROM pointer JOIN appointment USING (shop, date, id) WHERE pointer.shop = ? AND pointer.id = ?`,
  );
  const findOn = database.prepare("SELECT item FROM appointment WHERE shop = ? AND date = ? AND id = ?");
  const column = database.prepare(
    "SELECT id, rank, version FROM appointment WHERE shop = ? AND date = ? AND status = ? ORDER BY rank, id",
  );
  const count = database.prepare(
    `SELECT count(*) AS cards FROM appointment
     WHERE shop = ? AND date = ? AND status IN (${statuses.map((status) => `'${status}'`).join()})`,
  );
  const upsert = database.prepare(
    `INSERT INTO appointment (shop, date, id, version, status, rank, expiresAt, item) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, status = excluded.status, rank = excluded.rank,
       expiresAt = excluded.expiresAt, item = excluded.item`,
  );
  const append = database.prepare("INSERT INTO outbox (shop, date, id, before, after, at) VALUES (?, ?, ?, ?, ?, ?)");
  const findPointer = database.prepare("SELECT hash, removed FROM pointer WHERE shop = ? AND id = ?");
  const addPointer = database.prepare("INSERT INTO pointer (shop, id, date, hash, removed) VALUES (?, ?, ?, ?, 0)");
  const movePointer = database.prepare("UPDATE pointer SET date = ? WHERE shop = ? AND id = ?");
  const markRemoved = database.prepare("UPDATE pointer SET removed = 1 WHERE shop = ? AND id = ?");

  const rowOf = (json: string): AppointmentRow => ({ item: parseItem(json), json });

  return {
    find: (shopId, id) => {
      const row = find.get(shopId, id);
      return row && rowOf(text(row.item));
    },
    findOn: (shopId, date, id) => {
      const row = findOn.get(shopId, date, id);
      return row && rowOf(text(row.item));
    },
    column: (shopId, date, status) =>
      column
        .all(shopId, date, status)
        .map((row) => ({ id: text(row.id), rank: text(row.rank), version: integer(row.version) })),
    count: (shopId, date) => integer(count.get(shopId, date)?.cards),
    put: (shopId, item, before) => {
      const json = JSON.stringify(item);
      if (item.kind === "card") {
        const { id, date, version, status, rank, updatedAt } = item.card;
        upsert.run(shopId, date, id, version, status, rank, null, json);
        append.run(shopId, date, id, before, json, updatedAt);
        touched(shopId, date);
      } else {
        const { id, date, version, expiresAt, at } = item;
        upsert.run(shopId, date, id, version, "removed" satisfies PlaceStatus, "", expiresAt, json);
        append.run(shopId, date, id, before, json, at);
        touched(shopId, date);
      }
    },
    findPointer: (shopId, id) => {
      const row = findPointer.get(shopId, id);
      return row && { hash: text(row.hash), removed: integer(row.removed) === 1 };
    },
    addPointer: (shopId, id, date, hash) => void addPointer.run(shopId, id, date, hash),
    movePointer: (shopId, id, date) => void movePointer.run(date, shopId, id),
    markRemoved: (shopId, id) => void markRemoved.run(shopId, id),
  };
}
