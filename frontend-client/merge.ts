import type { News, OpOf, ReplicaCard } from "./replica-input.ts";

/** Cards by id, and a version for each id of which no card is held. No id is in both. */
export interface Holding<Card> {
  /** The day whose cards they are. */
  readonly date: string;
  cards: ReadonlyMap<string, Card>;
  removed: ReadonlyMap<string, number>;
}

export const newsOf = <Card extends ReplicaCard>(op: OpOf<Card> | News<Card>): News<Card> =>
  "card" in op ? op.card : op;

/** A card that went to another day is gone from this one, like one that was removed. */
const isOn = <Card extends ReplicaCard>(date: string, news: News<Card>): news is Card => (news as Card).date === date;

/**
 * Takes in what became of cards. The higher version wins, whatever the order in which they come (LV4). Where the news
 * are of the whole board, a held card that they name nowhere is gone (LV6). The maps stay the same while nothing changes.
 */
export function takeIn<Card extends ReplicaCard>(
  holding: Holding<Card>,
  all: readonly News<Card>[],
  isWholeBoard = false,
): void {
  const cards = new Map(holding.cards);
  const removed = new Map(holding.removed);
  let isChanged = false;
  for (const news of all) {
    const { id, version } = news;
    if (version <= (cards.get(id)?.version ?? removed.get(id) ?? 0)) continue;
    isChanged = true;
    cards.delete(id);
    removed.delete(id);
    if (isOn(holding.date, news)) cards.set(id, news);
    else removed.set(id, version);
  }
  const named = new Set(all.map(({ id }) => id));
  for (const { id, version } of isWholeBoard ? holding.cards.values() : []) {
    if (named.has(id)) continue;
    isChanged = true;
    cards.delete(id);
    // A card of which nobody knows may return as it was, but not as it was before.
    removed.set(id, version - 1);
  }
  if (isChanged) Object.assign(holding, { cards, removed });
}
