import { limits } from "@status-board/contracts";

/** How many messages and errors a connection has had lately (WS4). */
export interface Pace {
  /** Counts a message; true when it is one too many. */
  isTooFrequent(): boolean;
  /** Counts an error; true when the connection is to end. */
  isHopeless(): boolean;
}

/** `nowMs` is a clock in milliseconds; what is older than ten seconds no longer counts. */
export function createPace(nowMs: () => number): Pace {
  const messages: number[] = [];
  const errors: number[] = [];
  const count = (times: number[]): number => {
    const now = nowMs();
    times.push(now);
    const recent = times.findIndex((time) => time > now - limits.clientMessagesWindowMs);
    times.splice(0, recent);
    return times.length;
  };
  return {
    isTooFrequent: () => count(messages) > limits.clientMessagesMax,
    isHopeless: () => count(errors) >= limits.clientErrorsMax,
  };
}
