import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";

/** What SQLite keeps beside a database file. */
const sideSuffixes = ["-wal", "-shm", "-journal"] as const;

/** Paths of what SQLite may keep beside a database file. */
export const sideFilesOf = (file: string): string[] => sideSuffixes.map((suffix) => file + suffix);

/** Deletes a database file and what stands beside it, as far as they are there. */
export function removeDatabase(file: string): void {
  for (const path of [...sideFilesOf(file), file]) rmSync(path, { force: true });
}

/** Waits until what was written to a file, or which names a directory has, is on the disk. */
export function sync(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A moment as a part of a file's name: no system refuses it, and names sort as moments do. */
export const inFileName = (moment: Date): string => moment.toISOString().replaceAll(":", "-");

/**
 * Makes a directory and those above it, where they are not there. Node's own recursive way never comes to an end where a
 * disk makes no directory in one that is there and says ENOENT, as /proc and automounted folders do.
 */
export function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const above = dirname(directory);
  if (above !== directory) makeDirectory(above);
  mkdirSync(directory);
}
