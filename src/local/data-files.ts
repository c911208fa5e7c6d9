import { join } from "node:path";
import { type LocalEnvironment, StartProblem } from "../runtime/environment.ts";

/** The database of one machine. Throws a StartProblem where it is not a file. */
export function databaseFileOf({ DATABASE, DATA_DIR }: LocalEnvironment): string {
  if (DATABASE !== "sqlite")
    throw new StartProblem("DATABASE is dynamodb: its copies are made by DynamoDB (point-in-time recovery, exports).");
  return join(DATA_DIR, "board.sqlite");
}

/** Where backups go, and whether the program may make that folder: only its own, beside the database. */
export const backupDirectoryOf = ({ BACKUP_DIR, DATA_DIR }: LocalEnvironment) => ({
  directory: BACKUP_DIR ?? join(DATA_DIR, "backups"),
  mayMake: BACKUP_DIR === undefined,
});
