/** A point in the program at which the one who comes next waits, until the test lets it go on. */
export interface Barrier {
  /** Resolves when somebody waits there. */
  reached: Promise<void>;
  /** Lets go whoever waits; from then on nobody waits. */
  open: () => void;
  /** For the program: waits, if it is the first and the barrier is closed. */
  pass: () => Promise<void>;
}

export function barrier(): Barrier {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  let isTaken = false;
  return {
    reached: reached.promise,
    open: () => opened.resolve(),
    pass: async () => {
      if (isTaken) return;
      isTaken = true;
      reached.resolve();
      await opened.promise;
    },
  };
}
