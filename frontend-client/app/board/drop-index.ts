import { listElementId } from "./card-elements.ts";

/** What of a laid out card decides where another one lands. In px from the top of the page. */
export interface Laid {
  top: number;
  height: number;
}

/** How many cards a middle line stands below: the index at which a card lands that is held there. */
export function indexAt(cards: readonly Laid[], middle: number): number {
  const below = cards.findIndex(({ top, height }) => middle < top + height / 2);
  return below < 0 ? cards.length : below;
}

/**
 * A column's cards as they would be laid out without the gap and the held card, so that the gap does not chase the
 * pointer that it makes room for.
 */
export function laidOut(status: string, heldId: string): Laid[] {
  const list = document.getElementById(listElementId(status));
  const laid: Laid[] = [];
  let shift = 0;
  for (const child of list?.children ?? []) {
    if (!(child instanceof HTMLElement)) continue;
    const { top, height } = child.getBoundingClientRect();
    if (child.dataset.gap !== undefined) {
      const next = child.nextElementSibling?.getBoundingClientRect();
      shift = next === undefined ? height : next.top - top;
    } else if (child.dataset.card !== undefined && child.dataset.card !== heldId)
      laid.push({ top: top - shift, height });
  }
  return laid;
}
