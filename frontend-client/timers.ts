/** One thing to be done at one time, or not at all. */
export interface Alarm {
  /** In so many ms, instead of whenever it was set for. */
  set(ms: number): void;
  clear(): void;
  isSet(): boolean;
}

export function createAlarm(work: () => void): Alarm {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const clear = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    set: (ms) => {
      clear();
      timer = setTimeout(() => {
        timer = undefined;
        work();
      }, ms);
    },
    clear,
    isSet: () => timer !== undefined,
  };
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
