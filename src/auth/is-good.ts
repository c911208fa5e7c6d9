/** By more than this a clock was set back, by less it was corrected. */
const correctedMaxMs = 60_000;

/**
 * True for what is good for `validMs` from when it was given out until `expiresAt`, ISO 8601. What seems to end later than
 * something given out just now was given out before the clock was set back; nobody knows how long ago, so it has ended.
 */
export function isGood(expiresAt: string, validMs: number, now: Date): boolean {
  const leftMs = Date.parse(expiresAt) - now.getTime();
  return leftMs > 0 && leftMs <= validMs + correctedMaxMs;
}
