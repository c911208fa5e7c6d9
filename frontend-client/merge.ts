import type { BoardOf, OpOf, ReplicaCard } from "./replica-input.ts";

/** Cards by id, and a version for each id of which no card is held. No id is in both. */
export interface Holding<Card> {
  readonly cards: ReadonlyMap<string, Card>;
  readonly removed: ReadonlyMap<string, number>;
}

/** A holding that is being changed: copied once, and forgotten if nothing came of it. */
function change<Card extends ReplicaCard>(before: Holding<Card>) {
  const cards = new Map(before.cards);
  const removed = new Map(before.removed);
  let isChanged = false;
  return {
    /** The higher version wins, whatever the order in which they come (LV4). */
    put(id: string, version: number, card?: Card): void {
      if (version <= (cards.get(id)?.version ?? removed.get(id) ?? 0)) return;
      isChanged = true;
      if (card === undefined) {
        cards.delete(id);
        removed.set(id, version);
      } else {
        removed.delete(id);
        cards.set(id, card);
      }
    },
    /** A card of which nobody knows may return as it was, but not as it was before. */
    drop({ id, version }: Card): void {
      isChanged = true;
      cards.delete(id);
      removed.set(id, version - 1);
    },
    end: (): Holding<Card> => (isChanged ? { cards, removed } : before),
  };
}

/** What is held after these ops; the same maps where they bring nothing new. */
export function applyOps<Card extends ReplicaCard>(
  { cards, removed }: Holding<Card>,
  ops: readonly OpOf<Card>[],
): Holding<Card> {
  const holding = { cards, removed };
  if (ops.length === 0) return holding;
  const changing = change(holding);
  for (const op of ops) {
    if (op.op === "upsert") changing.put(op.card.id, op.card.version, op.card);
    else changing.put(op.id, op.version);
  }
  return changing.end();
}

/**
 * What is held after a snapshot no older than it. The board was read while others wrote: it may name a card twice, and
 * then the higher version wins; a held card that it names nowhere is gone (LV6).
 */
export function mergeBoard<Card extends ReplicaCard>(
  { cards, removed }: Holding<Card>,
  board: Pick<BoardOf<Card>, "columns" | "removed">,
): Holding<Card> {
  const changing = change({ cards, removed });
  const named = new Set<string>();
  const put = (id: string, version: number, card?: Card) => {
    named.add(id);
    changing.put(id, version, card);
  };
  for (const { items } of Object.values(board.columns)) for (const card of items) put(card.id, card.version, card);
  for (const { id, version } of board.removed) put(id, version);
  for (const card of cards.values()) if (!named.has(card.id)) changing.drop(card);
  return changing.end();
}

/** What is held before anything is. */
export const nothing = <Card>(): Holding<Card> => ({ cards: new Map(), removed: new Map() });
