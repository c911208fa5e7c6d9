import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type Change, historyOf } from "../../domain/diff.ts";
import type { StoredService, StoredShop } from "../../domain/service.ts";
import { appointmentRecord, type TransferRecord } from "../transfer/records.ts";
import { TransferProblem } from "../transfer/transfer-problem.ts";
import { DatabaseProblem, problemOf } from "./database-problem.ts";
import { lateItemsSql, parseTold } from "./late-cards.ts";
import { migrations } from "./migrations.ts";
import { integer, text } from "./rows.ts";

type Row = ReturnType<ReturnType<DatabaseSync["prepare"]>["all"]>[number];

const shopOf = (json: string): StoredShop => JSON.parse(json);
const serviceOf = (json: string): StoredService => JSON.parse(json);
const historyItemOf = (json: string): Extract<TransferRecord, { kind: "history" }>["item"] => JSON.parse(json);

/**
 * Everything that a shop is made of, as it was at one moment, read row by row; a server may have the file open. Throws a
 * TransferProblem when there is no such shop, and a DatabaseProblem when the file cannot be read.
 */
export function* exportShop(file: string, shopId: string): Generator<TransferRecord> {
  if (!existsSync(file))
    throw new DatabaseProblem(`${file} does not exist: set DATA_DIR to where the board keeps its data.`);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    database.exec("BEGIN");
    if (integer(database.prepare("PRAGMA user_version").get()?.user_version) !== migrations.length)
      throw new DatabaseProblem(`${file} has another format than this program's: start the server once, then export.`);
    yield* recordsOf(database, shopId);
  } catch (error) {
    throw problemOf(error, file) ?? error;
  } finally {
    database?.close();
  }
}

function* recordsOf(database: DatabaseSync, shopId: string): Generator<TransferRecord> {
  const rows = (sql: string) => database.prepare(sql).iterate(shopId);
  const [shop] = rows("SELECT item, carriedThrough FROM shop WHERE id = ?");
  if (shop === undefined) throw new TransferProblem(`there is no shop ${shopId}`);
  const { shop: settings, memory } = shopOf(text(shop.item));
  yield {
    kind: "shop",
    item: { shop: settings, memory: [...memory] },
    carriedThrough: text(shop.carriedThrough),
  };
  // Those that live come first, since a code belongs to them.
  for (const { item } of rows("SELECT item FROM service WHERE shop = ? ORDER BY removedUntil IS NOT NULL, id")) {
    const stored = serviceOf(text(item));
    yield { kind: "service", item: { ...stored, memory: [...stored.memory] } };
  }
  const settled = `SELECT id, item FROM appointment WHERE shop = ?1
    AND (date, id) NOT IN (SELECT date, id FROM (${lateItemsSql})) ORDER BY date, id`;
  for (const sql of [settled, lateItemsSql])
    for (const { id, item } of rows(sql)) yield appointmentRecord(parseTold(text(item), text(id)));
  for (const { id, date, hash, removed } of rows("SELECT * FROM pointer WHERE shop = ? ORDER BY id"))
    yield { kind: "pointer", id: text(id), date: text(date), hash: text(hash), removed: integer(removed) === 1 };
  for (const { id, item } of rows("SELECT id, item FROM history WHERE shop = ? ORDER BY id, version"))
    yield { kind: "history", id: text(id), item: historyItemOf(text(item)) };
  yield* unnotedHistory(database, shopId);
}

/** The lines that the publisher has not written yet: they follow from the writes themselves. */
function* unnotedHistory(database: DatabaseSync, shopId: string): Generator<TransferRecord> {
  const waiting = database.prepare(
    `SELECT * FROM outbox WHERE shop = ? AND seq >
       coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'published'), 0) ORDER BY seq`,
  );
  const isNoted = database.prepare("SELECT 1 FROM history WHERE shop = ? AND id = ? AND version = ?");
  for (const row of waiting.iterate(shopId)) {
    const id = text(row.id);
    const item = historyOf(changeOf(row, shopId, id));
    if (item !== undefined && isNoted.get(shopId, id, item.version) === undefined) yield { kind: "history", id, item };
  }
}

function changeOf(row: Row, shopId: string, id: string): Change {
  const change: Change = { shopId, date: text(row.date), id, position: String(integer(row.seq)) };
  if (row.before !== null) change.before = JSON.parse(text(row.before));
  if (row.after !== null) change.after = parseTold(text(row.after), id);
  return change;
}
