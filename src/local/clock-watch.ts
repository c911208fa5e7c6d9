import type { Logger } from "../runtime/logger.ts";

/** A clock that went further than this, in either direction, against one that cannot be set, was set. */
const correctedMaxMs = 60_000;

interface ClockWatchOptions {
  /** The clock by which everything is dated. */
  clock: () => Date;
  /** Milliseconds of a clock that nobody sets, and that goes on while the machine sleeps. */
  steadyMs: () => number;
  logger: Logger;
}

/** Looks whether the clock has jumped since it last looked, and tells the log. */
export function watchClock({ clock, steadyMs, logger }: ClockWatchOptions) {
  let last = { wallMs: clock().getTime(), steadyMs: steadyMs() };
  let jumpedAtSteadyMs: number | undefined;
  return {
    /** For a timer. */
    look: (): void => {
      const now = { wallMs: clock().getTime(), steadyMs: steadyMs() };
      const jumpMs = Math.round(now.wallMs - last.wallMs - (now.steadyMs - last.steadyMs));
      last = now;
      if (Math.abs(jumpMs) <= correctedMaxMs) return;
      jumpedAtSteadyMs = now.steadyMs;
      const what = jumpMs < 0 ? "the clock went back" : "the clock went forward";
      logger.warn({ jumpSeconds: Math.round(jumpMs / 1_000), time: clock().toISOString() }, what);
    },
    /** Milliseconds since the last jump; undefined when there was none. */
    sinceJumpMs: (): number | undefined => (jumpedAtSteadyMs === undefined ? undefined : steadyMs() - jumpedAtSteadyMs),
  };
}
