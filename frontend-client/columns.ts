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

/**
 * The cards as columns show them: by rank, then id, which every screen orders alike (MV5). The cards are those held, so
 * that a card which no change touched is still the same object and need not be drawn again.
 */
export function columnsOf<Card extends ReplicaCard>({ cards }: { cards: ReadonlyMap<string, Card> }): Columns<Card> {
  return {
    ...noCards,
    ...Object.groupBy(
      [...cards.values()].sort((one, other) => (isBefore(one, other) ? -1 : 1)),
      ({ status }) => status,
    ),
  };
}

export const cardsIn = <Card>(columns: Columns<Card>): Card[] => Object.values(columns).flat();
