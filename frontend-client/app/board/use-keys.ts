import { useEffect, useLayoutEffect, useRef } from "react";
import { cardIdOf, findCard, findMoveButton } from "./card-elements.ts";
import { type Direction, directions, firstCard, nextCard } from "./place.ts";
import { searchFieldId } from "./search-field.tsx";
import type { ShownColumns } from "./shown-card.ts";

interface KeysInput {
  columns: ShownColumns | undefined;
  /** True while a card is held: the arrows are its. */
  isHolding: boolean;
  /** The card that has, or last had, the focus: the arrows go on from there. */
  focusedId: string | undefined;
  canMove: boolean;
  /** Absent for who may not. */
  open: ((id: string) => void) | undefined;
  openMenu: (id: string, anchor: HTMLElement) => void;
  undo: () => void;
  /** Absent for who may not. */
  create: (() => void) | undefined;
  showKeys: () => void;
}

/** Where keys are for something else: fields, tabs, and whatever lies above the board. */
const foreign = "input, textarea, select, [role=dialog], [role=menu], [role=tablist], [contenteditable]";
/** There Enter means what it always does. */
const ownKeys = "button, a";

/** The board's keys, wherever the focus is. */
export function useKeys(input: KeysInput): void {
  const latest = useRef(input);
  useLayoutEffect(() => {
    latest.current = input;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => press(event, latest.current);
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

function press(event: KeyboardEvent, input: KeysInput): void {
  const { target, key, ctrlKey, metaKey, altKey, defaultPrevented } = event;
  if (defaultPrevented || ctrlKey || metaKey || altKey || input.isHolding) return;
  if (!(target instanceof Element) || target.closest(foreign) !== null) return;
  const act = actionOf(key, target, input);
  if (act === undefined) return;
  event.preventDefault();
  act();
}

function actionOf(key: string, target: Element, input: KeysInput): (() => void) | undefined {
  const { columns, focusedId, canMove, open, openMenu, undo, create, showKeys } = input;
  const direction = directions[key];
  const cardId = cardIdOf(target);
  if (direction !== undefined && columns && firstCard(columns) && target.closest("header") === null)
    return () => walk(columns, focusedId, direction);
  if (key === "Enter") return cardId && open && target.closest(ownKeys) === null ? () => open(cardId) : undefined;
  if (key === "/") return () => document.getElementById(searchFieldId)?.focus();
  if (key === "?") return showKeys;
  const letter = key.toLowerCase();
  if (letter === "u" && canMove) return undo;
  if (letter === "n") return create;
  const anchor = letter === "m" && cardId !== undefined ? findMoveButton(cardId) : null;
  return cardId === undefined || anchor === null ? undefined : () => openMenu(cardId, anchor);
}

function walk(columns: ShownColumns, focusedId: string | undefined, direction: Direction): void {
  const from = focusedId === undefined || findCard(focusedId) === null ? undefined : focusedId;
  const next = from === undefined ? firstCard(columns) : nextCard(columns, from, direction);
  if (next !== undefined) findCard(next.id)?.focus();
}
