import type { Status } from "@status-board/contracts";
import type { ReplicaCard } from "./replica-input.ts";

/** A board's cards by column. */
export type Columns<Card> = Readonly<Record<Status, readonly Card[]>>;

/** What decides where in a column a card stands. */
export type Placed = Pick<ReplicaCard, "id" | "rank">;

/** A board without cards. */
const noCards: Columns<never> = { scheduled: [], in_progress: [], ready: [], completed: [], no_show: [] };

/** The columns, from left to right. */
export const statuses = Object.keys(noCards) as readonly Status[];

/** Orders cards as columns do. A blank comes before all that ranks are made of. */
const placeOf = ({ rank, id }: Placed) => `${rank} ${id}`;
export const isBefore = (one: Placed, other: Placed): boolean => placeOf(one) < placeOf(other);

/** Cards in the order in which columns show them: by rank, then id, which every screen orders alike (MV5). */
export const inOrder = <Card extends ReplicaCard>(cards: ReadonlyMap<string, Card>): Card[] =>
  [...cards.values()].sort((one, other) => (isBefore(one, other) ? -1 : 1));

/**
 * Each column's cards in the order in which they come here. They are the very same objects, so that a card which no
 * change touched need not be drawn again.
 */
export const byColumn = <Card extends ReplicaCard>(cards: readonly Card[]): Columns<Card> => ({
  ...noCards,
  ...Object.groupBy(cards, (card) => card.status),
});

/** The cards held as columns show them. */
export const columnsOf = <Card extends ReplicaCard>(held: { cards: ReadonlyMap<string, Card> }): Columns<Card> =>
  byColumn(inOrder(held.cards));

export const cardsIn = <Card>(columns: Columns<Card>): Card[] => Object.values(columns).flat();
