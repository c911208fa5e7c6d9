import { closeSync, fdatasync, openSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";

/** The write-ahead log of a database, as far as the disk is concerned. */
export interface LogSync {
  /** Resolves when every commit before the call is on the disk. */
  sync: () => Promise<void>;
  close: () => void;
}

/**
 * Does beside the event loop what `synchronous FULL` does within each commit: it has the write-ahead log written to the
 * disk (https://sqlite.org/pragma.html#pragma_synchronous). The log stays the same file as long as the database is open.
 * Call it after the first commit, when the log is there.
 */
export function openLogSync(database: DatabaseSync): LogSync {
  const log = openSync(`${database.location()}-wal`, "r+");
  return {
    sync: () => new Promise((resolve, reject) => fdatasync(log, (error) => (error ? reject(error) : resolve()))),
    close: () => closeSync(log),
  };
}
