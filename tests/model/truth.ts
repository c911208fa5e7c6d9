import { type Appointment, type Named, statuses } from "@status-board/contracts";
import type { OpOf } from "../../frontend-client/replica-input.ts";
import type { StoredAppointment, Tombstone } from "../../src/domain/appointment.ts";
import type { Change } from "../../src/domain/diff.ts";
import type { Simulation } from "./simulation.ts";

export const shopId = "north";
export const dates = ["2031-03-03", "2031-03-04"] as const;

const writer: Named = { id: "anna", name: "Anna" };

/** The database itself: what stands on each board, and the feed of what was committed. */
export interface Truth {
  boards: Map<string, Map<string, StoredAppointment>>;
  feed: Change[];
  /** The newest version that a card ever had on a board, by `boardAndId`; it outlives the tombstone. For judging. */
  versions: Map<string, number>;
  createdCards: number;
}

export const emptyTruth = (): Truth => ({
  boards: new Map(dates.map((date) => [date, new Map()])),
  feed: [],
  versions: new Map(),
  createdCards: 0,
});

export const boardAndId = (date: string, id: string): string => `${date} ${id}`;

export const itemsOf = (truth: Truth, date: string): StoredAppointment[] => [
  ...(truth.boards.get(date)?.values() ?? []),
];

export const cardsOf = (truth: Truth, date: string): Appointment[] =>
  itemsOf(truth, date).flatMap((item) => (item.kind === "card" ? [item.card] : []));

function put(truth: Truth, after: StoredAppointment): void {
  const { id, date } = after.kind === "card" ? after.card : after;
  const board = truth.boards.get(date);
  const before = board?.get(id);
  board?.set(id, after);
  truth.versions.set(boardAndId(date, id), after.kind === "card" ? after.card.version : after.version);
  truth.feed.push({ shopId, date, id, after, position: String(truth.feed.length), ...(before && { before }) });
}

const stored = (card: Appointment): StoredAppointment => ({ kind: "card", card, memory: [] });

function tombstoneOf(card: Appointment, at: string, movedTo?: string): Tombstone {
  const { id, date, version } = card;
  const rest = { id, date, version: version + 1, at, by: writer, expiresAt: at, memory: [] };
  return { kind: "tombstone", ...rest, ...(movedTo !== undefined && { movedTo }) };
}

function create(truth: Truth, simulation: Simulation): void {
  const at = simulation.now().toISOString();
  put(
    truth,
    stored({
      id: `CARD${truth.createdCards++}`,
      date: simulation.pick(dates),
      version: 1,
      status: "scheduled",
      rank: rankBy(simulation),
      start: at,
      end: at,
      customer: { name: "Zoë Quandt", phone: "555" },
      vehicle: { make: "Škoda" },
      services: [],
      totalCents: 0,
      paidCents: 0,
      createdAt: at,
      updatedAt: at,
      updatedBy: writer,
    }),
  );
}

const rankBy = (simulation: Simulation) => simulation.random().toString(36).slice(2, 8);

/**
 * One accepted write, by chance: a creation, a move, an edit, a removal, or a card's way to the other day or back. Answers
 * what the writer is told: the card as it is now, or its removal.
 */
export function write(truth: Truth, simulation: Simulation): OpOf<Appointment> {
  const { feed } = truth;
  writeSomething(truth, simulation);
  const after = feed.at(-1)?.after;
  if (after === undefined) throw new Error("a write that left nothing");
  return after.kind === "card"
    ? { op: "upsert", card: after.card }
    : { op: "remove", id: after.id, version: after.version };
}

function writeSomething(truth: Truth, simulation: Simulation): void {
  const cards = dates.flatMap((date) => cardsOf(truth, date));
  if (cards.length === 0 || (cards.length < 6 && simulation.chance(0.3))) {
    create(truth, simulation);
    return;
  }
  const card = simulation.pick(cards);
  const at = simulation.now().toISOString();
  const next = { ...card, version: card.version + 1, updatedAt: at };
  const kind = simulation.pick(["move", "move", "edit", "remove", "reschedule", "reschedule"] as const);
  if (kind === "move") put(truth, stored({ ...next, status: simulation.pick(statuses), rank: rankBy(simulation) }));
  else if (kind === "edit") put(truth, stored({ ...next, notes: `seen at ${at}` }));
  else if (kind === "remove") put(truth, tombstoneOf(card, at));
  else {
    const date = card.date === dates[0] ? dates[1] : dates[0];
    put(truth, tombstoneOf(card, at, date));
    put(truth, stored({ ...next, date, rank: rankBy(simulation) }));
  }
}

/** Tombstones go, which the feed tells and nobody needs to hear (CA6). */
export function forgetRemoved(truth: Truth): void {
  for (const [date, board] of truth.boards)
    for (const [id, before] of board) {
      if (before.kind === "card") continue;
      board.delete(id);
      truth.feed.push({ shopId, date, id, before, position: String(truth.feed.length) });
    }
}
