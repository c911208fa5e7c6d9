import type { Appointment, Status } from "@status-board/contracts";
import type { Columns } from "../../../columns.ts";

const ana = { id: "ana", name: "Ana" };

/** A card by a letter, with what is said of it. */
export function cardOf(letter: string, change: Partial<Appointment> = {}): Appointment {
  return {
    id: `01JQ000000000000000000000${letter.toUpperCase()}`,
    date: "2026-03-03",
    version: 1,
    status: "scheduled",
    rank: letter,
    start: "2026-03-03T08:00:00.000Z",
    end: "2026-03-03T09:00:00.000Z",
    customer: { name: `Customer ${letter}` },
    vehicle: {},
    services: [],
    totalCents: 0,
    paidCents: 0,
    createdAt: "2026-03-01T08:00:00.000Z",
    updatedAt: "2026-03-03T08:00:00.000Z",
    updatedBy: ana,
    ...change,
  };
}

/** A board of cards by their letters: `boardOf({ ready: "ab" })`. */
export function boardOf(letters: Partial<Record<Status, string>>): Columns<Appointment> {
  const column = (status: Status) => [...(letters[status] ?? "")].map((letter) => cardOf(letter, { status }));
  return {
    scheduled: column("scheduled"),
    in_progress: column("in_progress"),
    ready: column("ready"),
    completed: column("completed"),
    no_show: column("no_show"),
  };
}

export const idOf = (letter: string): string => cardOf(letter).id;
