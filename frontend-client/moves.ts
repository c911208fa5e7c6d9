import type { Status } from "@status-board/contracts";
import type { Basis, ReplayedMove } from "./board-state.ts";
import type { BoardClient } from "./client.ts";
import type { ReplicaCard } from "./replica-input.ts";
import type { MoveOutcome, PendingMove } from "./types.ts";

/** A pending move, and what is known of its way to the server. */
export interface Move<Card extends ReplicaCard> extends PendingMove {
  /** Where the card was shown before. */
  readonly from: Status;
  /** What the server has of the card, so far as is known; absent while it waits for an earlier move of the card. */
  basis?: Basis | undefined;
  readonly isUndo?: boolean;
  isSent?: boolean;
  readonly resolve: (outcome: MoveOutcome<Card>) => void;
}

/** One whose turn has come. */
export type SentMove<Card extends ReplicaCard> = Move<Card> & { basis: Basis };

/** A move to the side of the other's card, or to the very place that the other goes to, is only where it was made once that is there. */
export const follows = (move: ReplayedMove, other: ReplayedMove): boolean =>
  other.appointmentId === (move.afterId ?? move.beforeId) ||
  (other.newStatus === move.newStatus && other.afterId === move.afterId && other.beforeId === move.beforeId);

/**
 * True where the card still stands where it did, so that the move still means what it meant (CL3). Re-spacing gives a
 * card another rank at the same place, and is done by nobody (MV5).
 */
export const meansTheSame = (
  { isUndo, basis }: Pick<SentMove<ReplicaCard>, "isUndo" | "basis">,
  current: ReplicaCard & { updatedBy?: { id: string } },
): boolean =>
  !isUndo && current.status === basis.status && (current.rank === basis.rank || current.updatedBy?.id === "system");

/** Nobody knows what became of the move. */
const undecided = ["network", "timeout", "aborted", "bad_answer", "internal", "unavailable", "rate_limited"];

/**
 * Sends a move, which has at most one effect however often it is sent (MV4). A client lets through only cards where cards
 * are expected. Who has a screen of public cards moves none.
 */
export async function send<Card extends ReplicaCard>(
  client: Pick<BoardClient, "moveAppointment" | "undoMove">,
  move: SentMove<Card>,
  signal: AbortSignal,
): Promise<MoveOutcome<Card>> {
  const { appointmentId: id, mutationId, newStatus, afterId, beforeId, from } = move;
  const again = { mutationId, expectedVersion: move.basis.version };
  const result = await (move.isUndo
    ? client.undoMove({ id, body: again, signal, retries: 0 })
    : client.moveAppointment({ id, body: { newStatus, afterId, beforeId, ...again }, signal, retries: 0 }));
  if (result.ok) return { kind: "moved", appointment: result.data as ReplicaCard as Card, from };
  const { error } = result;
  if (error.code === "version_conflict" && "rank" in error.current)
    return { kind: "conflict", current: error.current as ReplicaCard as Card, from };
  return { kind: undecided.includes(error.code) ? "failed" : "refused", error };
}
