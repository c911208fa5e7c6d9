import { useEffect, useLayoutEffect, useRef } from "react";
import { cardElementOf, findCard } from "./card-elements.ts";
import { directions, nextPlace, placeWords } from "./place.ts";
import type { Hands } from "./use-held.ts";

/**
 * Carrying a card by keys: Space picks up the card that has the focus, arrows carry it, Space or Enter drop it, Escape or Tab
 * put it back. The key that follows at once counts already: nobody waits for a drawn board between two keys.
 */
export function useCarryKeys(hands: Hands, announce: (words: string) => void): void {
  const latest = useRef({ hands, announce });
  useLayoutEffect(() => {
    latest.current = { hands, announce };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { hands, announce } = latest.current;
      if (press(event, hands, announce)) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const { held } = hands;
  useEffect(() => {
    if (!held?.byKeyboard) return;
    const shown = document.querySelector("[data-gap]") ?? findCard(held.card.id);
    // The column first: a phone shows one, and all of it.
    for (const element of [shown?.closest("section"), shown])
      element?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [held]);
}

/** True for a key that was the carrying's. */
function press(event: KeyboardEvent, hands: Hands, announce: (words: string) => void): boolean {
  const { held, columns } = hands.now();
  const { key, target, repeat, ctrlKey, metaKey, altKey, defaultPrevented } = event;
  if (held === undefined) {
    const card = cardElementOf(target);
    const isAsked = key === " " && !repeat && !ctrlKey && !metaKey && !altKey && !defaultPrevented;
    if (!isAsked || card === null || card !== target || card.dataset.movable === undefined) return false;
    return hands.pickUp(card.dataset.card ?? "", true);
  }
  if (!held.byKeyboard) return false;
  const direction = directions[key];
  const { card, place, open } = held;
  if (direction !== undefined && place !== undefined) {
    const next = nextPlace(columns, card.id, place, direction, open);
    if (next === undefined) return true;
    hands.carryTo(next);
    announce(`${placeWords(columns, card.id, next)}.`);
    return true;
  }
  // A key that is held down does not let go of what it has just picked up.
  if ((key === " " || key === "Enter") && !repeat) hands.drop();
  else if (key === "Escape" || key === "Tab") hands.putBack();
  return key === " " || key === "Enter" || key === "Escape" || key === "Tab";
}
