import { writeSync } from "node:fs";

const retryAfterMs = 5;
const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes a text to standard output, and comes back when all of it is out: an instance is frozen the moment it has answered. A pipe that is
 * full is waited for; nothing else is to be done meanwhile.
 */
export function writeOut(text: string): void {
  let rest: Uint8Array = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      Atomics.wait(clock, 0, 0, retryAfterMs);
    }
  }
}
