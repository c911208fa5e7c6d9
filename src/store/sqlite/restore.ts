import { copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { checkRoom, problemIn } from "./backup.ts";
import { DatabaseProblem, problemOf } from "./database-problem.ts";
import { inFileName, makeDirectory, removeDatabase, sideFilesOf, sync } from "./files.ts";
import { type Contents, checkWhole } from "./whole-file.ts";

export interface RestoreOptions {
  /** The backup, or any copy of a database; what SQLite keeps beside it is read too. It is not touched. */
  from: string;
  /** Where the database is, or is to be. Its directory must be owned (see lockDataDir). */
  file: string;
  /** A fresh ULID. */
  newId: () => string;
  now: Date;
}

/** What a restore has done. */
export interface Restored {
  contents: Contents;
  /** Where the former database is kept; absent when there was none. */
  kept?: string;
}

/**
 * Puts a backup in the place of a database. The backup is copied, read from end to end and given a new epoch before
 * anything else is touched; then it takes the place in one rename. Whenever this is cut off, the file is either the old
 * database or the new one. Throws a DatabaseProblem when the backup cannot be used, and changes nothing.
 */
export function restore({ from, file, newId, now }: RestoreOptions): Restored {
  const directory = dirname(file);
  const prepared = `${file}.restoring`;
  try {
    makeDirectory(directory);
    removeDatabase(prepared);
    checkSource(from, file);
    checkRoom(from, directory);
    copyDatabase(from, prepared);
    const contents = checkWhole(prepared, from);
    beginNewLife(prepared, newId());
    const kept = existsSync(file) ? keep(file, `${file}.before-restore-${inFileName(now)}`) : undefined;
    sync(prepared);
    renameSync(prepared, file);
    sync(directory);
    return { contents, ...(kept !== undefined && { kept }) };
  } catch (error) {
    removeDatabase(prepared);
    throw problemIn(directory, error);
  }
}

function checkSource(from: string, file: string): void {
  const found = statSync(from, { throwIfNoEntry: false });
  if (found === undefined) throw new DatabaseProblem(`${from} does not exist: name a backup.`);
  if (!found.isFile()) throw new DatabaseProblem(`${from} is no file: name a backup.`);
  const own = statSync(file, { throwIfNoEntry: false });
  if (own !== undefined && own.dev === found.dev && own.ino === found.ino)
    throw new DatabaseProblem(`${from} is the database itself: name a backup.`);
}

function copyDatabase(from: string, to: string): void {
  for (const suffix of ["", "-wal", "-journal"]) {
    const isThere = suffix === "" || existsSync(from + suffix);
    if (!isThere) continue;
    try {
      copyFileSync(from + suffix, to + suffix);
    } catch (error) {
      const isUnreadable = error instanceof Error && "code" in error && error.code === "EACCES";
      throw isUnreadable ? new DatabaseProblem(`${from} cannot be read: give this user the right to.`) : error;
    }
  }
}

/**
 * Revisions that were published since the backup was made are lost, so it is another life of the database (LV2). Nobody is
 * signed in there: a session that has ended since must not come back.
 */
function beginNewLife(prepared: string, epoch: string): void {
  const database = new DatabaseSync(prepared);
  try {
    database.exec("PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
    database.prepare("REPLACE INTO meta (key, value) VALUES ('epoch', ?)").run(epoch);
    database.exec("DELETE FROM meta WHERE key = 'closed'");
    for (const table of ["change", "session"])
      if (database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined)
        database.exec(`DELETE FROM ${table}`);
    database.exec("COMMIT");
  } finally {
    database.close();
  }
}

/**
 * Keeps a database under another name beside its own. A log that belongs to it must be gone when another file takes its
 * place, because SQLite would read it into that: a whole database takes its log in; of a damaged one, which cannot, the log
 * goes along.
 */
function keep(file: string, kept: string): string {
  const [log, keptLog] = [`${file}-wal`, `${kept}-wal`];
  // SQLite deletes a log that it cannot read.
  if (existsSync(log)) copyFileSync(log, keptLog);
  if (takeLogIn(file)) rmSync(keptLog, { force: true });
  copyOrLink(file, kept);
  sync(dirname(file));
  for (const side of sideFilesOf(file)) rmSync(side, { force: true });
  sync(dirname(file));
  return kept;
}

/** True when what the write-ahead log holds is now in the file itself, and there is no log any more. */
function takeLogIn(file: string): boolean {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec("PRAGMA journal_mode = DELETE");
    return true;
  } catch (error) {
    const isDamaged = error instanceof Error && "errcode" in error && (error.errcode === 11 || error.errcode === 26);
    if (isDamaged) return false;
    throw problemOf(error, file) ?? error;
  } finally {
    database?.close();
  }
}

/** A second name costs no room and no time; disks whose format has none get a copy. */
function copyOrLink(file: string, kept: string): void {
  try {
    linkSync(file, kept);
  } catch {
    copyFileSync(file, kept);
    sync(kept);
  }
}
