import type { Status } from "@status-board/contracts";
import type { Columns, Placed } from "./columns.ts";
import type { Target } from "./types.ts";

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
