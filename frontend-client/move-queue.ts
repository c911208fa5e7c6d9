import type { Status } from "@status-board/contracts";
import type { Basis, ReplayedMove } from "./board-state.ts";
import type { StatusBoardClient } from "./client.ts";
import type { ReplicaCard } from "./replica-input.ts";
import { ownError, type RouteResult } from "./result.ts";
import { jittered, sleep } from "./timers.ts";
import type { MoveOutcome, PendingMove } from "./types.ts";

/** A pending move, and what is known of its way to the server. */
export interface QueuedMove<Card extends ReplicaCard> extends ReplayedMove {
  readonly kind: "move" | "undo";
  /** As screens see it. */
  readonly pending: PendingMove;
  /** Where the card was shown before. */
  readonly from: Status;
  /** Absent while it waits for an earlier move of the card. */
  basis: Basis | undefined;
  isSent: boolean;
  readonly resolve: (outcome: MoveOutcome<Card>) => void;
}

/** What a queue of moves works with. */
export interface MoveQueueOptions<Card extends ReplicaCard> {
  client: Pick<StatusBoardClient, "moveAppointment" | "undoMove">;
  /** The epoch of what is held now. */
  epoch: () => string | undefined;
  /**
   * Hears of a card that an answer brought, once the moves are those that remain, so that both are seen at once. `epoch`
   * is that of when the move was sent; `done` is the move that took effect, if one did.
   */
  answered: (card: Card, epoch: string | undefined, done?: QueuedMove<Card> | undefined) => void;
  /** The moves are others than before, and nothing else is. */
  changed: () => void;
  /** Numbers in [0, 1). */
  random: () => number;
  /** Counted from when a move is first sent. */
  moveTimeoutMs: number;
}

/** A move as it is made. `card` is what the server has of it, so far as is known. */
export type NewMove = Pick<QueuedMove<ReplicaCard>, "kind" | "pending" | "from"> & { card: ReplicaCard };

export interface MoveQueue<Card extends ReplicaCard> {
  /** Those that are not confirmed yet, in the order in which they were made. */
  moves: () => readonly QueuedMove<Card>[];
  /** Sends a move when its turn has come. */
  add: (move: NewMove) => Promise<MoveOutcome<Card>>;
  /** Tries again now what waits for the network. */
  wake: () => void;
}

/** Nobody knows what became of the move, and it may be sent again because it has at most one effect (MV4). */
const undecided: readonly string[] = ["network", "timeout", "bad_answer", "unavailable", "rate_limited"];

/** A move to the side of the other's card, or to the very place that the other goes to, is only where it was made once that is there. */
const follows = ({ newStatus, afterId, beforeId }: ReplayedMove, other: ReplayedMove): boolean =>
  other.appointmentId === (afterId ?? beforeId) ||
  (other.newStatus === newStatus && other.afterId === afterId && other.beforeId === beforeId);

/**
 * Brings moves to the server: those of one card one at a time, a move beside a card that has a pending move of its own,
 * or to the same place as another, after that one, and all others side by side (CL1). A move that fails takes with it the later ones of its card, which
 * were made from where the card never came to stand, and nothing else.
 */
