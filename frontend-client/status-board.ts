import type { Appointment } from "@status-board/contracts";
import { type Basis, replay, targetByRank } from "./board-state.ts";
import { type BoardClient, createBoardClient } from "./client.ts";
import { cardsIn, columnsOf } from "./columns.ts";
import { createLiveBoard } from "./live-board.ts";
import type { LiveBoard } from "./live-board-options.ts";
import { createMoveQueue, type NewMove } from "./move-queue.ts";
import { newId } from "./new-id.ts";
import type { News, ReplicaCard } from "./replica-input.ts";
import { ownError } from "./result.ts";
import { share } from "./share.ts";
import { createAlarm } from "./timers.ts";
import type { MoveOutcome, StatusBoard, StatusBoardOptions, StatusBoardState, Target, Undoable } from "./types.ts";

/** For how long after a move its undo is offered; the server takes it for longer (MV7). */
const undoOfferedMs = 10_000;

/**
 * A board that is kept true and can be worked on. It opens its connection at once, whether anybody listens or not, and
 * ends it with `close`; moves that are under way then are still brought home.
 */
export function createStatusBoard<Card extends ReplicaCard = Appointment>(
  options: StatusBoardOptions,
): StatusBoard<Card> {
  const { client = createBoardClient(options), pollingInterval: pollingIntervalMs } = options;
  return joinBoard(options, client, createLiveBoard<Card>({ ...options, client, pollingIntervalMs }));
}

/** Joins what the server says and what the user does into what is shown. */
export function joinBoard<Card extends ReplicaCard>(
  options: Pick<StatusBoardOptions, "random" | "moveTimeoutMs">,
  client: Pick<BoardClient, "moveAppointment" | "undoMove">,
  live: Omit<LiveBoard<Card>, "ping">,
): StatusBoard<Card> {
  const listeners = new Set<() => void>();
  let undoable: Undoable | undefined;
  /** The card as it was before the move that may be undone. */
  let former: Basis | undefined;
  let isClosed = false;
  const undoEnd = createAlarm(() => {
    undoable = undefined;
    update();
  });

  const replica = () => live.getState().replica;
  const epoch = () => replica().epoch;
  const cardOf = (id: string) => replica().cards.get(id);
  const queue = createMoveQueue<Card>({
    ...options,
    client,
    epoch,
    changed: (card, sentIn, done) => {
      if (card && done) offerUndo(done, card);
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
    const columns = replica.epoch ? replay(columnsOf(replica), queue.moves()) : undefined;
    const next: StatusBoardState<Card> = {
      ...told,
      board: share(before?.board, columns && { date, columns }, 3),
      loading: !columns && !told.error,
      pending: queue.pending(),
      undoable,
    };
    return share(before, next, 1);
  }

  function update(): void {
    if (isClosed) return;
    const before = state;
    // Somebody has changed the card since.
    if (undoable && former && cardOf(undoable.appointmentId)?.version !== former.version + 1) undoable = undefined;
    state = look(before);
    if (state === before) return;
    for (const listener of listeners) listener();
    const isBetter =
      state.connection.kind === "live" ? before.connection.kind !== "live" : !state.error && before.error;
    if (isBetter) queue.wake();
  }

  /** Only of a card that nobody has changed since, as somebody may have when the answer to a repeat comes (MV7). */
  function offerUndo(done: NewMove, { status: to, version }: Card): void {
    const { appointmentId, mutationId, from, isUndo, basis } = done;
    undoable = undefined;
    const isNewest = queue.moves().every((move) => move.appointmentId !== appointmentId);
    if (isUndo || !basis || !isNewest || version !== basis.version + 1) return;
    former = basis;
    undoable = { appointmentId, mutationId, from, to, until: Date.now() + undoOfferedMs };
    undoEnd.set(undoOfferedMs);
  }

  async function moveAppointment(id: string, target: Target): Promise<MoveOutcome<Card>> {
    const basis = cardOf(id);
    const columns = state.board?.columns;
    const shown = columns && cardsIn(columns).find((card) => card.id === id);
    if (!basis || !shown) return refused("not_found", "No such card here");
    const from = shown.status;
    const move: NewMove = { ...target, appointmentId: id, mutationId: newId(), from, basis };
    if (share(columns, replay(columns, [{ ...move, basis: undefined }]), 2) === columns)
      return { kind: "moved", appointment: shown, from };
    if (undoable?.appointmentId === id) undoable = undefined;
    return queue.add(move);
  }

  async function undo(): Promise<MoveOutcome<Card>> {
    const basis = undoable && cardOf(undoable.appointmentId);
    if (!undoable || !former || !basis) return refused("aborted", "Nothing to undo");
    const { appointmentId, mutationId } = undoable;
    undoable = undefined;
    const target = targetByRank(columnsOf(replica()), { ...basis, rank: former.rank }, former.status);
    return queue.add({ ...target, appointmentId, mutationId, from: basis.status, basis, isUndo: true });
  }

  const stopListening = live.subscribe(update);
  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    moveAppointment,
    undo,
    accept: (written) => take(written, epoch()),
    refresh: live.refresh,
    close: () => {
      isClosed = true;
      undoEnd.set();
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
