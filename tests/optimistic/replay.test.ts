import { type Appointment, type MoveAppointment, type Status, statuses } from "@status-board/contracts";
import type { MoveOutcome, PendingMove, Target } from "@status-board/frontend-client";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { limitsOnFakeClock } from "../../frontend-client/testing/time-limits.ts";
import { date } from "./server.ts";
import { ana, me, settled, shownBy, startWorld, type World } from "./world.ts";

/*
 * Whatever the order of things: what is shown is what the server said plus the pending moves (CL1). A course is a list of
 * events with numbers to choose by; fast-check prints the shortest one that fails.
 */
const { REPLAY_RUNS = "1000" } = process.env;

const kinds = [
  ...["move", "move", "move", "undo", "execute", "execute", "answer", "answer", "lose"],
  ...["theirs", "theirs", "edit", "remove", "create", "diff", "diff", "skip", "again", "poll", "read", "hand"],
  ...["reconnect", "limit"],
] as const;
const event = fc.record({ kind: fc.constantFrom(...kinds), one: fc.nat(1_000), other: fc.nat(1_000) });
type Event = { kind: (typeof kinds)[number]; one: number; other: number };

/** A move as the user made it, for as long as its outcome is not known. */
interface Made {
  kind: "move" | "undo";
  from: Status | undefined;
  pending: PendingMove;
  /** The version on which it stands; undefined while an earlier move of the card is to make it. */
  version: number | undefined;
}

interface Course {
  world: World;
  made: Made[];
  /** Of the event that happens now: whose moves came to which end. */
  ends: { id: string; kind: MoveOutcome["kind"]; from: Status | undefined; expectedFrom: Status | undefined }[];
  movesMade: number;
  met: Set<string>;
  ids: string[];
  reads: (() => void)[];
  delivered: number;
}

const idOf = (index: number) => `01K000000000000000000000${String(index).padStart(2, "0")}`;

const pick = <T>(list: readonly T[], number: number): T | undefined => list[number % list.length];

function begin(): Course {
  let seed = 1;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const ids = [0, 1, 2, 3].map(idOf);
  const world = startWorld((server) => {
    for (const [index, id] of ids.entries()) server.create(id, { rank: String(index + 1) });
  }, random);
  return { world, made: [], ends: [], movesMade: 0, met: new Set(), ids, reads: [], delivered: ids.length };
}

const cardsShown = ({ world }: Course): Appointment[] => Object.values(world.state().board?.columns ?? {}).flat();

function targetBy(course: Course, id: string, number: number): Target {
  const newStatus = pick(statuses, number) ?? "ready";
  const beside = course.ids.filter((other) => other !== id);
  const anchor = pick(beside, Math.floor(number / 5)) ?? "";
  const way = Math.floor(number / 35) % 4;
  return { newStatus, ...(way === 1 && { afterId: anchor }), ...(way === 2 && { beforeId: anchor }) };
}

/** Has the user make a move, and notes what becomes of it. One that needs no request has its outcome at once. */
function make(course: Course, kind: Made["kind"], id: string, begin: () => Promise<MoveOutcome>): void {
  const { world, made, ends, met } = course;
  const from = cardsShown(course).find((card) => card.id === id)?.status;
  const before = world.state().pending.get(id);
  const outcome = begin();
  const pending = world.state().pending.get(id);
  const version = before === undefined ? world.replica().cards.get(id)?.version : undefined;
  const move: Made | undefined = pending && pending !== before ? { kind, from, pending, version } : undefined;
  if (move) {
    made.push(move);
    course.movesMade++;
    met.add(kind);
  }
  void outcome.then((result) => {
    if (move === undefined) return;
    made.splice(made.indexOf(move), 1);
    met.add(result.kind);
    const next = made.find((other) => other.pending.appointmentId === id);
    if (next && result.kind === "moved") next.version = result.appointment.version;
    ends.push({ id, kind: result.kind, from: "from" in result ? result.from : from, expectedFrom: from });
  });
}

