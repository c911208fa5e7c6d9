import { existsSync, renameSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { backup as copyPages, DatabaseSync } from "node:sqlite";
import { type BackupKind, backupName, openBackupDirectory } from "./backup-files.ts";
import { DatabaseProblem, problemOf } from "./database-problem.ts";
import { removeDatabase, sync } from "./files.ts";
import { type Contents, checkWhole, contentsOf } from "./whole-file.ts";

/** What a backup is made of. It holds no function, so that it can be handed to another thread. */
export interface BackupOptions {
  /** The database; a server may have it open. */
  file: string;
  directory: string;
  /** Whether to make the directory when it is absent. */
  mayMakeDirectory: boolean;
  kind: BackupKind;
  at: Date;
}

/** A backup that is whole: it was read from end to end. */
export interface Backup {
  file: string;
  bytes: number;
  contents: Contents;
}

/** Pages copied at once. All of one backup are of one moment, however many turns they take. */
const pagesAtOnce = 10_000;
/** Room that must be left on the disk of the backup once it is there. */
const spareBytes = 16 * 1_048_576;

/**
 * Copies a database into one file of its own, reads the copy from end to end, compares what it holds with what was there
 * at that moment, and only then gives it its name. Whoever writes to the database meanwhile is not held up. Throws a
 * DatabaseProblem that says in one line why there is no backup; then nothing is left of it.
 */
export async function backUp(options: BackupOptions): Promise<Backup> {
  const { file, directory, mayMakeDirectory, kind, at } = options;
  if (!existsSync(file))
    throw new DatabaseProblem(`${file} does not exist: set DATA_DIR to where the board keeps its data.`);
  openBackupDirectory(directory, dirname(file), mayMakeDirectory);
  checkRoom(file, directory);
  const target = join(directory, backupName(at, kind));
  if (existsSync(target)) throw new DatabaseProblem(`${target} is there already: try again.`);
  return fill(target, directory, async (partial) => {
    const before = await copyOf(file, partial, directory);
    const contents = checkWhole(partial, file);
    if (JSON.stringify(contents) !== JSON.stringify(before))
      throw new DatabaseProblem(
        `The copy of ${file} does not hold what the database holds: check the disk of ${directory}.`,
      );
    return contents;
  });
}

/**
 * Keeps a database as it is before its format changes. For a file that no other process has open. Throws a
 * DatabaseProblem when it cannot be kept.
 */
export function keepBeforeMigration(database: DatabaseSync, file: string, at: Date): string {
  const directory = join(dirname(file), "backups");
  openBackupDirectory(directory, dirname(file), true);
  checkRoom(file, directory);
  const target = join(directory, backupName(at, "migration"));
  const partial = `${target}.partial`;
  try {
    removeDatabase(partial);
    database.prepare("VACUUM INTO ?").run(partial);
    checkWhole(partial, file);
    publish(partial, target, directory);
    return target;
  } catch (error) {
    removeDatabase(partial);
    throw problemIn(directory, error);
  }
}

async function fill(target: string, directory: string, make: (partial: string) => Promise<Contents>): Promise<Backup> {
  const partial = `${target}.partial`;
  try {
    const contents = await make(partial);
    publish(partial, target, directory);
    return { file: target, bytes: statSync(target).size, contents };
  } catch (error) {
    removeDatabase(partial);
    throw problemIn(directory, error);
  }
}

function publish(partial: string, target: string, directory: string): void {
  sync(partial);
  renameSync(partial, target);
  sync(directory);
}

/** Copies all pages as they are at one moment, and tells what they hold. */
async function copyOf(file: string, partial: string, directory: string): Promise<Contents> {
  let source: DatabaseSync | undefined;
  try {
    source = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    source.exec("BEGIN");
    const contents = contentsOf(source, file);
    try {
      await copyPages(source, partial, { rate: pagesAtOnce });
    } catch (error) {
      throw problemOf(error, directory) ?? error;
    }
    return contents;
  } catch (error) {
    throw problemOf(error, file) ?? error;
  } finally {
    source?.close();
  }
}

const inMegabytes = (bytes: number) => `${Math.ceil(bytes / 1_048_576)} MB`;

/** Throws a DatabaseProblem when the disk of a directory has no room for a copy of a database. */
export function checkRoom(file: string, directory: string): void {
  const bytesOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const neededBytes = bytesOf(file) + bytesOf(`${file}-wal`) + spareBytes;
  const { bavail, bsize } = statfsSync(directory);
  if (bavail * bsize < neededBytes)
    throw new DatabaseProblem(
      `${directory} has no room: ${inMegabytes(neededBytes)} are needed and ${inMegabytes(bavail * bsize)} are free.`,
    );
}

/** What went wrong while writing to a directory, in one line. */
export function problemIn(directory: string, error: unknown): Error {
  if (error instanceof DatabaseProblem) return error;
  const known = problemOf(error, directory);
  if (known !== undefined) return known;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code !== "string" || !code.startsWith("E") || code.startsWith("ERR_"))
    return error instanceof Error ? error : new Error(String(error));
  return new DatabaseProblem(`${directory} cannot be written (${code}): check its disk and its free space.`, {
    cause: error,
  });
}
