import type { DatabaseSync } from "node:sqlite";
import type { StoredAppointment } from "../../domain/appointment.ts";
import { cardJson } from "../../domain/card-json.ts";
import type { PlaceStatus } from "../store.ts";
import { DatabaseProblem } from "./database-problem.ts";
import { integer, text } from "./rows.ts";

/** An item and its JSON as it is stored, which the outbox repeats. */
export interface AppointmentRow {
  item: StoredAppointment;
  json: string;
}

/**
 * The items that the outbox has, and the table of appointments not yet. A group's commit writes the outbox alone, page after
 * page at its end; cards lie all over their table, so they follow together, each once however often it moved meanwhile.
 */
export interface LateCards {
  /** The number of the next row of the outbox, for an item that the running group writes. */
  add: (shopId: string, row: AppointmentRow) => number;
  /** The running group is durable; answers how many items it wrote. */
  committed: () => number;
  /** The running group is gone. */
  rolledBack: () => void;
  /** A board's late items by id, those of the running group among them. */
  of: (shopId: string, date: string) => ReadonlyMap<string, AppointmentRow>;
  /** Writes what groups have committed into the table, in the transaction of whoever calls. */
  write: () => void;
  /** That transaction is over: the table has them. */
  written: () => void;
}

/** What the table repeats of an item: its place, when it may go, and since when it is so. */
export function columnsOf(item: StoredAppointment) {
  if (item.kind === "card") {
    const { id, date, version, status, rank, updatedAt: at } = item.card;
    return { id, date, version, status, rank, expiresAt: null, at };
  }
  const status: PlaceStatus = "removed";
  return { ...item, status, rank: "" };
}

export const idOf = (item: StoredAppointment): string => (item.kind === "card" ? item.card.id : item.id);

/** An item as it is stored. */
export function itemJson(item: StoredAppointment): string {
  if (item.kind === "tombstone") return JSON.stringify(item);
  const { card, ...rest } = item;
  return `{"card":${cardJson(card)},${JSON.stringify(rest).slice(1)}`;
}

/** Reads what this store alone has written; the format of the file vouches for its shape. */
export function parseItem(json: string): StoredAppointment {
  return JSON.parse(json);
}

/** Reads what the outbox tells of an item. Throws when it is not that item, so that damage to one row stays there. */
export function parseTold(json: string, id: string): StoredAppointment {
  const item = parseItem(json);
  if (idOf(item) !== id) throw new Error("the row does not hold the item that it names");
  return item;
}

/** The statements that bring items into the table. */
function prepareTable(database: DatabaseSync) {
  const upsert = database.prepare(
    `INSERT INTO appointment (shop, date, id, version, status, rank, expiresAt, item) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, status = excluded.status, rank = excluded.rank,
       expiresAt = excluded.expiresAt, item = excluded.item`,
  );
  const findMark = database.prepare("SELECT CAST(value AS INTEGER) AS seq FROM meta WHERE key = 'applied'");
  const mark = database.prepare("REPLACE INTO meta (key, value) VALUES ('applied', ?)");
  return {
    upsert: (shopId: string, { item, json }: AppointmentRow) => {
      const { id, date, version, status, rank, expiresAt } = columnsOf(item);
      upsert.run(shopId, date, id, version, status, rank, expiresAt, json);
    },
    /** The table has all items up to this row of the outbox. */
    mark: () => integer(findMark.get()?.seq ?? 0),
    setMark: (seq: number) => void mark.run(String(seq)),
  };
}

/**
 * Writes what the outbox had and the table not yet when the process was killed. For a start, in the transaction of whoever
 * calls. Throws a DatabaseProblem when a row cannot be read: without it a card would stand where it no longer does.
 */
export function applyOutbox(database: DatabaseSync, file: string): void {
  const table = prepareTable(database);
  const rows = database.prepare("SELECT seq, shop, id, after FROM outbox WHERE seq > ? ORDER BY seq");
  let applied = table.mark();
  for (const { seq, shop, id, after } of rows.iterate(applied)) {
    table.upsert(text(shop), rowOf(text(after), text(id), file));
    applied = integer(seq);
  }
  table.setMark(applied);
}

function rowOf(json: string, id: string, file: string): AppointmentRow {
  try {
    return { item: parseTold(json, id), json };
  } catch {
    throw new DatabaseProblem(`${file} is damaged: restore a backup.`);
  }
}

/** The late items of a shop, for whoever reads the file while a server writes it; the parameter is the shop. */
export const lateItemsSql = `SELECT date, id, after AS item, max(seq) FROM outbox WHERE shop = ?1 AND seq >
  (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'applied') GROUP BY date, id`;

/** Prepares the late items of a database whose outbox is applied. */
export function lateCards(database: DatabaseSync): LateCards {
  const table = prepareTable(database);
  let committedSeq = table.mark();
  let running: { shopId: string; row: AppointmentRow }[] = [];
  let late = new Map<string, { shopId: string; rows: Map<string, AppointmentRow> }>();
  const keyOf = (shopId: string, date: string) => `${shopId} ${date}`;
  const dateOf = ({ item }: AppointmentRow) => (item.kind === "card" ? item.card.date : item.date);

  return {
    add: (shopId, row) => committedSeq + running.push({ shopId, row }),
    committed: () => {
      const count = running.length;
      for (const { shopId, row } of running) {
        const key = keyOf(shopId, dateOf(row));
        const board = late.get(key) ?? { shopId, rows: new Map() };
        late.set(key, board);
        board.rows.set(idOf(row.item), row);
      }
      committedSeq += count;
      running = [];
      return count;
    },
    rolledBack: () => {
      running = [];
    },
    of: (shopId, date) => {
      const rows = new Map(late.get(keyOf(shopId, date))?.rows);
      for (const { shopId: shop, row } of running)
        if (shop === shopId && dateOf(row) === date) rows.set(idOf(row.item), row);
      return rows;
    },
    write: () => {
      for (const { shopId, rows } of late.values()) for (const row of rows.values()) table.upsert(shopId, row);
      table.setMark(committedSeq);
    },
    written: () => {
      late = new Map();
    },
  };
}
