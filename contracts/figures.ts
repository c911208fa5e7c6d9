import type { Status } from "./appointment.ts";
import type { Stats } from "./stats.ts";

/** What the figures need to know of a card. A viewer's public card lacks the money, which then counts as none. */
export interface FigureCard {
  readonly status: Status;
  readonly promisedAt?: string | undefined;
  readonly totalCents?: number;
  readonly paidCents?: number;
  readonly checkInAt?: string | undefined;
  readonly checkOutAt?: string | undefined;
}

const minuteMs = 60_000;

/** True where a promise was not kept (ST1): a car that is ready or gone is never late. Both times are ISO 8601 in UTC. */
export function isLate({ status, promisedAt }: FigureCard, now: string): boolean {
  return (status === "scheduled" || status === "in_progress") && promisedAt !== undefined && promisedAt < now;
}

/** A board's cards in figures (ST1), as of `now`, ISO 8601 in UTC with milliseconds. Servers and screens share it. */
export function figuresOf(date: string, cards: Iterable<FigureCard>, now: string): Stats {
  const statusCounts = { scheduled: 0, in_progress: 0, ready: 0, completed: 0, no_show: 0 };
  let all = 0;
  let late = 0;
  let revenueCents = 0;
  let unpaidCents = 0;
  let cycleMs = 0;
  let cycles = 0;
  for (const card of cards) {
    const { status, totalCents = 0, paidCents = 0, checkInAt, checkOutAt } = card;
    all++;
    statusCounts[status]++;
    if (status !== "no_show") unpaidCents += Math.max(0, totalCents - paidCents);
    if (isLate(card, now)) late++;
    if (status !== "completed") continue;
    revenueCents += totalCents;
    if (checkInAt === undefined || checkOutAt === undefined) continue;
    cycleMs += Date.parse(checkOutAt) - Date.parse(checkInAt);
    cycles++;
  }
  return {
    date,
    jobsToday: all - statusCounts.no_show,
    onPrem: statusCounts.in_progress + statusCounts.ready,
    statusCounts,
    late,
    revenueCents,
    unpaidCents,
    averageCycleMinutes: cycles === 0 ? null : Math.round(cycleMs / cycles / minuteMs),
  };
}
