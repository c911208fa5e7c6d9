import type { BoardOf, OpOf, Removal, ReplicaCard } from "./replica-input.ts";

/** Cards by id, and a version for each id of which no card is held. No id is in both. */
export interface Holding<Card> {
  cards: Map<string, Card>;
  removed: Map<string, number>;
}

/** Takes in a card, or that it is gone. The higher version wins, whatever the order in which they come (LV4). */
function put<Card extends ReplicaCard>({ cards, removed }: Holding<Card>, { id, version }: Removal, card?: Card): void {
  if (version <= (cards.get(id)?.version ?? removed.get(id) ?? 0)) return;
  cards.delete(id);
  removed.delete(id);
  if (card === undefined) removed.set(id, version);
  else cards.set(id, card);
}

export function applyOps<Card extends ReplicaCard>(holding: Holding<Card>, ops: readonly OpOf<Card>[]): void {
  for (const op of ops)
    if (op.op === "upsert") put(holding, op.card, op.card);
    else put(holding, op);
}

/**
 * Takes in a snapshot no older than what is held. The board was read while others wrote: it may name a card twice, and
 * then the higher version wins; a held card that it names nowhere is gone (LV6).
 */
export function mergeBoard<Card extends ReplicaCard>(holding: Holding<Card>, board: BoardOf<Card>): void {
  const items = Object.values(board.columns).flatMap((column) => column.items);
  for (const card of items) put(holding, card, card);
  for (const removal of board.removed) put(holding, removal);
  const named = new Set([...items, ...board.removed].map(({ id }) => id));
  for (const { id, version } of holding.cards.values()) {
    if (named.has(id)) continue;
    holding.cards.delete(id);
    // A card of which nobody knows may return as it was, but not as it was before.
    holding.removed.set(id, version - 1);
  }
}
