import { DatabaseSync } from "node:sqlite";
import { problemOf } from "./database-problem.ts";
import { migrate } from "./migrations.ts";

/** How long a statement waits, and with it the process, for another program that holds the file, e.g. a backup. */
const busyTimeoutMs = 500;
/** Pages of 4 KB in the write-ahead log before they are copied into the file. */
const checkpointPages = 4_000;

/** The file, ready for use, and the name of its life. */
export interface OpenDatabase {
  database: DatabaseSync;
  /** Minted when the database was made. */
  epoch: string;
  /** True when it was made just now. */
  created: boolean;
}

/** Opens the file, or makes it. Throws a DatabaseProblem when it cannot be used as it is. */
export function openDatabase(file: string, newId: () => string): OpenDatabase {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: false });
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    database.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
    migrate(database, file);
    return { database, ...readEpoch(database, newId) };
  } catch (error) {
    database?.close();
    throw problemOf(error, file) ?? error;
  }
}

/** Reads under the write lock, so that a file which cannot be written is found out now and not by the first write. */
function readEpoch(database: DatabaseSync, newId: () => string): Omit<OpenDatabase, "database"> {
  database.exec("BEGIN IMMEDIATE");
  const found = database.prepare("SELECT value FROM meta WHERE key = 'epoch'").get()?.value;
  const created = typeof found !== "string";
  const epoch = created ? newId() : found;
  if (created) database.prepare("INSERT INTO meta (key, value) VALUES ('epoch', ?)").run(epoch);
  database.exec("COMMIT");
  return { epoch, created };
}
