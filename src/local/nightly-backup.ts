import { statSync } from "node:fs";
import { localDay } from "../domain/time.ts";
import type { Logger } from "../runtime/logger.ts";
import type { BackupOptions } from "../store/sqlite/backup.ts";
import { newestBackup, openBackupDirectory, tidyBackups } from "../store/sqlite/backup-files.ts";
import { DatabaseProblem } from "../store/sqlite/database-problem.ts";

export interface NightlyBackupOptions {
  /** The database. */
  file: string;
  dataDir: string;
  directory: string;
  mayMakeDirectory: boolean;
  /** The shop's. */
  timeZone: string;
  clock: () => Date;
  logger: Logger;
  /** Makes one; on one machine on a thread of its own. */
  make: (options: BackupOptions) => Promise<{ file: string; bytes: number }>;
}

/** Backups that are made by themselves. */
export interface NightlyBackups {
  /** Makes one if it is due; for a timer. Tried again the next time when it fails. */
  tick: () => Promise<void>;
  /** Age of the newest that the folder has, whoever made it; undefined when there is none. */
  ageMs: () => number | undefined;
  /** Why the last attempt came to nothing; undefined after one that did not. */
  problem: () => string | undefined;
}

/** The hour, by the shop's clock, from which on a new day's backup is due. */
const dueAfterMs = 2 * 3_600_000;

/**
 * A backup a day, from two in the morning on. A machine that sleeps or is off at night makes it when it is next awake. The
 * first is due on the day after the database was made.
 */
export function nightlyBackups(options: NightlyBackupOptions): NightlyBackups {
  const { file, dataDir, directory, mayMakeDirectory, timeZone, clock, logger, make } = options;
  let problem = usable();
  if (problem !== undefined) logger.warn({ directory, problem }, "there will be no backups");

  /** Tells at the start, rather than at night, what is wrong with the folder. */
  function usable(): string | undefined {
    try {
      openBackupDirectory(directory, dataDir, mayMakeDirectory);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  const dayOf = (ms: number) => localDay(new Date(ms - dueAfterMs).toISOString(), timeZone);

  function isDue(now: Date): boolean {
    const last = newestBackup(directory, now, ["nightly"])?.atMs ?? madeAtMs(file, now);
    return dayOf(last) < dayOf(now.getTime());
  }

  async function tick(): Promise<void> {
    const now = clock();
    if (!isDue(now)) return;
    try {
      const { file: made, bytes } = await make({ file, directory, mayMakeDirectory, kind: "nightly", at: now });
      problem = undefined;
      tidyBackups(directory, now);
      logger.info({ file: made, bytes }, "backup made");
    } catch (error) {
      const message = messageOf(error);
      // Once for each reason: it is tried every minute.
      if (message !== problem) logger.error({ problem: message }, "no backup could be made");
      problem = message;
    }
  }

  return {
    tick,
    ageMs: () => {
      const now = clock();
      const newest = newestBackup(directory, now, ["nightly", "manual"]);
      return newest && now.getTime() - newest.atMs;
    },
    problem: () => problem,
  };
}

function messageOf(error: unknown): string {
  if (error instanceof DatabaseProblem) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** When the database was made, as far as the disk knows; a date to come says nothing. */
function madeAtMs(file: string, now: Date): number {
  const { birthtimeMs } = statSync(file);
  return birthtimeMs <= now.getTime() ? birthtimeMs : 0;
}
