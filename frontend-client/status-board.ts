import { type Appointment, type FigureCard, figuresOf } from "@status-board/contracts";
import { type Basis, replay, targetByRank } from "./board-state.ts";
import { type BoardClient, createBoardClient } from "./client.ts";
import { cardsIn, columnsOf } from "./columns.ts";
import { createLiveBoard } from "./live-board.ts";
import type { LiveBoard } from "./live-board-options.ts";
import { createMoveQueue, type NewMove } from "./move-queue.ts";
import type { News, ReplicaCard } from "./replica-input.ts";
import { ownError } from "./result.ts";
import { share, shareMap } from "./share.ts";
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
  const { client = createBoardClient({ baseUrl: options.baseUrl }) } = options;
  return joinBoard(
    options,
    client,
    createLiveBoard<Card>({ ...options, client, pollingIntervalMs: options.pollingInterval }),
  );
}

/** A move that may be undone, the version which it made, and where the card was before. */
interface Undo {
  readonly offered: Undoable;
  readonly version: number;
  readonly before: Basis;
}

/** Joins what the server says and what the user does into what is shown. */
export function joinBoard<Card extends ReplicaCard>(
  options: Pick<StatusBoardOptions, "now" | "random" | "moveTimeoutMs">,
  client: Pick<BoardClient, "moveAppointment" | "undoMove">,
  live: Omit<LiveBoard<Card>, "ping">,
): StatusBoard<Card> {
  const { now = Date.now, random = Math.random, moveTimeoutMs = 30_000 } = options;
  const listeners = new Set<() => void>();
  const alarm = createAlarm(update);
  let undo: Undo | undefined;
  let isClosed = false;

  const replica = () => live.getState().replica;
  const epoch = () => replica().epoch;
  const cardOf = (id: string) => replica().cards.get(id);
  const queue = createMoveQueue<Card>({
    client,
    random,
    moveTimeoutMs,
    epoch,
    changed: (card, sentIn, done) => {
      if (card && done) undo = undoOf(done, card);
      if (card) take(card, sentIn);
      else update();
    },
  });
  const take = (news: News<Card>, sentIn: string | undefined) => {
    live.receive({ type: "written", epoch: sentIn, op: news });
    // The replica may have had it already, and then says nothing.
    update();
  };
  let state = look();

  /** What is to be shown; `before` itself if that is the same, else with all of its parts that are. */
  function look(before?: StatusBoardState<Card>): StatusBoardState<Card> {
    const { replica, ...told } = live.getState();
    const { date } = replica;
    const moves = queue.moves();
    const columns = replica.epoch ? replay(columnsOf(replica), moves) : undefined;
    const figures = columns && figuresOf(date, cardsIn(columns), new Date(now()).toISOString());
    const pending = new Map(moves.map((move) => [move.appointmentId, move.pending]));
    const next: StatusBoardState<Card> = {
      ...told,
      board: share(before?.board, columns && { date, columns }, 3),
      stats: share(before?.stats, figures, 2),
      loading: !columns && !told.error,
      // The newest move of each card.
      pending: shareMap(before?.pending, pending),
      undoable: undo?.offered,
    };
    return share(before, next, 1);
  }

  function update(): void {
    if (isClosed) return;
    const before = state;
    if (undo && (cardOf(undo.offered.appointmentId)?.version !== undo.version || now() >= undo.offered.until))
      undo = undefined;
    state = look(before);
    alarm.set(msToNextChange());
    if (state === before) return;
    for (const listener of listeners) listener();
    const isBetter =
      state.connection.kind === "live" ? before.connection.kind !== "live" : !state.error && before.error;
    if (isBetter) queue.wake();
  }

  /** After so many ms time alone changes what is shown: an undo is no longer offered, or a card becomes late. */
  function msToNextChange(): number | undefined {
    const lateAt = [...replica().cards.values()].map(({ promisedAt = "" }: FigureCard) => Date.parse(promisedAt) + 1);
    const waits = [undo?.offered.until ?? 0, ...lateAt].map((time) => time - now()).filter((ms) => ms > 0);
    return waits.length > 0 ? Math.min(timerMaxMs, ...waits) : undefined;
  }

  /** Only of a card that nobody has changed since, as somebody may have when the answer to a repeat comes (MV7). */
  function undoOf({ isUndo, basis, pending }: NewMove, card: Card): Undo | undefined {
    const { appointmentId, mutationId } = pending;
    const isNewest = queue.moves().every((move) => move.appointmentId !== appointmentId);
    if (isUndo || !basis || !isNewest || card.version !== basis.version + 1) return undefined;
    const offered = {
      appointmentId,
      mutationId,
      from: basis.status,
      to: card.status,
      until: now() + undoOfferedMs,
    };
    return { offered, version: card.version, before: basis };
  }

  async function moveAppointment(id: string, target: Target): Promise<MoveOutcome<Card>> {
    const basis = cardOf(id);
    const columns = state.board?.columns;
    const shown = columns && cardsIn(columns).find((card) => card.id === id);
    if (!basis || !shown) return refused("not_found", "No such card here");
    // Names it for the server, and for an undo. crypto.randomUUID is not there on a page that came over plain HTTP.
    const mutationId = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const pending: PendingMove = { ...target, appointmentId: id, mutationId };
    const from = shown.status;
    if (share(columns, replay(columns, [pending]), 2) === columns) return { kind: "moved", appointment: shown, from };
    if (undo?.offered.appointmentId === id) undo = undefined;
    return queue.add({ pending, from, basis });
  }

  async function undoMove(): Promise<MoveOutcome<Card>> {
    const basis = undo && cardOf(undo.offered.appointmentId);
    if (!undo || !basis) return refused("aborted", "Nothing to undo");
    const { before } = undo;
    const { appointmentId, mutationId } = undo.offered;
    const target = targetByRank(columnsOf(replica()), { ...basis, rank: before.rank }, before.status);
    undo = undefined;
    return queue.add({
      pending: { ...target, appointmentId, mutationId },
      from: basis.status,
      basis,
      isUndo: true,
    });
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
    accept: (written) => take(written, epoch()),
    refresh: live.refresh,
    close: () => {
      isClosed = true;
      alarm.set();
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
