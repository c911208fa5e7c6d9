/**
 * What the product promises of its answers, over 30 days. A request that is slower than its route's `withinMs` is slow;
 * at most so many in a hundred may be, and at most so many may fail by our own fault.
 */
export const objectives = {
  withinMs: { getBoard: 800, getStats: 500, moveAppointment: 400 },
  slowShareMax: 0.05,
  failedShareMax: 0.005,
} as const;

const withinMs: Readonly<Record<string, number | undefined>> = objectives.withinMs;

/** Whether a request took longer than its route promises; undefined for a route that promises nothing. */
export function isSlow(route: string, durationMs: number): boolean | undefined {
  const promisedMs = withinMs[route];
  return promisedMs === undefined ? undefined : durationMs > promisedMs;
}