export function createMoveQueue<Card extends ReplicaCard>(options: MoveQueueOptions<Card>): MoveQueue<Card> {
  const { client, epoch, answered, changed, random, moveTimeoutMs } = options;
  let moves: readonly QueuedMove<Card>[] = [];
  let awake = new AbortController();

  function sendWhoseTurnItIs(): void {
    for (const [index, move] of moves.entries()) {
      const { basis, isSent } = move;
      if (isSent || !basis || moves.slice(0, index).some((earlier) => follows(move, earlier))) continue;
      move.isSent = true;
      void bringHome(move, basis);
    }
  }

  async function bringHome(move: QueuedMove<Card>, first: Basis): Promise<void> {
    const giveUp = new AbortController();
    const { signal } = giveUp;
    const timer = setTimeout(() => giveUp.abort(), moveTimeoutMs);
    let outcome: MoveOutcome<Card> = { kind: "failed", error: ownError("timeout", "No answer in time") };
    let sentIn: string | undefined;
    let basis = first;
    for (let tries = 0; !signal.aborted; tries++) {
      sentIn = epoch();
      const answer = outcomeOf<Card>(await send(move, basis.version, signal), move.from);
      // Being cut off by the time limit says nothing of why there was no answer until then.
      if (signal.aborted && answer.kind === "failed") break;
      outcome = answer;
      if (answer.kind === "conflict" && basis === first && meansTheSame(move, basis, answer.current)) {
        basis = move.basis = answer.current;
        answered(answer.current, sentIn);
      } else if (answer.kind !== "failed" || !undecided.includes(answer.error.code)) break;
      else await sleep(jittered(random, tries, 500, 5_000), AbortSignal.any([signal, awake.signal]));
    }
    clearTimeout(timer);
    settle(move, outcome, sentIn);
  }

  function send({ kind, pending }: QueuedMove<Card>, expectedVersion: number, signal: AbortSignal) {
    const { appointmentId: id, mutationId, ...target } = pending;
    if (kind === "undo") return client.undoMove({ id, body: { mutationId, expectedVersion }, signal });
    return client.moveAppointment({ id, body: { ...target, mutationId, expectedVersion }, signal });
  }

  function settle(move: QueuedMove<Card>, outcome: MoveOutcome<Card>, sentIn: string | undefined): void {
    const { appointmentId, newStatus } = move;
    const later = moves.filter((other) => other !== move && other.appointmentId === appointmentId);
    const current = "appointment" in outcome ? outcome.appointment : "current" in outcome ? outcome.current : undefined;
    const isMoved = outcome.kind === "moved";
    // The repeat of a move that took effect brings the card as it is now, and somebody may have moved it on since.
    const goesOn = isMoved && current?.status === newStatus;
    moves = moves.filter((other) => other !== move && (goesOn || other.appointmentId !== appointmentId));
    if (goesOn && later[0]) later[0].basis = current;
    if (current) answered(current, sentIn, isMoved ? move : undefined);
    else changed();
    move.resolve(outcome);
    if (!goesOn)
      for (const { resolve, from } of later) resolve(current ? { kind: "conflict", current, from } : outcome);
    sendWhoseTurnItIs();
  }

  return {
    moves: () => moves,
    add: ({ card, ...move }) =>
      new Promise((resolve) => {
        const isFirst = moves.every(({ appointmentId }) => appointmentId !== card.id);
        moves = [...moves, { ...move, ...move.pending, basis: isFirst ? card : undefined, isSent: false, resolve }];
        changed();
        sendWhoseTurnItIs();
      }),
    wake: () => {
      awake.abort();
      awake = new AbortController();
    },
  };
}

/**
 * True where the card still stands where it did, so that the move still means what it meant (CL3). Re-spacing gives a
 * card another rank at the same place, and is done by nobody (MV5).
 */
const meansTheSame = (
  { kind }: Pick<QueuedMove<ReplicaCard>, "kind">,
  { status, rank }: Basis,
  current: ReplicaCard & { updatedBy?: { id: string } },
): boolean =>
  kind !== "undo" && current.status === status && (current.rank === rank || current.updatedBy?.id === "system");

/** A client lets through only cards where cards are expected. Who has a screen of public cards moves none. */
function outcomeOf<Card extends ReplicaCard>(result: RouteResult<"moveAppointment">, from: Status): MoveOutcome<Card> {
  if (result.ok) return { kind: "moved", appointment: result.data as ReplicaCard as Card, from };
  const { error } = result;
  if (error.code === "version_conflict" && "rank" in error.current)
    return { kind: "conflict", current: error.current as ReplicaCard as Card, from };
  const isKnown = !["internal", "aborted", ...undecided].includes(error.code);
  return { kind: isKnown ? "refused" : "failed", error };
}
