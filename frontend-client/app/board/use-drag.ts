import {
  type CollisionDetection,
  type DragEndEvent,
  type DragMoveEvent,
  type DragOverEvent,
  type DragStartEvent,
  KeyboardCode,
  KeyboardSensor,
  type Modifier,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { type Role, type Status, targetsOf } from "@status-board/contracts";
import { useLayoutEffect, useRef, useState } from "react";
import { statuses } from "../shared/status-words.ts";
import { cardIdOf, findCard } from "./card-elements.ts";
import { indexAt, laidOut } from "./drop-index.ts";
import { isNarrow } from "./narrow.ts";
import { type Direction, nextPlace, type Place, placeOf, placeWords, targetFor, whyNot } from "./place.ts";
import { cardName, type ShownCard, type ShownColumns } from "./shown-card.ts";
import type { BoardActions } from "./use-board-actions.ts";

/** A card in somebody's hands. */
export interface Held {
  /** As it was when it was picked up. */
  card: ShownCard;
  byKeyboard: boolean;
  /** In px. */
  height: number;
  /** Where it would land now; undefined where it can't. */
  place: Place | undefined;
  /** The columns that it may land in. */
  open: readonly Status[];
  /** It stays in its column. */
  reordersOnly: boolean;
}

interface DragInput {
  columns: ShownColumns;
  role: Role;
  actions: BoardActions;
  /** Reads out to who does not see. */
  announce: (words: string) => void;
}

const longPressMs = 250;
/** How far a finger may tremble in that time, in px; farther is a scroll. */
const trembleMaxPx = 8;
/** How far a mouse moves before a click has become a drag, in px. */
const clickMaxPx = 6;

const mouse = { activationConstraint: { distance: clickMaxPx } };
const touch = { activationConstraint: { delay: longPressMs, tolerance: trembleMaxPx } };
const keyboardCodes = {
  start: [KeyboardCode.Space],
  end: [KeyboardCode.Space, KeyboardCode.Enter],
  cancel: [KeyboardCode.Esc, KeyboardCode.Tab],
};
const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

/** How near to an edge scrolling begins, as a share of what scrolls. */
const scrolling = { threshold: { x: 0.1, y: 0.15 } };
const scrollingUpAndDown = { threshold: { x: 0, y: 0.15 } };
const upAndDown: Modifier[] = [({ transform }) => ({ ...transform, x: 0 })];
const anyWay: Modifier[] = [];
const autoScrollOf = (held: Held | undefined) => (held?.reordersOnly ? scrollingUpAndDown : scrolling);

const statusOf = (id: unknown) => statuses.find((status) => status === id);

/** The column that the pointer is in; a card dropped outside of them stays where it was. */
export const columnUnderPointer: CollisionDetection = (input) => pointerWithin(input);

/** Dragging with mouse, finger and keys: what is held, where it would land, and what DndContext has to be given. */
export function useDrag({ columns, role, actions, announce }: DragInput) {
  const [held, setHeld] = useState<Held>();
  const latest = useRef({ columns, held });
  useLayoutEffect(() => {
    latest.current = { columns, held };
  });

  function hold(next: Held | undefined): void {
    latest.current.held = next;
    setHeld(next);
  }

  /** Arrow keys name the place that they lead to; the pointer's way has nothing to do with it. */
  const walk = useRef((event: KeyboardEvent) => {
    const direction = directions[event.code];
    const { columns, held } = latest.current;
    if (direction === undefined || held?.place === undefined) return undefined;
    event.preventDefault();
    const { id } = held.card;
    const place = nextPlace(columns, id, held.place, direction, held.open);
    if (place === undefined) return undefined;
    hold({ ...held, place });
    announce(`${placeWords(columns, id, place)}.`);
    return undefined;
  });
  const [keyboard] = useState({ keyboardCodes, coordinateGetter: (event: KeyboardEvent) => walk.current(event) });

  function onDragStart({ activatorEvent }: DragStartEvent): void {
    const place = placeOf(columns, cardIdOf(activatorEvent.target) ?? "");
    const card = place && columns[place.status][place.index];
    if (place === undefined || card === undefined) return;
    const byKeyboard = activatorEvent instanceof KeyboardEvent;
    // Where one column is seen at a time, a long press only reorders.
    const reordersOnly = isNarrow() && !byKeyboard;
    const open = reordersOnly ? [place.status] : [place.status, ...targetsOf(place.status, role)];
    const height = findCard(card.id)?.offsetHeight ?? 0;
    hold({ card, byKeyboard, height, place, open, reordersOnly });
    announce(`Picked up ${cardName(card)}. ${placeWords(columns, card.id, place)}.`);
  }

  /** Where a card in hand is now. Also asked when it comes over another column: the move that led there knows only the former. */
  function onDragOver({ active, over }: DragMoveEvent | DragOverEvent): void {
    const { held } = latest.current;
    if (held === undefined || held.byKeyboard) return;
    const place = placeUnder(held, statusOf(over?.id), active.rect.current.translated);
    if (place?.status !== held.place?.status || place?.index !== held.place?.index) hold({ ...held, place });
  }

  function onDragEnd({ over }: DragEndEvent): void {
    const done = latest.current.held;
    hold(undefined);
    if (done === undefined) return;
    const { card, place } = done;
    const target = place && targetFor(columns, card.id, place);
    if (target !== undefined) {
      actions.move(card.id, target);
      announce(
        `Dropped ${cardName(card)} in ${placeWords(columns, card.id, place ?? { status: card.status, index: 0 })}.`,
      );
      return;
    }
    const blocked = statusOf(over?.id);
    const reason = place === undefined && blocked !== undefined ? whyNot(card.status, blocked, role) : undefined;
    if (reason !== undefined) actions.marks.mark(new Map([[card.id, { kind: "refused" }]]));
    announce(`${cardName(card)} stays where it was.${reason === undefined ? "" : ` ${reason}.`}`);
  }

  function onDragCancel(): void {
    const done = latest.current.held;
    hold(undefined);
    if (done !== undefined) announce(`${cardName(done.card)} stays where it was.`);
  }

  const sensors = useSensors(
    useSensor(MouseSensor, mouse),
    useSensor(TouchSensor, touch),
    useSensor(KeyboardSensor, keyboard),
  );
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
    onDragCancel,
  };
  return { held, letGo, dnd };
}

/** The place in a column that a held card is over. */
function placeUnder(held: Held, status: Status | undefined, rect: { top: number; height: number } | null) {
  if (status === undefined || rect === null || !held.open.includes(status)) return undefined;
  return { status, index: indexAt(laidOut(status, held.card.id), rect.top + rect.height / 2) };
}