/** Their move, which the domain may refuse as it may ours. */
function theirMove({ world, ids }: Course, { one, other }: Event): void {
  const card = pick(world.server.cards(), one);
  if (card === undefined) return;
  const newStatus = pick(statuses, other) ?? "ready";
  const anchor = pick(ids, Math.floor(other / 5));
  const body: MoveAppointment = { newStatus, expectedVersion: card.version, mutationId: `${one} ${card.version}` };
  world.server.move(card.id, anchor === card.id || anchor === undefined ? body : { ...body, beforeId: anchor }, ana);
}

const events: Record<Event["kind"], (course: Course, event: Event) => unknown> = {
  move: (course, { one, other }) => {
    const id = pick(course.ids, one) ?? "";
    const target = targetBy(course, id, other);
    make(course, "move", id, () => course.world.board.moveAppointment(id, target));
  },
  undo: (course) => {
    const { undoable } = course.world.state();
    if (undoable) make(course, "undo", undoable.appointmentId, () => course.world.board.undo());
  },
  execute: ({ world }, { one }) => void pick(world.sent, one)?.execute(),
  answer: ({ world }, { one }) => pick(world.open(), one)?.answer(),
  lose: ({ world, met }, { one }) => {
    met.add("lost answer");
    return pick(world.open(), one)?.fail();
  },
  theirs: theirMove,
  edit: ({ world, ids }, { one }) => world.server.edit(pick(ids, one) ?? "", { notes: `note ${one}` }, ana),
  remove: ({ world, ids }, { one }) => {
    if (one % 4 === 0) world.server.remove(pick(ids, one / 4) ?? "");
  },
  create: ({ world, ids }, { one, other }) => {
    if (ids.length > 6) return;
    const id = idOf(ids.length);
    ids.push(id);
    world.server.create(id, { status: pick(statuses, one) ?? "ready", rank: String(other) });
  },
  diff: (course) => course.world.deliver(++course.delivered),
  skip: (course) => {
    course.met.add("gap");
    course.delivered++;
  },
  again: ({ world, delivered }, { one }) => world.deliver(one % (delivered + 1)),
  poll: ({ world }) => world.poll(),
  read: ({ world, reads }) => {
    const hand = world.readWanted();
    if (hand) reads.push(hand);
  },
  hand: ({ reads, met }) => {
    if (reads.length > 0) met.add("snapshot");
    reads.shift()?.();
  },
  reconnect: ({ world }) => {
    world.connection({ kind: "reconnecting", since: 0 });
    world.connection({ kind: "live" });
  },
  limit: ({ world }, { one }) => (one % 8 === 0 ? world.pass(30_000) : undefined),
};

/** What the server has said, card by card, with our moves over it: a second opinion, of ids alone. */
function expected(course: Course): Record<Status, string[]> {
  const { world, made } = course;
  const cards = [...world.replica().cards.values()].sort((one, other) => {
    if (one.rank !== other.rank) return one.rank < other.rank ? -1 : 1;
    return one.id < other.id ? -1 : 1;
  });
  const of = (status: Status) => cards.filter((card) => card.status === status).map(({ id }) => id);
  const columns: Record<Status, string[]> = {
    scheduled: of("scheduled"),
    in_progress: of("in_progress"),
    ready: of("ready"),
    completed: of("completed"),
    no_show: of("no_show"),
  };
  for (const move of made) {
    const { appointmentId, newStatus, afterId, beforeId } = move.pending;
    const card = world.replica().cards.get(appointmentId);
    if (card === undefined || hasComeFirst(course, move, card)) continue;
    for (const status of statuses) columns[status] = columns[status].filter((id) => id !== appointmentId);
    const column = columns[newStatus];
    const anchor = column.indexOf(afterId ?? beforeId ?? "");
    column.splice(anchor === -1 ? column.length : anchor + (afterId === undefined ? 0 : 1), 0, appointmentId);
  }
  return columns;
}

