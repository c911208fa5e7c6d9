import type { Status } from "@status-board/contracts";
import { type Columns, cardsIn, isBefore, type Placed } from "./columns.ts";
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

/** How many cards come before the place; an anchor that is not there means the end (MV6). */
function indexOf(column: readonly Placed[], { afterId, beforeId }: Target): number {
  const index = column.findIndex(({ id }) => id === (afterId ?? beforeId));
  return index < 0 ? column.length : index + (afterId ? 1 : 0);
}

/**
 * What a screen shows: the server's columns with the moves played over them one after the other (CL1), each as the
 * server would carry it out. A move of a card that is gone shows nothing. Cards that no move touches are the server's
 * own objects.
 */
export function replay<Card extends ReplicaCard>(
  columns: Columns<Card>,
  moves: readonly ReplayedMove[],
): Columns<Card> {
  if (!moves.length) return columns;
  const shown = { ...columns } as Record<Status, readonly Card[]>;
  for (const move of moves) {
    const card = cardsIn(shown).find(({ id }) => id === move.appointmentId);
    if (!card || isIn(card, move)) continue;
    shown[card.status] = shown[card.status].filter((other) => other !== card);
    const to = shown[move.newStatus];
    shown[move.newStatus] = to.toSpliced(indexOf(to, move), 0, { ...card, status: move.newStatus });
  }
  return shown;
}

/** Where a card of that rank stands in a column: before the first other card that comes after it. */
export function targetByRank(columns: Columns<Placed>, card: Placed, newStatus: Status): Target {
  const next = columns[newStatus].find((other) => other.id !== card.id && isBefore(card, other));
  return { newStatus, beforeId: next?.id };
}
