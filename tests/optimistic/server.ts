import {
  type Appointment,
  errorSchema,
  type MoveAppointment,
  type Named,
  type Status,
  sourcesOf,
  type UndoMove,
} from "@status-board/contracts";
import type { Result } from "@status-board/frontend-client";
import type { BoardOf, ChangesOf, DiffOf, OpOf } from "../../frontend-client/replica-input.ts";
import {
  judgeMove,
  judgeWrite,
  moved,
  nextCard,
  respaced,
  type StoredCard,
  undone,
} from "../../src/domain/appointment.ts";
import { boardView } from "../../src/domain/board.ts";
import { remember } from "../../src/domain/mutation.ts";
import type { Outcome, Refusal } from "../../src/domain/outcome.ts";
import { anchorOf, place } from "../../src/domain/place.ts";

export const date = "2031-03-03";
export const epoch = "e1";
const role = "manager";
const at = `${date}T09:00:00.000Z`;

/** What a server answers to one write. */
export type Answer = Result<Appointment>;

/** A server in a few lines, which decides by the product's own domain. Each write is a revision of its own. */
export interface SmallServer {
  move: (id: string, move: MoveAppointment, by: Named) => Answer;
  undo: (id: string, undo: UndoMove, by: Named) => Answer;
  create: (id: string, change?: Partial<Appointment>) => void;
  edit: (id: string, change: Partial<Appointment>, by: Named) => void;
  remove: (id: string) => void;
  cards: () => Appointment[];
  /** Every state that a card has had, by its version. */
  versionsOf: (id: string) => ReadonlyMap<number, Appointment>;
  diffs: readonly DiffOf<Appointment>[];
  snapshot: () => BoardOf<Appointment>;
  changes: (since: number) => ChangesOf<Appointment>;
}

const cardOf = (id: string, change: Partial<Appointment> = {}): Appointment => ({
  id,
  date,
  version: 1,
  status: "scheduled",
  rank: "V",
  start: at,
  end: at,
  customer: { name: `Customer ${id}` },
  vehicle: {},
  services: [],
  totalCents: 0,
  paidCents: 0,
  createdAt: at,
  updatedAt: at,
  updatedBy: { id: "anna", name: "Anna" },
  ...change,
});

export function smallServer(random: () => number): SmallServer {
  const items = new Map<string, StoredCard>();
  const removed = new Map<string, number>();
  const history = new Map<string, Map<number, Appointment>>();
  const diffs: DiffOf<Appointment>[] = [];

  const publish = (op: OpOf<Appointment>) =>
    void diffs.push({ type: "diff", date, epoch, rev: diffs.length + 1, ops: [op] });

  const cards = () => [...items.values()].map(({ card }) => card);

  function put(item: StoredCard): Appointment {
    const { card } = item;
    items.set(card.id, item);
    history.set(card.id, (history.get(card.id) ?? new Map()).set(card.version, card));
    publish({ op: "upsert", card });
    return card;
  }

  function move(id: string, body: MoveAppointment, by: Named): Answer {
    const current = items.get(id);
    if (current === undefined) return refusal({ kind: "not_found" });
    const { newStatus: to, mutationId = "", expectedVersion } = body;
    const hash = JSON.stringify({ ...body, expectedVersion: 0 });
    const mutation = { id: mutationId, hash };
    const judged = judgeMove(current, { expectedVersion, to, from: sourcesOf(to, role), mutation }, role);
    if (judged !== undefined) return answerOf(judged);
    const placed = place(keysOf(to), id, anchorOf(body), random);
    for (const key of placed.respaced) {
      const neighbour = items.get(key.id);
      if (neighbour !== undefined) put(respaced(neighbour, key.rank, at));
    }
    return { ok: true, data: put(moved(current, { to, rank: placed.rank, mutation, by, at })) };
  }

  const keysOf = (status: Status) =>
    cards()
      .filter((card) => card.status === status)
      .sort((one, other) => (one.rank + one.id < other.rank + other.id ? -1 : 1));

  function undo(id: string, { mutationId, expectedVersion }: UndoMove, by: Named): Answer {
    const current = items.get(id);
    if (current === undefined) return refusal({ kind: "not_found" });
    const mutation = { id: `undo:${mutationId}`, hash: "undo" };
    const judged = judgeWrite(current, expectedVersion, mutation);
    if (judged !== undefined) return answerOf(judged);
    const result = undone(current, { mutationId, by, role, at });
    if (result.kind !== "undone") return refusal(result);
    const memory = remember(current.memory, mutation, result.card.version);
    return { ok: true, data: put({ kind: "card", card: result.card, memory }) };
  }

  return {
    move,
    undo,
    create: (id, change) => void put({ kind: "card", card: cardOf(id, change), memory: [] }),
    edit: (id, change, by) => {
      const current = items.get(id);
      if (current) put({ ...current, card: nextCard(current.card, change, by, at) });
    },
    remove: (id) => {
      const current = items.get(id);
      if (current === undefined) return;
      items.delete(id);
      removed.set(id, current.card.version + 1);
      publish({ op: "remove", id, version: current.card.version + 1 });
    },
    cards,
    versionsOf: (id) => history.get(id) ?? new Map(),
    diffs,
    snapshot: () => {
      const tombstones = [...removed].map(([id, version]) => ({ id, version }));
      return boardView({ date, epoch, rev: diffs.length, cards: cards(), removed: tombstones });
    },
    changes: (since) => ({ epoch, head: diffs.length, changes: diffs.slice(since) }),
  };
}

function refusal({ kind: code, ...more }: Refusal): Answer {
  return { ok: false, error: errorSchema.parse({ message: "No.", correlationId: "c1", ...more, code }) };
}

const answerOf = (outcome: Outcome<Appointment>): Answer =>
  outcome.kind === "ok" ? { ok: true, data: outcome.data } : refusal(outcome);
