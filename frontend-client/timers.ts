/** One thing to be done at one time, or not at all. */
export interface Alarm {
  /** When it is set for, in ms since 1970; undefined while it is not set. */
  readonly at: number | undefined;
  /** In so many ms, instead of whenever it was set for; or not at all. */
  set(ms?: number): void;
}

export function createAlarm(work: () => void): Alarm {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alarm = {
    at: undefined as number | undefined,
    set: (ms?: number) => {
      clearTimeout(timer);
      alarm.at = undefined;
      if (ms === undefined) return;
      alarm.at = Date.now() + ms;
      timer = setTimeout(() => {
        alarm.set();
        work();
      }, ms);
    },
  };
  return alarm;
}

/** How long to wait before a new try, in ms: a random share of min(max, first * 2^tries). */
export const jittered = (random: () => number, tries: number, firstMs: number, maxMs: number): number =>
  random() * Math.min(maxMs, firstMs * 2 ** tries);

/** Resolves after so many ms, or as soon as the signal aborts. */
export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
