import { uptime } from "node:os";
import type { Condition } from "../operations/ports.ts";
import type { LocalEnvironment } from "../runtime/environment.ts";
import type { Logger } from "../runtime/logger.ts";
import { backUpOnThread } from "../store/sqlite/backup-thread.ts";
import { watchClock } from "./clock-watch.ts";
import { backupDirectoryOf } from "./data-files.ts";
import { checkWrittenBefore, watchDisk } from "./disk-watch.ts";
import { nightlyBackups } from "./nightly-backup.ts";
import { repeat } from "./repeat.ts";

const backupIntervalMs = 60_000;
const diskIntervalMs = 3_600_000;
const clockIntervalMs = 5_000;
/** A day, the longest of the year, and an hour for whatever held it up. */
const backupOldMs = 26 * 3_600_000;
/** How long a jump of the clock is told. */
const jumpToldMs = 86_400_000;

interface CareOptions {
  environment: LocalEnvironment;
  /** The database's file; without one there is nothing here to back up. */
  file: string | undefined;
  timeZone: string;
  clock: () => Date;
  logger: Logger;
  /** Milliseconds of a clock that nobody sets. Default how long the machine has been on, its sleep included. */
  steadyMs?: () => number;
}

/** What a server on a machine of its own does for its data by itself. */
export interface Care {
  condition: () => Condition;
  /** Age of the newest backup; undefined while there is none. */
  backupAgeMs?: () => number | undefined;
  /** Begins; until then nothing runs. */
  start: () => void;
  stop: () => Promise<void>;
}

/** Makes backups at night and keeps an eye on disk and clock. */
export function takeCare({
  environment,
  file,
  timeZone,
  clock,
  logger,
  steadyMs = () => uptime() * 1_000,
}: CareOptions): Care {
  const clockWatch = watchClock({ clock, steadyMs, logger });
  const tasks: { stop: () => Promise<void> }[] = [];
  const startClock = () => void tasks.push(repeat("clock", clockIntervalMs, async () => clockWatch.look(), logger));
  const hasJumped = () => (clockWatch.sinceJumpMs() ?? Number.POSITIVE_INFINITY) < jumpToldMs;
  const stop = async () => void (await Promise.all(tasks.map((task) => task.stop())));
  if (file === undefined)
    return { condition: () => ({ warnings: hasJumped() ? ["clock_changed"] : [] }), start: startClock, stop };

  const { DATA_DIR: dataDir } = environment;
  const disk = watchDisk(dataDir, logger);
  const { directory, mayMake: mayMakeDirectory } = backupDirectoryOf(environment);
  const paths = { file, dataDir, directory, mayMakeDirectory };
  const backups = nightlyBackups({ ...paths, timeZone, clock, logger, make: backUpOnThread });
  return {
    condition: () => {
      const [ageMs, diskFreeBytes] = [backups.ageMs(), disk.freeBytes()];
      const warnings: Condition["warnings"] = [];
      if (disk.isLow()) warnings.push("disk_low");
      if (backups.problem() !== undefined) warnings.push("backup_failed");
      if (ageMs !== undefined && ageMs > backupOldMs) warnings.push("backup_old");
      if (hasJumped()) warnings.push("clock_changed");
      return {
        ...(ageMs !== undefined && { backupAgeSeconds: Math.floor(ageMs / 1_000) }),
        ...(diskFreeBytes !== undefined && { diskFreeBytes }),
        warnings,
      };
    },
    backupAgeMs: backups.ageMs,
    start: () => {
      checkWrittenBefore(file, clock(), logger);
      startClock();
      tasks.push(
        repeat("disk", diskIntervalMs, async () => disk.look(), logger),
        repeat("backup", backupIntervalMs, backups.tick, logger),
      );
    },
    stop,
  };
}
