import type { Status } from "@status-board/contracts";
import { byPlace, type Columns, cardsIn, type Placed } from "./columns.ts";
import type { ReplicaCard } from "./replica-input.ts";
import type { Target } from "./types.ts";

/** What the server held of a card when a move of it began. */
export type Basis = Pick<ReplicaCard, "version" | "status" | "rank">;

/** A move as it is replayed; one that follows on another of its card has no basis yet. */
export interface ReplayedMove extends Target {
  readonly appointmentId: string;
  readonly basis?: Basis | undefined;
}

/** Each card as it is shown in other columns than its own: made once, so that it stays the same object. */
const copies = new WeakMap<ReplicaCard, { [In in Status]?: ReplicaCard }>();

function shownIn<Card extends ReplicaCard>(card: Card, status: Status): Card {
  if (card.status === status) return card;
  const known = copies.get(card) ?? {};
  copies.set(card, known);
  known[status] ??= { ...card, status };
  // Only copies of this very card are kept for it.
  return known[status] as Card;
}

/**
 * True where the server's card already stands where the move brings it, because the diff came before the answer. What
 * others have put beside it since then is the server's to say.
 */
const isIn = ({ version, status, rank }: Basis, { basis, newStatus }: ReplayedMove): boolean =>
  basis !== undefined &&
  version > basis.version &&
  status === newStatus &&
  (status !== basis.status || rank !== basis.rank);

/** How many cards come before the place; an anchor that is not there means the end (MV6). */
function indexOf(column: readonly Placed[], { afterId, beforeId }: Target): number {
  const index = column.findIndex(({ id }) => id === (afterId ?? beforeId));
  if (index === -1) return column.length;
  return afterId === undefined ? index : index + 1;
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
  if (moves.length === 0) return columns;
  const shown = { ...columns } as Record<Status, readonly Card[]>;
  for (const move of moves) {
    const card = cardsIn(shown).find(({ id }) => id === move.appointmentId);
    if (card === undefined || isIn(card, move)) continue;
    shown[card.status] = shown[card.status].filter((other) => other !== card);
    const to = shown[move.newStatus];
    shown[move.newStatus] = to.toSpliced(indexOf(to, move), 0, shownIn(card, move.newStatus));
  }
  return shown;
}

/**
 * A place in a column as it is shown, by the card that stands beside it: a filtered view does not know positions (MV6).
 * Of no view it is the end. `position` counts from 0 without the moved card; none, or one beyond the last card, is the end.
 */
export function targetAt(
  view: { readonly columns: Columns<Placed> } | undefined,
  id: string,
  newStatus: Status,
  position = Number.POSITIVE_INFINITY,
): Target {
  const others = (view?.columns[newStatus] ?? []).filter((card) => card.id !== id);
  const [first] = others;
  if (position >= others.length || first === undefined) return { newStatus };
  const before = others[Math.floor(position) - 1];
  return before === undefined ? { newStatus, beforeId: first.id } : { newStatus, afterId: before.id };
}

/** Where a card of that rank stands in a column: before the first other card that comes after it. */
export function targetByRank(columns: Columns<Placed>, card: Placed, newStatus: Status): Target {
  const next = columns[newStatus].find((other) => other.id !== card.id && byPlace(card, other) < 0);
  return next === undefined ? { newStatus } : { newStatus, beforeId: next.id };
}
