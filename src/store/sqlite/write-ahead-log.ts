import { closeSync, fdatasync, fdatasyncSync, openSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { DatabaseProblem } from "./database-problem.ts";

/** Where commits stand first, one after the other. */
export interface WriteAheadLog {
  /**
   * Brings what is committed to the disk; what is committed meanwhile may or may not be part of it. In another thread, unless
   * nobody waits but one: then here, since the way to that thread and back costs more than 0.1 ms.
   */
  sync: (isAlone: boolean, done: (error: Error | null) => void) => void;
  close: () => void;
}

/**
 * Takes over from SQLite when the log of an open database reaches the disk, since SQLite would let the event loop stand
 * still for it. Commits that follow are durable once a `sync` that began after them is done: that is the sync which
 * `synchronous = FULL` adds to each commit and `NORMAL` leaves out (https://sqlite.org/pragma.html#pragma_synchronous). Throws a
 * DatabaseProblem where SQLite keeps no such log.
 */
export function openLog(database: DatabaseSync): WriteAheadLog {
  const file = database.location();
  let handle: number;
  try {
    handle = openSync(`${file}-wal`, "r+");
  } catch (cause) {
    throw new DatabaseProblem(`${file} has no write-ahead log: put its directory on a disk of this machine.`, {
      cause,
    });
  }
  database.exec("PRAGMA synchronous = NORMAL");
  return {
    sync: (isAlone, done) => {
      if (isAlone) done(syncHere(handle));
      else fdatasync(handle, done);
    },
    close: () => closeSync(handle),
  };
}

function syncHere(handle: number): Error | null {
  try {
    fdatasyncSync(handle);
    return null;
  } catch (error) {
    return error as Error;
  }
}
