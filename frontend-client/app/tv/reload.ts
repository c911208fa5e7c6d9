const minuteMs = 60_000;
/** A moment is quiet when nothing has changed for so long. */
const quietMs = minuteMs;
/** Between two reloads for a release; while old and new servers answer in turn, it is not the screen's to settle. */
const betweenReloadsMs = 60 * minuteMs;

/** What a page remembers of the last time it was reloaded for a release. */
export interface Reloaded {
  release: string;
  /** ms since 1970. */
  at: number;
}

interface Moment {
  /** The release that answered first after this page was loaded; undefined before. */
  loaded: string | undefined;
  /** The release that answered last. */
  current: string | undefined;
  reloaded: Reloaded | undefined;
  /** When the board last changed, or the page was loaded, in ms since 1970. */
  changedAt: number;
  isResting: boolean;
  /** ms since 1970. */
  now: number;
}

/** Whether to reload now, to become the page of another release: at a quiet moment, and once for each release. */
export function isTimeToReload({ loaded, current, reloaded, changedAt, isResting, now }: Moment): boolean {
  if (loaded === undefined || current === undefined || loaded === current) return false;
  if (reloaded !== undefined && (reloaded.release === current || now - reloaded.at < betweenReloadsMs)) return false;
  return isResting || now - changedAt >= quietMs;
}

/** What a page remembers of failures that only a reload could mend. */
export interface Failures {
  count: number;
  /** When the last one was, in ms since 1970. */
  at: number;
}

const firstWaitMs = 15_000;
const longestWaitMs = 10 * minuteMs;
/** A page that held for so long has recovered; its next failure is a first one. */
const recoveredMs = 60 * minuteMs;

/** One more failure, and how long to wait before the reload: twice as long each time, up to ten minutes. */
export function nextFailure(before: Failures | undefined, now: number): { failures: Failures; waitMs: number } {
  const count = before === undefined || now - before.at > recoveredMs ? 1 : before.count + 1;
  return { failures: { count, at: now }, waitMs: Math.min(longestWaitMs, firstWaitMs * 2 ** (count - 1)) };
}
