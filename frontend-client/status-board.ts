import type { Appointment } from "@status-board/contracts";
import { type Basis, replay, targetByRank } from "./board-state.ts";
import { type BoardClient, createBoardClient } from "./client.ts";
import { byColumn, cardsIn, inOrder } from "./columns.ts";
import { createLiveBoard } from "./live-board.ts";
import type { LiveBoard } from "./live-board-options.ts";
import { follows, type Move, meansTheSame, type SentMove, send } from "./moves.ts";
import { newId } from "./new-id.ts";
import type { News, ReplicaCard } from "./replica-input.ts";
import { share } from "./share.ts";
import { createAlarm, jittered, sleep } from "./timers.ts";
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
/** How often a move is sent again to a server that says that the fault is its own. */
const internalRetries = 3;

/**
 * A board that is kept true and can be worked on. It opens its connection at once, whether anybody listens or not, and
 * ends it with `close`; moves that are under way then are still brought home.
 */
export function createStatusBoard<Card extends ReplicaCard = Appointment>(
  options: StatusBoardOptions,
): StatusBoard<Card> {
  const { client = createBoardClient(options) } = options;
  return joinBoard(options, client, createLiveBoard<Card>({ ...options, client }));
}

/**
 * Joins what the server says and what the user does into what is shown.
 *
 * Moves are brought to the server: those of one card one at a time, a move beside a card that has a pending move of its
 * own, or to the same place as another, after that one, and all others side by side (CL1). A move that fails takes with
 * it the later ones of its card, which were made from where the card never came to stand, and nothing else.
 */
