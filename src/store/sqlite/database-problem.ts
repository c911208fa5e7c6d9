/** Why a database cannot be used. Its message is one line that says what to do; a root prints it and stops. */
export class DatabaseProblem extends Error {
  override name = "DatabaseProblem";
}

/** True for what SQLite itself reports, and for the use of a database that is closed; anything else is a bug. */
export function isDatabaseError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ERR_SQLITE_ERROR" || error.code === "ERR_INVALID_STATE")
  );
}

/** Primary result codes, https://sqlite.org/rescode.html. */
const adviceByCode = new Map([
  [5, "is locked by another program: close that program and start again"],
  [6, "is locked by another program: close that program and start again"],
  [8, "cannot be written: give this user the right to write the file and its directory"],
  [10, "cannot be read or written: check the disk"],
  [11, "is damaged: restore a backup"],
  [13, "cannot be written because the disk is full: make room on it"],
  [14, "cannot be opened: check that its directory exists and that this user may write there"],
  [26, "is not a database: restore a backup, or move the file away to start with an empty one"],
]);

/** The problem behind an error of SQLite's; undefined where there is no advice to give. */
export function problemOf(error: unknown, file: string): DatabaseProblem | undefined {
  if (!isDatabaseError(error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  const advice = adviceByCode.get(error.errcode & 0xff);
  return advice === undefined ? undefined : new DatabaseProblem(`${file} ${advice}.`, { cause: error });
}
