import { accessSync, constants, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseProblem } from "./database-problem.ts";
import { inFileName, makeDirectory } from "./files.ts";

/** Why a backup was made: by the clock, by somebody, or before a start changed the file's format. */
export type BackupKind = "nightly" | "manual" | "migration";

/** A backup that lies in a directory. */
export interface BackupFile {
  file: string;
  kind: BackupKind;
  /** When it was begun, by the clock of then; milliseconds since 1970. */
  atMs: number;
}

/** Nightly backups that are kept; those that somebody asked for, and those before migrations, are never deleted. */
export const nightlyKept = 14;

const namePattern = /^board-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d\.\d{3}Z)-(nightly|manual|migration)\.sqlite$/;
/** What a backup is called until it is whole. */
const partialPattern = /^board-.*\.sqlite\.partial(-journal|-wal|-shm)?$/;
const partialKeptMs = 86_400_000;

export const backupName = (at: Date, kind: BackupKind): string => `board-${inFileName(at)}-${kind}.sqlite`;

/** The directory's backups, in no order; none when there is no such directory. */
export function listBackups(directory: string): BackupFile[] {
  return namesIn(directory).flatMap((name) => {
    const [, day, hour, minute, second, kind] = namePattern.exec(name) ?? [];
    if (kind === undefined) return [];
    const atMs = Date.parse(`${day}${hour}:${minute}:${second}`);
    return [{ file: join(directory, name), kind: kind as BackupKind, atMs }];
  });
}

/**
 * The newest backup of those kinds; undefined when there is none. What a clock that was wrong has dated into the future
 * says nothing of how old it is and does not count.
 */
export function newestBackup(directory: string, now: Date, kinds: readonly BackupKind[]): BackupFile | undefined {
  return listBackups(directory)
    .filter(({ kind, atMs }) => kinds.includes(kind) && atMs <= now.getTime())
    .reduce<BackupFile | undefined>((newest, one) => (newest && newest.atMs > one.atMs ? newest : one), undefined);
}

/** Deletes the oldest nightly backups beyond those that are kept, and what a backup that was cut off left a day ago. */
export function tidyBackups(directory: string, now: Date): void {
  // Whatever is dated into the future was made before the clock was put right.
  const age = ({ atMs }: BackupFile) => (atMs > now.getTime() ? 0 : atMs);
  const nightly = listBackups(directory).filter(({ kind }) => kind === "nightly");
  nightly.sort((a, b) => age(b) - age(a));
  for (const { file } of nightly.slice(nightlyKept)) rmSync(file, { force: true });
  for (const name of namesIn(directory).filter((one) => partialPattern.test(one))) {
    const path = join(directory, name);
    const changedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Math.abs(now.getTime() - changedMs) > partialKeptMs) rmSync(path, { force: true });
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/**
 * Makes sure that backups can go there. `mayMake` makes the directory when it is absent: only for one of the program's own,
 * since the directory of a disk that is not mounted would lie on the disk that the backup is to survive.
 * Throws a DatabaseProblem.
 */
export function openBackupDirectory(directory: string, dataDir: string, mayMake: boolean): void {
  try {
    if (mayMake) makeDirectory(directory);
    const isDirectory = statSync(directory).isDirectory();
    if (!isDirectory) throw new DatabaseProblem(`${directory} is no folder: name one that backups may go into.`);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof DatabaseProblem) throw error;
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new DatabaseProblem(
      isMissing
        ? `${directory} does not exist: make the folder for backups, or connect its disk.`
        : `${directory} cannot be written: name a folder for backups in which this user may create files.`,
      { cause: error },
    );
  }
  if (isSame(directory, dataDir))
    throw new DatabaseProblem(`${directory} is the data folder itself: name another folder for backups.`);
}

function isSame(directory: string, other: string): boolean {
  try {
    return realpathSync(directory) === realpathSync(other);
  } catch {
    return false;
  }
}