export function joinBoard<Card extends ReplicaCard>(
  options: Pick<StatusBoardOptions, "random" | "moveTimeoutMs">,
  client: Pick<BoardClient, "moveAppointment" | "undoMove">,
  live: Omit<LiveBoard<Card>, "ping">,
): StatusBoard<Card> {
  const { random = Math.random, moveTimeoutMs = 30_000 } = options;
  const listeners = new Set<() => void>();
  /** Those that are not confirmed yet, in the order in which they were made, and the newest of each card. */
  let moves: readonly Move<Card>[] = [];
  let pending: ReadonlyMap<string, PendingMove> = new Map();
  /** Aborts when what waits for the network is to try again now. */
  let awake = new AbortController();
  let undoable: Undoable | undefined;
  /** The card as it was before the move that may be undone. */
  let former: Basis | undefined;
  const undoEnd = createAlarm(() => {
    undoable = undefined;
    update();
  });

  const replica = () => live.getState().replica;
  const cardOf = (id: string) => replica().cards.get(id);
  let state = look();

  /** What is to be shown; `before` itself if that is the same, else with all of its parts that are. */
  function look(before?: StatusBoardState<Card>): StatusBoardState<Card> {
    const { replica, ...told } = live.getState();
    const { date } = replica;
    const columns = replica.epoch ? byColumn(replay(inOrder(replica.cards), moves)) : undefined;
    const next: StatusBoardState<Card> = {
      ...told,
      board: share(before?.board, columns && { date, columns }, 4),
      loading: !columns && !told.error,
      pending,
      undoable,
    };
    return share(before, next, 1);
  }

  function update(): void {
    const before = state;
    // It is being moved on, or somebody has changed it since (MV7).
    const id = undoable?.appointmentId ?? "";
    if (pending.has(id) || cardOf(id)?.version !== (former?.version ?? 0) + 1) undoable = undefined;
    state = look(before);
    if (state === before) return;
    for (const listener of listeners) listener();
    // What waits for the network may get through now.
    if (state.connection.kind === before.connection.kind) return;
    awake.abort();
    awake = new AbortController();
  }

  function take(news: News<Card>, sentIn: string | undefined): void {
    live.receive({ type: "written", epoch: sentIn, op: news });
    // The replica may have had it already, and then says nothing.
    update();
  }

  function become(next: readonly Move<Card>[]): void {
    moves = next;
    pending = new Map(next.map((move) => [move.appointmentId, move]));
  }

  function add(move: Omit<Move<Card>, "resolve">): Promise<MoveOutcome<Card>> {
    return new Promise((resolve) => {
      const basis = pending.has(move.appointmentId) ? undefined : move.basis;
      become([...moves, { ...move, basis, resolve }]);
      update();
      sendWhoseTurnItIs();
    });
  }

  function sendWhoseTurnItIs(): void {
    moves.forEach((move, index) => {
      if (move.isSent || !move.basis || moves.slice(0, index).some((earlier) => follows(move, earlier))) return;
      move.isSent = true;
      void bringHome(move as SentMove<Card>);
    });
  }

  async function bringHome(move: SentMove<Card>): Promise<void> {
    const first = move.basis;
    const signal = AbortSignal.timeout(moveTimeoutMs);
    let outcome: MoveOutcome<Card> = failure("failed", "timeout", "No answer");
    let sentIn: string | undefined;
    for (let tries = 0; !signal.aborted; tries++) {
      sentIn = replica().epoch;
      const answer = await send(client, move, signal);
      // Being cut off by the time limit says nothing of why there was no answer until then.
      if (signal.aborted && answer.kind === "failed") break;
      outcome = answer;
      if (answer.kind === "conflict" && move.basis === first && meansTheSame(move, answer.current)) {
        move.basis = answer.current;
        take(answer.current, sentIn);
      } else if (answer.kind !== "failed" || (answer.error.code === "internal" && tries === internalRetries)) break;
      else {
        const { retryAfterMs = 0 } = answer.error;
        // Timers know no wait without end, and what the server asks for holds whatever becomes of the connection.
        const waitMs = Math.min(moveTimeoutMs, retryAfterMs + jittered(random, tries, 500, 5_000));
        await sleep(waitMs, AbortSignal.any(retryAfterMs ? [signal] : [signal, awake.signal]));
      }
    }
    settle(move, outcome, sentIn);
  }

  function settle(move: Move<Card>, outcome: MoveOutcome<Card>, sentIn: string | undefined): void {
    const { appointmentId, mutationId, newStatus, from, basis } = move;
    const isMoved = outcome.kind === "moved";
    const card = isMoved ? outcome.appointment : outcome.kind === "conflict" ? outcome.current : undefined;
    // The repeat of a move that took effect brings the card as it is now, and somebody may have moved it on since.
    const goesOn = isMoved && outcome.appointment.status === newStatus;
    const later = moves.filter((other) => other !== move && other.appointmentId === appointmentId);
    become(moves.filter((other) => other.appointmentId !== appointmentId || (goesOn && other !== move)));
    if (goesOn && later[0]) later[0].basis = card;
    if (isMoved && !move.isUndo) {
      former = basis;
      undoable = { appointmentId, mutationId, from, to: newStatus, until: Date.now() + undoOfferedMs };
      undoEnd.set(undoOfferedMs);
    }
    if (card) take(card, sentIn);
    else update();
    move.resolve(outcome);
    if (!goesOn)
      for (const { resolve, from } of later) resolve(card ? { kind: "conflict", current: card, from } : outcome);
    sendWhoseTurnItIs();
  }

  async function moveAppointment(id: string, target: Target): Promise<MoveOutcome<Card>> {
    const basis = cardOf(id);
    const columns = state.board?.columns;
    const cards = columns ? cardsIn(columns) : [];
    const shown = cards.find((card) => card.id === id);
    if (!basis || !shown) return failure("refused", "not_found", "No such card");
    const from = shown.status;
    const move = { ...target, appointmentId: id, mutationId: newId(), from };
    if (share(columns, byColumn(replay(cards, [move])), 3) === columns)
      return { kind: "moved", appointment: shown, from };
    return add({ ...move, basis });
  }

  async function undo(): Promise<MoveOutcome<Card>> {
    const basis = undoable && cardOf(undoable.appointmentId);
    if (!undoable || !former || !basis) return failure("refused", "aborted", "Nothing to undo");
    const { appointmentId, mutationId } = undoable;
    const target = targetByRank(inOrder(replica().cards), { ...basis, rank: former.rank }, former.status);
    return add({ ...target, appointmentId, mutationId, from: basis.status, basis, isUndo: true });
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
    accept: (written) => take(written, replica().epoch),
    refresh: live.refresh,
    close: () => {
      undoEnd.set();
      stopListening();
      listeners.clear();
      live.close();
    },
  };
}

/** What this side of the wire says of a move, so that no log has it. */
const failure = <Kind extends string, Code extends string>(kind: Kind, code: Code, message: string) => ({
  kind,
  error: { code, message, correlationId: "" },
});
