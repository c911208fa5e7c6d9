import { DatabaseSync } from "node:sqlite";
import { keepBeforeMigration } from "./backup.ts";
import { isDatabaseError, problemOf } from "./database-problem.ts";
import { applyOutbox } from "./late-cards.ts";
import { isOlder, migrate } from "./migrations.ts";
import { breakSeal, seal } from "./seal.ts";
import { openLog, type WriteAheadLog } from "./write-ahead-log.ts";

/** How long a statement waits, and with it the process, for another program that holds the file, e.g. a backup. */
const busyTimeoutMs = 500;
/** Pages of 4 KB in the write-ahead log before they are copied into the file. */
const checkpointPages = 4_000;

/** The file, ready for use, and the name of its life. */
export interface OpenDatabase {
  /**
   * The one connection: a second one would make each read its pages anew after every write of the other. What it commits is
   * on the disk once the log has been there.
   */
  database: DatabaseSync;
  log: WriteAheadLog;
  /** Minted when the database was made, or at the start after one that was not closed. */
  epoch: string;
  /** True when it was made just now. */
  created: boolean;
  /** Where it is kept as it was, when this opening has changed its format. */
  keptBefore?: string;
}

/** Opens the file, or makes it; one of an older format is kept in a backup first. Throws a DatabaseProblem when it cannot be used as it is. */
export function openDatabase(file: string, newId: () => string, now: Date): OpenDatabase {
  let database: DatabaseSync | undefined;
  try {
    const isAsLeft = breakSeal(file);
    const opened = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: false });
    database = opened;
    opened.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${checkpointPages}`);
    const keptBefore = isOlder(opened) ? keepBeforeMigration(opened, file, now) : undefined;
    migrate(opened, file);
    const life = beginLife(opened, { file, isAsLeft, newId });
    return { database: opened, log: openLog(opened), ...life, ...(keptBefore !== undefined && { keptBefore }) };
  } catch (error) {
    database?.close();
    throw problemOf(error, file) ?? error;
  }
}

/** Ends a transaction that failed, if SQLite has not done so itself. */
export function abandon(database: DatabaseSync): void {
  try {
    if (database.isTransaction) database.exec("ROLLBACK");
  } catch (error) {
    if (!isDatabaseError(error)) throw error;
  }
}

/**
 * Takes the epoch of a database that was closed and not touched since, and a new one where nothing says so: its newest
 * revisions may be lost, or an older copy may have taken its place, so none of them may be told any more (LV2). Boards keep
 * counting where their heads stand, and cards stand where the outbox has them last. All of it is under the write lock, so that
 * a file which cannot be written is found out now and not by the first write.
 */
function beginLife(
  database: DatabaseSync,
  { file, isAsLeft, newId }: { file: string; isAsLeft: boolean; newId: () => string },
): Pick<OpenDatabase, "epoch" | "created"> {
  const find = database.prepare("SELECT value FROM meta WHERE key = ?");
  database.exec("BEGIN IMMEDIATE");
  const former = find.get("epoch")?.value;
  const wasClosed = isAsLeft && find.get("closed") !== undefined;
  const epoch = typeof former === "string" && wasClosed ? former : newId();
  database.prepare("REPLACE INTO meta (key, value) VALUES ('epoch', ?)").run(epoch);
  database.exec("DELETE FROM meta WHERE key = 'closed'");
  if (!wasClosed) database.exec("DELETE FROM change");
  applyOutbox(database, file);
  database.exec("COMMIT");
  return { epoch, created: former === undefined };
}

/** Closes the connection and notes that everything published is in the file. */
export function closeDatabase(database: DatabaseSync, finish: () => void): void {
  if (!database.isOpen) return;
  try {
    finish();
    database.exec("REPLACE INTO meta (key, value) VALUES ('closed', '')");
  } catch (error) {
    // A full disk may refuse it: then the next start takes a new epoch, which is always right.
    if (!isDatabaseError(error)) throw error;
  }
  const file = database.location();
  database.close();
  if (file !== null) seal(file);
}
