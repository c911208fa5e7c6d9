import type { Status } from "@status-board/contracts";
import { isBefore, type Placed } from "./columns.ts";
import type { ReplicaCard } from "./replica-input.ts";
import type { Target } from "./types.ts";

/** What the server held of a card when a move of it began. */
export type Basis = Pick<ReplicaCard, "version" | "status" | "rank">;

/** A move as it is replayed; one that follows on another of its card has no basis yet. */
export interface ReplayedMove extends Target {
  readonly appointmentId: string;
  readonly basis?: Basis | undefined;
}

/**
 * True where the server's card already stands where the move brings it, because the diff came before the answer. What
 * others have put beside it since then is the server's to say.
 */
const isIn = (card: Basis, { basis, newStatus }: ReplayedMove): boolean =>
  !!basis &&
  card.version > basis.version &&
  card.status === newStatus &&
  (card.status !== basis.status || card.rank !== basis.rank);

/**
 * What a screen shows: the server's cards in order, with the moves played over them one after the other (CL1), each as
 * the server would carry it out. A move of a card that is gone shows nothing; an anchor that does not stand in the
 * column means its end (MV6). Cards that no move touches are the server's own objects.
 */
export function replay<Card extends ReplicaCard>(
  cards: readonly Card[],
  moves: readonly ReplayedMove[],
): readonly Card[] {
  let shown = cards;
  for (const move of moves) {
    const { newStatus: status, afterId, beforeId } = move;
    const card = shown.find((one) => one.id === move.appointmentId);
    if (!card || isIn(card, move)) continue;
    shown = shown.filter((one) => one !== card);
    const anchor = shown.findIndex((one) => one.status === status && one.id === (afterId ?? beforeId));
    shown = shown.toSpliced(anchor < 0 ? shown.length : anchor + (afterId ? 1 : 0), 0, { ...card, status });
  }
  return shown;
}

/** Where a card of that rank stands in a column: before the first other card that comes after it. */
export function targetByRank(cards: readonly ReplicaCard[], card: Placed, newStatus: Status): Target {
  const next = cards.find((one) => one.status === newStatus && one.id !== card.id && isBefore(card, one));
  return { newStatus, beforeId: next?.id };
}
