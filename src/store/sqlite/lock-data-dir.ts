import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DatabaseProblem, problemOf } from "./database-problem.ts";
import { makeDirectory } from "./files.ts";

/** Locks are freed when their connection is collected, so those that are held must stay reachable. */
const held = new Set<DatabaseSync>();

/**
 * Makes this process the owner of a data directory for as long as it lives: whatever ends it, a kill too, frees the
 * lock. Throws a DatabaseProblem when another process owns it, or when it cannot be written.
 */
export function lockDataDir(directory: string): { release: () => void } {
  makeWritable(directory);
  const file = join(directory, "lock.sqlite");
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock?.close();
    throw heldByAnother(error)
      ? new DatabaseProblem(`${directory} is in use by another running server: stop that one first.`, { cause: error })
      : (problemOf(error, file) ?? error);
  }
  const owned = lock;
  held.add(owned);
  return {
    release: () => {
      if (held.delete(owned)) owned.close();
    },
  };
}

function makeWritable(directory: string): void {
  try {
    makeDirectory(directory);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DatabaseProblem(`${directory} cannot be written: name a directory in which this user may create files.`, {
      cause: error,
    });
  }
}

const sqliteBusy = 5;
const heldByAnother = (error: unknown) => error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
