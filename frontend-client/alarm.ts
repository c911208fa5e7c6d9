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
