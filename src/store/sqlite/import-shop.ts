import type { DatabaseSync } from "node:sqlite";
import { readLines } from "../transfer/read-lines.ts";
import type { TransferRecord } from "../transfer/records.ts";
import { TransferProblem } from "../transfer/transfer-problem.ts";
import { isDatabaseError, problemOf } from "./database-problem.ts";
import { removeDatabase } from "./files.ts";
import { abandon, openDatabase } from "./open-database.ts";
import { text } from "./rows.ts";

/** What an import brought. */
export interface Imported {
  shopId: string;
  appointments: number;
}

interface ImportOptions {
  /** The database, made when absent. Its directory must be owned (see lockDataDir). */
  file: string;
  lines: AsyncIterable<string>;
  newId: () => string;
  now: Date;
}

/**
 * Brings a shop into a database, all of it in one transaction: whatever is wrong with the file, and whenever this is cut
 * off, nothing has changed. Throws a TransferProblem with the number of a line that is not right, or when the shop is
 * there already with anything in it.
 */
export async function importShop({ file, lines, newId, now }: ImportOptions): Promise<Imported> {
  const { database, created } = openDatabase(file, newId, now);
  let isDone = false;
  try {
    database.exec("PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
    const imported = await fill(database, lines);
    database.exec("COMMIT");
    isDone = true;
    return imported;
  } catch (error) {
    abandon(database);
    throw problemOf(error, file) ?? error;
  } finally {
    // Not noted as closed: the next start takes a new epoch, so that no screen goes on from before (LV2).
    database.close();
    if (created && !isDone) removeDatabase(file);
  }
}

async function fill(database: DatabaseSync, lines: AsyncIterable<string>): Promise<Imported> {
  const put = prepareRows(database);
  let shopId = "";
  let appointments = 0;
  let hasShop = false;
  await readLines(lines, {
    begin: (id) => {
      shopId = id;
      refuseUsed(database, id);
    },
    add: (record) => {
      if (record.kind === "shop" && hasShop) throw new TransferProblem("the shop is there twice");
      if (record.kind === "shop") hasShop = true;
      if (record.kind === "appointment") appointments++;
      add(() => put[record.kind](shopId, record as never), record);
    },
  });
  if (!hasShop) throw new TransferProblem("the file has no line of the shop itself");
  checkReferences(database, shopId);
  return { shopId, appointments };
}

const constraintCode = 19;

function add(write: () => void, record: TransferRecord): void {
  try {
    write();
  } catch (error) {
    const isTwice = isDatabaseError(error) && "errcode" in error && (Number(error.errcode) & 0xff) === constraintCode;
    if (isTwice) throw new TransferProblem(`${nameOf(record)} is there twice`);
    throw error;
  }
}

function nameOf(record: TransferRecord): string {
  if (record.kind === "service") return `the service ${record.item.service.id}, or its code,`;
  if (record.kind === "appointment")
    return `the appointment ${record.item.kind === "card" ? record.item.card.id : record.item.id}`;
  if (record.kind === "history") return `version ${record.item.version} in the history of ${record.id}`;
  return `the ${record.kind}${record.kind === "pointer" ? ` of ${record.id}` : ""}`;
}

/** A shop that a first start has made, and nobody has used, may be replaced. */
function refuseUsed(database: DatabaseSync, shopId: string): void {
  const isUsed = ["service", "pointer", "appointment", "history"].some(
    (table) => database.prepare(`SELECT 1 FROM ${table} WHERE shop = ? LIMIT 1`).get(shopId) !== undefined,
  );
  if (isUsed)
    throw new TransferProblem(`the shop ${shopId} is there already and not empty: import into another database`);
}

type Puts = {
  [Kind in TransferRecord["kind"]]: (shop: string, record: Extract<TransferRecord, { kind: Kind }>) => void;
};

function prepareRows(database: DatabaseSync): Puts {
  const shop = database.prepare("REPLACE INTO shop (id, carriedThrough, item) VALUES (?, ?, ?)");
  const service = database.prepare("INSERT INTO service (shop, id, code, removedUntil, item) VALUES (?, ?, ?, ?, ?)");
  const appointment = database.prepare(
    "INSERT INTO appointment (shop, date, id, version, status, rank, expiresAt, item) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const pointer = database.prepare("INSERT INTO pointer (shop, id, date, hash, removed) VALUES (?, ?, ?, ?, ?)");
  const history = database.prepare("INSERT INTO history (shop, id, version, item) VALUES (?, ?, ?, ?)");
  return {
    shop: (id, { item, carriedThrough }) => void shop.run(id, carriedThrough, JSON.stringify(item)),
    service: (id, { item }) => {
      const { service: one, removedUntil = null } = item;
      service.run(id, one.id, one.code.toUpperCase(), removedUntil, JSON.stringify(item));
    },
    appointment: (shopId, { item }) => {
      const json = JSON.stringify(item);
      if (item.kind === "tombstone")
        return void appointment.run(shopId, item.date, item.id, item.version, "removed", "", item.expiresAt, json);
      const { date, id, version, status, rank } = item.card;
      appointment.run(shopId, date, id, version, status, rank, null, json);
    },
    pointer: (shopId, { id, date, hash, removed }) => void pointer.run(shopId, id, date, hash, removed ? 1 : 0),
    history: (shopId, { id, item }) => void history.run(shopId, id, item.version, JSON.stringify(item)),
  };
}

/** What must be so of every shop: each card is where its id points, and each id that was not removed has its card. */
function checkReferences(database: DatabaseSync, shopId: string): void {
  const strays: [what: string, sql: string][] = [
    [
      "is not where its id points",
      `SELECT card.id FROM appointment AS card LEFT JOIN pointer USING (shop, id) WHERE card.shop = ? AND
         (pointer.id IS NULL OR (card.status <> 'removed' AND (pointer.date <> card.date OR pointer.removed = 1)))`,
    ],
    [
      "has an id, and no card",
      `SELECT pointer.id FROM pointer LEFT JOIN appointment AS card
         ON card.shop = pointer.shop AND card.id = pointer.id AND card.date = pointer.date AND card.status <> 'removed'
         WHERE pointer.shop = ? AND pointer.removed = 0 AND card.id IS NULL`,
    ],
    [
      "has a history, and no id",
      "SELECT history.id FROM history LEFT JOIN pointer USING (shop, id) WHERE history.shop = ? AND pointer.id IS NULL",
    ],
  ];
  for (const [what, sql] of strays) {
    const row = database.prepare(`${sql} LIMIT 1`).get(shopId);
    if (row !== undefined)
      throw new TransferProblem(`the appointment ${text(row.id)} ${what}: export again while nobody writes`);
  }
}
