import { statuses } from "../shared/status-words.ts";
import type { ShownCard, ShownColumns } from "./shown-card.ts";

interface Shown {
  board: { date: string; columns: ShownColumns } | undefined;
  pending: ReadonlyMap<string, unknown>;
}

function cardsById(columns: ShownColumns): Map<string, ShownCard> {
  return new Map(statuses.flatMap((status) => columns[status].map((card) => [card.id, card] as const)));
}

/**
 * Which cards moved, or came, between two states of a board without our doing, and who did it, where that is known. What
 * we moved ourselves is pending on one side or the other.
 */
export function movedByOthers(before: Shown, after: Shown): ReadonlyMap<string, string | undefined> {
  const moved = new Map<string, string | undefined>();
  if (!before.board || !after.board || before.board.date !== after.board.date) return moved;
  if (before.board.columns === after.board.columns) return moved;
  const held = cardsById(before.board.columns);
  for (const [id, card] of cardsById(after.board.columns)) {
    const was = held.get(id);
    const stood = was !== undefined && was.status === card.status && was.rank === card.rank;
    if (stood || before.pending.has(id) || after.pending.has(id)) continue;
    // A card that its neighbours were re-spaced around stands where it stood, for all that anybody can see.
    if (was !== undefined && was.status === card.status && card.updatedBy?.id === "system") continue;
    moved.set(id, card.updatedBy?.name);
  }
  return moved;
}
