import { write, writeSync } from "node:fs";

const retryAfterMs = 5;
/** Lines that follow one another faster than this are written together: each write is a task for another thread. */
const writeAgainAfterMs = 10;
/** How long an exit waits for a reader who takes nothing. */
const exitMaxMs = 1_000;
/** What may wait for a reader who has fallen behind. */
const waitingMaxCharacters = 4_194_304;
const clock = new Int32Array(new SharedArrayBuffer(4));
const nothing: Uint8Array = new Uint8Array();

const isFull = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EAGAIN";

/**
 * Writes a text to standard output, and comes back when all of it is out: an instance is frozen the moment it has answered. A pipe that is
 * full is waited for, at most so long; nothing else is to be done meanwhile. Throws what the system says of any other fault.
 */
export function writeOut(text: string, patienceMs = Number.POSITIVE_INFINITY): void {
  const until = performance.now() + patienceMs;
  let rest: Uint8Array = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (!isFull(error) || performance.now() >= until) throw error;
      Atomics.wait(clock, 0, 0, retryAfterMs);
    }
  }
}

/**
 * Standard output, written in the background; what waits when the process exits is written then. What cannot be written, since nobody
 * reads any more or the disk is full, is dropped, and so is what comes while too much waits: a log keeps nobody from working, nor from stopping.
 */
export function openStandardOutput(): { write: (text: string) => void } {
  let waiting = "";
  let underWay = nothing;
  let isBusy = false;

  function goOn(): void {
    if (underWay.length === 0) {
      underWay = Buffer.from(waiting);
      waiting = "";
    }
    isBusy = underWay.length > 0;
    if (!isBusy) return;
    write(1, underWay, (error, bytes) => {
      underWay = error !== null && !isFull(error) ? nothing : underWay.subarray(bytes);
      setTimeout(goOn, writeAgainAfterMs);
    });
  }

  process.once("exit", () => {
    try {
      writeOut(waiting, exitMaxMs);
    } catch {
      // There is nobody left to tell.
    }
  });
  return {
    write: (text) => {
      if (waiting.length < waitingMaxCharacters) waiting += text;
      if (!isBusy) goOn();
    },
  };
}