/** True where the card has come to stand in the column since the version on which the move stands. */
function hasComeFirst({ world, met }: Course, { kind, pending, version }: Made, card: Appointment): boolean {
  // A second try after a conflict stands on a later one (CL3).
  const request = world.sent.findLast((one) => one.kind === kind && one.body.mutationId === pending.mutationId);
  const basis = world.server.versionsOf(card.id).get(request?.body.expectedVersion ?? version ?? 0);
  if (basis === undefined || card.version <= basis.version || card.status !== pending.newStatus) return false;
  const hasMoved = card.status !== basis.status || card.rank !== basis.rank;
  if (hasMoved) met.add("diff before answer");
  return hasMoved;
}

function check(course: Course, kind: Event["kind"]): void {
  const { world, made, ends } = course;
  const state = world.state();
  const { cards } = world.replica();
  // What is shown is what the server said and the pending moves over it.
  const wanted = Object.entries(expected(course)).filter(([, ids]) => ids.length > 0);
  expect(shownBy(state)).toEqual(Object.fromEntries(wanted));
  // No card twice, none lost, each as the server has it but for its column.
  const shown = cardsShown(course);
  expect(shown.map(({ id }) => id).toSorted()).toEqual([...cards.keys()].toSorted());
  for (const [status, column] of Object.entries(state.board?.columns ?? {}))
    for (const card of column) expect(card).toEqual({ ...cards.get(card.id), status });
  // Pending is what has no outcome yet; of one card at most one is on its way.
  const ids = new Set(made.map(({ pending }) => pending.appointmentId));
  expect(new Set(state.pending.keys())).toEqual(ids);
  const open = world.open().map(({ id }) => id);
  expect(open.length).toBe(new Set(open).size);
  // What fails takes with it nothing but its own card's.
  const failed = ends.filter((end) => end.kind !== "moved").map(({ id }) => id);
  if (kind !== "limit") expect(new Set(failed).size).toBeLessThanOrEqual(1);
  for (const { from, expectedFrom } of ends) expect(from).toBe(expectedFrom);
  ends.length = 0;
}

/** Everybody is answered and told everything. */
async function finish(course: Course): Promise<void> {
  const { world, ends, made } = course;
  for (let left = world.open(); left.length > 0; left = world.open()) {
    await left[0]?.answer();
    check(course, "answer");
  }
  expect(made).toEqual([]);
  world.deliverAll();
  for (let hand = world.readWanted(); hand; hand = world.readWanted()) hand();
  await settled();
  expect(ends).toEqual([]);
  expect(world.state().pending.size).toBe(0);
  expect(new Set(cardsShown(course))).toEqual(new Set(world.server.cards()));
  check(course, "answer");
  const effects = world.server.diffs
    .flatMap(({ ops }) => ops)
    .filter((op) => op.op === "upsert" && op.card.updatedBy.id === me.id);
  expect(effects.length).toBeLessThanOrEqual(course.movesMade);
  world.board.close();
  vi.clearAllTimers();
}

beforeAll(() => {
  vi.useFakeTimers({ now: Date.parse(`${date}T09:00:00.000Z`) });
  limitsOnFakeClock();
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("[CL1] in every course of things, what is shown is what the server said and the pending moves over it", async () => {
  const meetings = new Map<string, number>();
  const runs = Number(REPLAY_RUNS);
  const property = fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 60, size: "max" }), async (list) => {
    const course = begin();
    for (const one of list) {
      await events[one.kind](course, one);
      await settled();
      check(course, one.kind);
    }
    await finish(course);
    for (const encounter of course.met) meetings.set(encounter, (meetings.get(encounter) ?? 0) + 1);
  });
  await fc.assert(property, { numRuns: runs });
  const encounters = [
    "move",
    "undo",
    "moved",
    "conflict",
    "refused",
    "failed",
    "lost answer",
    "gap",
    "snapshot",
    "diff before answer",
  ];
  if (runs >= 1_000)
    for (const encounter of encounters) expect(meetings.get(encounter) ?? 0, encounter).toBeGreaterThan(runs / 50);
}, 300_000);
