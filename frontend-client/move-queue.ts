import type { Status } from "@status-board/contracts";
import type { Basis, ReplayedMove } from "./board-state.ts";
import type { BoardClient } from "./client.ts";
import type { ReplicaCard } from "./replica-input.ts";
import { ownError, type RouteResult } from "./result.ts";
import { jittered, sleep } from "./timers.ts";
import type { MoveOutcome, PendingMove } from "./types.ts";

/** A move as it is made. */
export interface NewMove extends PendingMove {
  /** Where the card was shown before. */
  readonly from: Status;
  /** What the server has of the card, so far as is known; absent while it waits for an earlier move of the card. */
  basis?: Basis | undefined;
  readonly isUndo?: boolean;
}

/** A pending move, and what is known of its way to the server. */
interface QueuedMove<Card extends ReplicaCard> extends NewMove {
  isSent?: boolean;
  readonly resolve: (outcome: MoveOutcome<Card>) => void;
}

/** What a queue of moves works with. */
export interface MoveQueueOptions<Card extends ReplicaCard> {
  client: Pick<BoardClient, "moveAppointment" | "undoMove">;
  /** The epoch of what is held now. */
  epoch: () => string | undefined;
  /**
   * Hears that the moves are others than before, and of a card that an answer brought, so that both are seen at once.
   * `epoch` is that of when the move was sent; `done` is the move that took effect, if one did.
   */
  changed: (card?: Card, epoch?: string, done?: NewMove) => void;
  /** Numbers in [0, 1). Default Math.random. */
  random?: (() => number) | undefined;
  /** Counted from when a move is first sent. Default 30,000. */
  moveTimeoutMs?: number | undefined;
}

export interface MoveQueue<Card extends ReplicaCard> {
  /** Those that are not confirmed yet, in the order in which they were made. */
  moves: () => readonly NewMove[];
  /** The newest of each card, by its id: the same map until the moves are others. */
  pending: () => ReadonlyMap<string, PendingMove>;
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
  const { client, epoch, changed, random = Math.random, moveTimeoutMs = 30_000 } = options;
  let moves: readonly QueuedMove<Card>[] = [];
  let pending: ReadonlyMap<string, PendingMove> = new Map();
  let awake = new AbortController();

  function become(next: readonly QueuedMove<Card>[]): void {
    moves = next;
    pending = new Map(next.map((move) => [move.appointmentId, move]));
  }

  function sendWhoseTurnItIs(): void {
    for (const [index, move] of moves.entries()) {
      if (move.isSent || !move.basis || moves.slice(0, index).some((earlier) => follows(move, earlier))) continue;
      move.isSent = true;
      void bringHome(move, move.basis);
    }
  }

  async function bringHome(move: QueuedMove<Card>, first: Basis): Promise<void> {
    const signal = AbortSignal.timeout(moveTimeoutMs);
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
        changed(answer.current, sentIn);
      } else if (answer.kind !== "failed" || !undecided.includes(answer.error.code)) break;
      else await sleep(jittered(random, tries, 500, 5_000), AbortSignal.any([signal, awake.signal]));
    }
    settle(move, outcome, sentIn);
  }

  function send(move: NewMove, expectedVersion: number, signal: AbortSignal) {
    const { appointmentId: id, mutationId, newStatus, afterId, beforeId } = move;
    const again = { mutationId, expectedVersion };
    return move.isUndo
      ? client.undoMove({ id, body: again, signal })
      : client.moveAppointment({ id, body: { newStatus, afterId, beforeId, ...again }, signal });
  }

  function settle(move: QueuedMove<Card>, outcome: MoveOutcome<Card>, sentIn: string | undefined): void {
    const isMoved = outcome.kind === "moved";
    const card = isMoved ? outcome.appointment : outcome.kind === "conflict" ? outcome.current : undefined;
    // The repeat of a move that took effect brings the card as it is now, and somebody may have moved it on since.
    const goesOn = isMoved && outcome.appointment.status === move.newStatus;
    const later = moves.filter((other) => other !== move && other.appointmentId === move.appointmentId);
    become(moves.filter((other) => other !== move && (goesOn || !later.includes(other))));
    if (goesOn && later[0]) later[0].basis = card;
    changed(card, sentIn, isMoved ? move : undefined);
    move.resolve(outcome);
    if (!goesOn)
      for (const { resolve, from } of later) resolve(card ? { kind: "conflict", current: card, from } : outcome);
    sendWhoseTurnItIs();
  }

  return {
    moves: () => moves,
    pending: () => pending,
    add: (move) =>
      new Promise((resolve) => {
        const isFirst = moves.every(({ appointmentId }) => appointmentId !== move.appointmentId);
        become([...moves, { ...move, basis: isFirst ? move.basis : undefined, resolve }]);
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
  { isUndo }: NewMove,
  { status, rank }: Basis,
  current: ReplicaCard & { updatedBy?: { id: string } },
): boolean => !isUndo && current.status === status && (current.rank === rank || current.updatedBy?.id === "system");

/** A client lets through only cards where cards are expected. Who has a screen of public cards moves none. */
function outcomeOf<Card extends ReplicaCard>(result: RouteResult<"moveAppointment">, from: Status): MoveOutcome<Card> {
  if (result.ok) return { kind: "moved", appointment: result.data as ReplicaCard as Card, from };
  const { error } = result;
  if (error.code === "version_conflict" && "rank" in error.current)
    return { kind: "conflict", current: error.current as ReplicaCard as Card, from };
  const isKnown = !["internal", "aborted", ...undecided].includes(error.code);
  return { kind: isKnown ? "refused" : "failed", error };
}
