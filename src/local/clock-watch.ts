import type { Logger } from "../runtime/logger.ts";

/** A clock that went further than this, against one that cannot be set, was set or stood still. */
const backMaxMs = 60_000;
const forwardMaxMs = 3_600_000;

interface ClockWatchOptions {
  /** The clock by which everything is dated. */
  clock: () => Date;
  /** Milliseconds of a clock that nobody sets. */
  steadyMs: () => number;
  logger: Logger;
}

/**
 * Looks whether the clock has jumped since it last looked, and tells the log. A machine that slept for longer than an hour
 * looks the same as a clock that was put forward.
 */
export function watchClock({ clock, steadyMs, logger }: ClockWatchOptions) {
  let last = { wallMs: clock().getTime(), steadyMs: steadyMs() };
  let jumpedAtSteadyMs: number | undefined;
  return {
    /** For a timer. */
    look: (): void => {
      const now = { wallMs: clock().getTime(), steadyMs: steadyMs() };
      const jumpMs = Math.round(now.wallMs - last.wallMs - (now.steadyMs - last.steadyMs));
      last = now;
      if (jumpMs >= -backMaxMs && jumpMs <= forwardMaxMs) return;
      jumpedAtSteadyMs = now.steadyMs;
      const what = jumpMs < 0 ? "the clock went back" : "the clock went forward, or the machine slept";
      logger.warn({ jumpSeconds: Math.round(jumpMs / 1_000), time: clock().toISOString() }, what);
    },
    /** Milliseconds since the last jump; undefined when there was none. */
    sinceJumpMs: (): number | undefined => (jumpedAtSteadyMs === undefined ? undefined : steadyMs() - jumpedAtSteadyMs),
  };
}
