import {
  type CollisionDetection,
  type DragEndEvent,
  type DragMoveEvent,
  type DragOverEvent,
  type DragStartEvent,
  KeyboardCode,
  type Modifier,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import type { Status } from "@status-board/contracts";
import { useState } from "react";
import { statuses } from "../shared/status-words.ts";
import { cardIdOf } from "./card-elements.ts";
import { indexAt, laidOut } from "./drop-index.ts";
import type { Hands, Held } from "./use-held.ts";

const longPressMs = 250;
/** How far a finger may tremble in that time, in px; farther is a scroll. */
const trembleMaxPx = 8;
/** How far a mouse moves before a click has become a drag, in px. */
const clickMaxPx = 6;

const mouse = { activationConstraint: { distance: clickMaxPx } };
const touch = { activationConstraint: { delay: longPressMs, tolerance: trembleMaxPx } };

/** How near to an edge scrolling begins, as a share of what scrolls. */
const scrolling = { threshold: { x: 0.1, y: 0.15 } };
const scrollingUpAndDown = { threshold: { x: 0, y: 0.15 } };
const upAndDown: Modifier[] = [({ transform }) => ({ ...transform, x: 0 })];
const anyWay: Modifier[] = [];
const autoScrollOf = (held: Held | undefined) => (held?.reordersOnly ? scrollingUpAndDown : scrolling);

const statusOf = (id: unknown) => statuses.find((status) => status === id);

/** The column that the pointer is in; a card dropped outside of them stays where it was. */
export const columnUnderPointer: CollisionDetection = (input) => pointerWithin(input);

/** Dragging with mouse and finger: what DndContext has to be given, and the way to end a drag from outside. */
export function useDrag({ held, now, hold, pickUp, carryTo, drop, putBack }: Hands) {
  function onDragStart({ activatorEvent }: DragStartEvent): void {
    pickUp(cardIdOf(activatorEvent.target) ?? "", false);
  }

  /** Where a card in hand is now. Also asked when it comes over another column: the move that led there knows only the former. */
  function onDragOver({ active, over }: DragMoveEvent | DragOverEvent): void {
    const { held } = now();
    if (held === undefined) return;
    const place = placeUnder(held, statusOf(over?.id), active.rect.current.translated);
    if (place?.status !== held.place?.status || place?.index !== held.place?.index) carryTo(place);
  }

  const onDragEnd = ({ over }: DragEndEvent) => drop(statusOf(over?.id));

  const sensors = useSensors(useSensor(MouseSensor, mouse), useSensor(TouchSensor, touch));
  const [letGo] = useState(() => () => {
    hold(undefined);
    // All sensors take Escape for the end; there is no other way to tell them.
    document.dispatchEvent(new KeyboardEvent("keydown", { code: KeyboardCode.Esc }));
  });
  const modifiers = held?.reordersOnly ? upAndDown : anyWay;
  const dnd = {
    sensors,
    modifiers,
    autoScroll: autoScrollOf(held),
    onDragStart,
    onDragMove: onDragOver,
    onDragOver,
    onDragEnd,
    onDragCancel: putBack,
  };
  return { letGo, dnd };
}

/** The place in a column that a held card is over. */
function placeUnder(held: Held, status: Status | undefined, rect: { top: number; height: number } | null) {
  if (status === undefined || rect === null || !held.open.includes(status)) return undefined;
  return { status, index: indexAt(laidOut(status, held.card.id), rect.top + rect.height / 2) };
}
