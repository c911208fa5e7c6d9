import type { Appointment, Board, Removed, Status } from "@status-board/contracts";

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

/** Until when a board's figures stay as they are if nobody writes: the next promised time that has yet to pass. */
export function statsHoldUntil(read: BoardRead, now: string): string {
  let until = "9999";
  for (const { status, promisedAt } of read.cards)
    if ((status === "scheduled" || status === "in_progress") && promisedAt !== undefined)
      if (promisedAt >= now && promisedAt < until) until = promisedAt;
  return until;
}
