import { DatabaseSync } from "node:sqlite";
import { isDatabaseError, problemOf } from "./database-problem.ts";
import { migrate } from "./migrations.ts";
import { breakSeal, seal } from "./seal.ts";

/** How long a statement waits, and with it the process, for another program that holds the file, e.g. a backup. */
const busyTimeoutMs = 500;
/** Pages of 4 KB in the write-ahead log before they are copied into the file. */
const checkpointPages = 4_000;

/** The file, ready for use, and the name of its life. */
export interface OpenDatabase {
  /** For the truth: what it commits is on the disk. */
  database: DatabaseSync;
  /**
   * For what is published of the truth: its commits reach the disk with the next one of `database`, so that they do not
   * cost a write of their own. A power cut may take them, and then the next start takes a new epoch.
   */
  publishing: DatabaseSync;
  /** Minted when the database was made, or at the start after one that was not closed. */
  epoch: string;
  /** True when it was made just now. */
  created: boolean;
}

/** Opens the file, or makes it. Throws a DatabaseProblem when it cannot be used as it is. */
export function openDatabase(file: string, newId: () => string): OpenDatabase {
  const opened: DatabaseSync[] = [];
  const connect = (synchronous: "FULL" | "NORMAL"): DatabaseSync => {
    const database = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: false });
    opened.push(database);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`);
    database.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
    return database;
  };
  try {
    const isAsLeft = breakSeal(file);
    const database = connect("FULL");
    migrate(database, file);
    return { database, ...beginLife(database, isAsLeft, newId), publishing: connect("NORMAL") };
  } catch (error) {
    for (const database of opened) database.close();
    throw problemOf(error, file) ?? error;
  }
}

/**
 * Takes the epoch of a database that was closed and not touched since, and a new one where nothing says so: its newest
 * revisions may be lost, or an older copy may have taken its place, so none of them may be told any more (LV2). Boards keep counting where their heads stand. All of it is under
 * the write lock, so that a file which cannot be written is found out now and not by the first write.
 */
function beginLife(
  database: DatabaseSync,
  isAsLeft: boolean,
  newId: () => string,
): Pick<OpenDatabase, "epoch" | "created"> {
  const find = database.prepare("SELECT value FROM meta WHERE key = ?");
  database.exec("BEGIN IMMEDIATE");
  const former = find.get("epoch")?.value;
  const wasClosed = isAsLeft && find.get("closed") !== undefined;
  const epoch = typeof former === "string" && wasClosed ? former : newId();
  database.prepare("REPLACE INTO meta (key, value) VALUES ('epoch', ?)").run(epoch);
  database.exec("DELETE FROM meta WHERE key = 'closed'");
  if (!wasClosed) database.exec("DELETE FROM change");
  database.exec("COMMIT");
  return { epoch, created: former === undefined };
}

/** Closes both connections and notes, durably, that everything published is in the file. */
export function closeDatabase({ database, publishing }: Pick<OpenDatabase, "database" | "publishing">): void {
  if (!database.isOpen) return;
  try {
    database.exec("REPLACE INTO meta (key, value) VALUES ('closed', '')");
  } catch (error) {
    // A full disk may refuse it: then the next start takes a new epoch, which is always right.
    if (!isDatabaseError(error)) throw error;
  }
  const file = database.location();
  publishing.close();
  database.close();
  if (file !== null) seal(file);
}
