import type { Appointment } from "@status-board/contracts";
import { type Basis, replay, targetByRank } from "./board-state.ts";
import { createStatusBoardClient } from "./client.ts";
import { cardsIn, columnsOf } from "./columns.ts";
import { createLiveBoard } from "./live-board.ts";
import type { LiveBoard } from "./live-board-options.ts";
import { createMoveQueue, type MoveQueueOptions, type QueuedMove } from "./move-queue.ts";
import type { OpOf, ReplicaCard } from "./replica-input.ts";
import { ownError } from "./result.ts";
import { share } from "./share.ts";
import { nextChangeAt, stateOf } from "./shown-state.ts";
import { createAlarm } from "./timers.ts";
import type {
  MoveOutcome,
  PendingMove,
  StatusBoard,
  StatusBoardOptions,
  StatusBoardState,
  Target,
  Undoable,
} from "./types.ts";

/** For how long after a move its undo is offered; the server takes it for longer (MV7). */
const undoOfferedMs = 10_000;
/** The longest wait that timers know. */
const timerMaxMs = 2 ** 31 - 1;

/**
 * A board that is kept true and can be worked on. It opens its connection at once, whether anybody listens or not, and
 * ends it with `close`; moves that are under way then are still brought home.
 */
export function createStatusBoard<Card extends ReplicaCard = Appointment>(
  options: StatusBoardOptions,
): StatusBoard<Card> {
  const { baseUrl, pollingInterval: pollingIntervalMs, client = createStatusBoardClient({ baseUrl }) } = options;
  const { now = Date.now, random = Math.random, moveTimeoutMs = 30_000 } = options;
  const live = createLiveBoard<Card>({ ...options, client, pollingIntervalMs });
  return joinBoard({ live, client, now, random, moveTimeoutMs });
}

/** The parts of a status board. */
export interface BoardParts<Card extends ReplicaCard> {
  live: Omit<LiveBoard<Card>, "ping">;
  client: MoveQueueOptions<Card>["client"];
  /** ms since 1970. */
  now: () => number;
  random: () => number;
  moveTimeoutMs: number;
}

/** A move that may be undone, the version which it made, and where the card was before. */
interface Undo {
  readonly offered: Undoable;
  readonly version: number;
  readonly before: Basis;
}

/** Joins what the server says and what the user does into what is shown. */
export function joinBoard<Card extends ReplicaCard>(parts: BoardParts<Card>): StatusBoard<Card> {
  const { live, client, now, random, moveTimeoutMs } = parts;
  const listeners = new Set<() => void>();
  const alarm = createAlarm(update);
  let undo: Undo | undefined;
  let isClosed = false;

  const replica = () => live.getState().replica;
  const queue = createMoveQueue<Card>({
    client,
    random,
    moveTimeoutMs,
    epoch: () => replica().epoch,
    changed: update,
    answered: (card, epoch, done) => {
      if (done) undo = undoOf(done, card);
      take({ op: "upsert", card }, epoch);
    },
  });

  const look = (before?: StatusBoardState<Card>) =>
    stateOf({ live: live.getState(), moves: queue.moves(), undoable: undo?.offered, now: now() }, before);
  let state = look();

  function update(): void {
    if (isClosed) return;
    const before = state;
    const undone = undo && replica().cards.get(undo.offered.appointmentId);
    if (undone?.version !== undo?.version || now() >= (undo?.offered.until ?? 0)) undo = undefined;
    state = look(before);
    alarm.clear();
    const waitMs = nextChangeAt(state, now()) - now();
    if (waitMs < Infinity) alarm.set(Math.min(Math.max(1, waitMs), timerMaxMs));
    if (state === before) return;
    for (const listener of listeners) listener();
    const isBetter =
      state.connection.kind === "live" ? before.connection.kind !== "live" : !state.error && before.error;
    if (isBetter) queue.wake();
  }

  function take(op: OpOf<Card>, epoch: string | undefined): void {
    live.receive({ type: "written", epoch, op });
    // The replica may have had it already, and then says nothing.
    update();
  }

  /** Only of a card that nobody has changed since, as somebody may have when the answer to a repeat comes (MV7). */
  function undoOf({ kind, basis, pending }: QueuedMove<Card>, card: Card): Undo | undefined {
    const isNewest = queue.moves().every(({ appointmentId }) => appointmentId !== card.id);
    if (kind === "undo" || !basis || !isNewest || card.version !== basis.version + 1) return undefined;
    const { appointmentId, mutationId } = pending;
    const until = now() + undoOfferedMs;
    const offered = { appointmentId, mutationId, from: basis.status, to: card.status, until };
    return { offered, version: card.version, before: basis };
  }

  async function moveAppointment(id: string, target: Target): Promise<MoveOutcome<Card>> {
    const card = replica().cards.get(id);
    const columns = state.board?.columns;
    const shown = columns && cardsIn(columns).find((one) => one.id === id);
    if (!columns || !card || !shown) return refused("not_found", "No such card here");
    // Names it for the server, and for an undo. crypto.randomUUID is not there on a page that came over plain HTTP.
    const mutationId = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const pending: PendingMove = { ...target, appointmentId: id, mutationId };
    const { status: from } = shown;
    if (share(columns, replay(columns, [pending]), 2) === columns) return { kind: "moved", appointment: shown, from };
    if (undo?.offered.appointmentId === id) undo = undefined;
    return queue.add({ kind: "move", pending, from, card });
  }

  async function undoMove(): Promise<MoveOutcome<Card>> {
    const card = undo && replica().cards.get(undo.offered.appointmentId);
    if (!undo || !card) return refused("aborted", "Nothing to undo");
    const { id, status: from } = card;
    const { offered, before } = undo;
    const target = targetByRank(columnsOf(replica()), { id, rank: before.rank }, before.status);
    const pending = { ...target, appointmentId: id, mutationId: offered.mutationId };
    undo = undefined;
    return queue.add({ kind: "undo", pending, from, card });
  }

  const stopListening = live.subscribe(update);
  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    moveAppointment,
    undo: undoMove,
    accept: (written) =>
      take("removed" in written ? { op: "remove", ...written } : { op: "upsert", card: written }, replica().epoch),
    refresh: live.refresh,
    close: () => {
      isClosed = true;
      alarm.clear();
      stopListening();
      listeners.clear();
      live.close();
    },
  };
}

/** For a move that is not worth asking the server about. */
const refused = (code: "not_found" | "aborted", message: string) => ({
  kind: "refused" as const,
  error: ownError(code, message),
});
