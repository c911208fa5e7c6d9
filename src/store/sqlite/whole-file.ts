import { closeSync, openSync, readSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { DatabaseProblem, problemOf } from "./database-problem.ts";
import { migrations } from "./migrations.ts";
import { integer, text } from "./rows.ts";

/** What a database holds: the format it is written in, and how many rows each of its tables has. */
export interface Contents {
  format: number;
  rows: Readonly<Record<string, number>>;
}

/** Tables that every format of this program has had. */
const ownTables = ["meta", "shop", "appointment", "pointer", "service"];
/** Columns that hold JSON, which the integrity check does not look into. */
const jsonTables = ["shop", "appointment", "service"];

/**
 * Reads a database that nobody else has open from end to end, after it has made one file of it: what its write-ahead log
 * still holds goes in. Throws a DatabaseProblem about `name` when that is not a whole database of this program, or one
 * that a newer version of it has written.
 */
export function checkWhole(file: string, name = file): Contents {
  checkHeader(file, name);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec("PRAGMA journal_mode = DELETE");
    const contents = contentsOf(database, name);
    checkPages(database, name);
    return contents;
  } catch (error) {
    throw problemOf(error, name) ?? error;
  } finally {
    database?.close();
  }
}

/** What the tables of an open database hold. Throws a DatabaseProblem when they are not this program's. */
export function contentsOf(database: DatabaseSync, name: string): Contents {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all()
    .map((row) => text(row.name));
  const format = integer(database.prepare("PRAGMA user_version").get()?.user_version);
  if (format === 0 || !ownTables.every((table) => tables.includes(table)))
    throw new DatabaseProblem(`${name} is a database of some other program: name a backup of the status board.`);
  if (format > migrations.length)
    throw new DatabaseProblem(
      `${name} was written by a newer version of this program (format ${format}, this one knows ${migrations.length}): use that version.`,
    );
  const count = (table: string) => integer(database.prepare(`SELECT count(*) AS rows FROM "${table}"`).get()?.rows);
  return { format, rows: Object.fromEntries(tables.map((table) => [table, count(table)])) };
}

function checkPages(database: DatabaseSync, name: string): void {
  const found = database.prepare("PRAGMA integrity_check(1)").get()?.integrity_check;
  const unreadable = jsonTables.some(
    (table) => database.prepare(`SELECT 1 FROM ${table} WHERE NOT json_valid(item) LIMIT 1`).get() !== undefined,
  );
  if (found !== "ok" || unreadable) throw damaged(name);
}

const damaged = (name: string) => new DatabaseProblem(`${name} is damaged: restore a backup.`);

const headerBytes = 100;
const magic = "SQLite format 3\0";

/** SQLite takes a file for whole that lost its end, as long as its pages do not miss it. */
function checkHeader(file: string, name: string): void {
  const header = Buffer.alloc(headerBytes);
  const handle = openSync(file, "r");
  const bytes = readSync(handle, header, 0, headerBytes, 0);
  closeSync(handle);
  if (bytes === 0) throw new DatabaseProblem(`${name} is empty: restore a backup.`);
  if (bytes < headerBytes || header.toString("latin1", 0, magic.length) !== magic)
    throw new DatabaseProblem(`${name} is not a database: name a backup of the status board.`);
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const pages = header.readUInt32BE(28);
  // With a log beside it the file may be behind its own header; the log then brings the rest.
  if (!hasLog(file) && statSync(file).size !== pages * pageBytes) throw damaged(name);
}

function hasLog(file: string): boolean {
  const bytesOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return bytesOf(`${file}-wal`) > 0 || bytesOf(`${file}-journal`) > 0;
}
