/** The element of a card, or of its Move button, wherever it stands now. */
export const cardElementId = (id: string) => `card-${id}`;
export const findCard = (id: string) => document.getElementById(cardElementId(id));
export const isMoveButton = (element: EventTarget) =>
  element instanceof Element && element.closest("[data-move]") !== null;
export const findMoveButton = (id: string) => findCard(id)?.querySelector<HTMLElement>("[data-move]") ?? null;

/** The card that an element is in. */
export const cardElementOf = (element: EventTarget | null): HTMLElement | null =>
  element instanceof Element ? element.closest<HTMLElement>("[data-card]") : null;
export const cardIdOf = (element: EventTarget | null): string | undefined => cardElementOf(element)?.dataset.card;

/** The element that tells readers what keys do on a card. */
export const cardKeysId = "card-keys";

/** The list that holds a column's cards, and scrolls. */
export const listElementId = (status: string) => `cards-${status}`;

/**
 * Keeps the focus on a card that moves to another column, where it is drawn anew: the card that has the focus says so,
 * and a card that is drawn takes it back.
 */
export function createFocusKeeper() {
  let kept: string | undefined;
  return {
    keep: (id: string) => {
      kept = id;
    },
    /** Where the focus went elsewhere by itself, not because its element was taken away. */
    release: (id: string, element: Element) => {
      if (kept === id && element.isConnected) kept = undefined;
    },
    isKept: (id: string) => kept === id,
  };
}

export type FocusKeeper = ReturnType<typeof createFocusKeeper>;
