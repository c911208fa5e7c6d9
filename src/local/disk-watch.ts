import { statfsSync, statSync } from "node:fs";
import type { Logger } from "../runtime/logger.ts";

/** Below this there may be no room for tomorrow's writes, let alone for a backup. */
export const diskLowBytes = 512 * 1_048_576;

/** Room on a directory's disk for this user, in bytes; undefined where the system does not say. */
export function freeBytesOf(directory: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** Looks how much room the data's disk has left, and tells the log when that is little. */
export function watchDisk(directory: string, logger: Logger, freeBytes = freeBytesOf) {
  let known: number | undefined;
  return {
    /** For an hourly timer. */
    look: (): void => {
      known = freeBytes(directory);
      if (known !== undefined && known < diskLowBytes)
        logger.warn({ directory, freeBytes: known }, "the disk is nearly full: make room on it");
    },
    /** As of the last look. */
    freeBytes: (): number | undefined => known,
    isLow: (): boolean => known !== undefined && known < diskLowBytes,
  };
}

/** Tells the log when a database was written at a time that is still to come: then the clock is behind. */
export function checkWrittenBefore(file: string, now: Date, logger: Logger): void {
  const { mtime } = statSync(file);
  if (mtime.getTime() - now.getTime() > 60_000)
    logger.warn({ written: mtime.toISOString(), time: now.toISOString() }, "the clock is behind: set it");
}
