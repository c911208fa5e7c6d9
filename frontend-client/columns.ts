import type { Status } from "@status-board/contracts";
import type { ReplicaCard } from "./replica-input.ts";

/** A board's cards by column. */
export type Columns<Card> = Readonly<Record<Status, readonly Card[]>>;

/** What decides where in a column a card stands. */
export type Placed = Pick<ReplicaCard, "id" | "rank">;

/** Orders cards as columns do. */
export const byPlace = (one: Placed, other: Placed): number => {
  if (one.rank !== other.rank) return one.rank < other.rank ? -1 : 1;
  return one.id < other.id ? -1 : 1;
};

/**
 * The cards as columns show them: by rank, then id, which every screen orders alike (MV5). The cards are those held, so
 * that a card which no change touched is still the same object and need not be drawn again.
 */
export function columnsOf<Card extends ReplicaCard>({ cards }: { cards: ReadonlyMap<string, Card> }): Columns<Card> {
  const columns: Record<Status, Card[]> = { scheduled: [], in_progress: [], ready: [], completed: [], no_show: [] };
  for (const card of cards.values()) columns[card.status].push(card);
  for (const column of Object.values(columns)) column.sort(byPlace);
  return columns;
}
