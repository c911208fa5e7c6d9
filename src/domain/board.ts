import type { Appointment, Board, Removed, Stats, Status } from "@status-board/contracts";

/** All that stands on one board at one moment, read together. Cards come by column, rank, then id. */
export interface BoardRead {
  date: string;
  epoch: string;
  rev: number;
  cards: readonly Appointment[];
  removed: readonly Removed[];
}

/** The board as it is shown, whole or one technician's cards only. */
export function boardView(read: BoardRead, technicianId?: string): Board {
  const empty = (): Board["columns"][Status] => ({ items: [], count: 0 });
  const columns = { scheduled: empty(), in_progress: empty(), ready: empty(), completed: empty(), no_show: empty() };
  for (const card of read.cards) {
    if (technicianId !== undefined && card.technician?.id !== technicianId) continue;
    const column = columns[card.status];
    column.items.push(card);
    column.count++;
  }
  return { date: read.date, epoch: read.epoch, rev: read.rev, columns, removed: [...read.removed] };
}

const minuteMs = 60_000;

/** The board in figures (ST1), as of `now`, ISO 8601 in UTC with milliseconds. */
export function statsOf(read: BoardRead, now: string): Stats {
  const statusCounts = { scheduled: 0, in_progress: 0, ready: 0, completed: 0, no_show: 0 };
  let late = 0;
  let revenueCents = 0;
  let unpaidCents = 0;
  let cycleMs = 0;
  let cycles = 0;
  for (const { status, promisedAt, totalCents, paidCents, checkInAt, checkOutAt } of read.cards) {
    statusCounts[status]++;
    if (status !== "no_show") unpaidCents += Math.max(0, totalCents - paidCents);
    if ((status === "scheduled" || status === "in_progress") && promisedAt !== undefined && promisedAt < now) late++;
    if (status !== "completed") continue;
    revenueCents += totalCents;
    if (checkInAt === undefined || checkOutAt === undefined) continue;
    cycleMs += Date.parse(checkOutAt) - Date.parse(checkInAt);
    cycles++;
  }
  return {
    date: read.date,
    jobsToday: read.cards.length - statusCounts.no_show,
    onPrem: statusCounts.in_progress + statusCounts.ready,
    statusCounts,
    late,
    revenueCents,
    unpaidCents,
    averageCycleMinutes: cycles === 0 ? null : Math.round(cycleMs / cycles / minuteMs),
  };
}

/** Until when a board's figures stay as they are if nobody writes: the next promised time that has yet to pass. */
export function statsHoldUntil(read: BoardRead, now: string): string {
  let until = "9999";
  for (const { status, promisedAt } of read.cards)
    if ((status === "scheduled" || status === "in_progress") && promisedAt !== undefined)
      if (promisedAt >= now && promisedAt < until) until = promisedAt;
  return until;
}
