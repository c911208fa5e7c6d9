import { type Role, type Status, targetsOf } from "@status-board/contracts";
import { useLayoutEffect, useRef, useState } from "react";
import { findCard } from "./card-elements.ts";
import { isNarrow } from "./narrow.ts";
import { type Place, placeOf, placeWords, targetFor, whyNot } from "./place.ts";
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

export interface HeldInput {
  columns: ShownColumns;
  role: Role;
  actions: BoardActions;
  /** Reads out to who does not see. */
  announce: (words: string) => void;
}

/** The card in somebody's hands, and what may become of it, whichever way it is carried. What happens is read out. */
export function useHeld({ columns, role, actions, announce }: HeldInput) {
  const [held, setHeld] = useState<Held>();
  const latest = useRef({ columns, held });
  useLayoutEffect(() => {
    latest.current = { columns, held };
  });

  function hold(next: Held | undefined): void {
    latest.current.held = next;
    setHeld(next);
  }

  /** True where there was such a card to pick up. */
  function pickUp(id: string, byKeyboard: boolean): boolean {
    const { columns } = latest.current;
    const place = placeOf(columns, id);
    const card = place && columns[place.status][place.index];
    if (place === undefined || card === undefined) return false;
    // Where one column is seen at a time, a long press only reorders.
    const reordersOnly = isNarrow() && !byKeyboard;
    const open = reordersOnly ? [place.status] : [place.status, ...targetsOf(place.status, role)];
    const height = findCard(card.id)?.offsetHeight ?? 0;
    hold({ card, byKeyboard, height, place, open, reordersOnly });
    announce(`Picked up ${cardName(card)}. ${placeWords(columns, card.id, place)}.`);
    return true;
  }

  function carryTo(place: Place | undefined): void {
    const { held } = latest.current;
    if (held !== undefined) hold({ ...held, place });
  }

  /** Lets go where the card is now. A column that it is over and may not land in says why it does not. */
  function drop(over?: Status): void {
    const { held, columns } = latest.current;
    hold(undefined);
    if (held === undefined) return;
    const { card, place } = held;
    const target = place && targetFor(columns, card.id, place);
    if (place !== undefined && target !== undefined) {
      actions.move(card.id, target);
      announce(`Dropped ${cardName(card)} in ${placeWords(columns, card.id, place)}.`);
      return;
    }
    const reason = place === undefined && over !== undefined ? whyNot(card.status, over, role) : undefined;
    if (reason !== undefined) actions.marks.mark(new Map([[card.id, { kind: "refused" }]]));
    announce(`${cardName(card)} stays where it was.${reason === undefined ? "" : ` ${reason}.`}`);
  }

  function putBack(): void {
    const done = latest.current.held;
    hold(undefined);
    if (done !== undefined) announce(`${cardName(done.card)} stays where it was.`);
  }

  /** What is true now, also between two drawings of the board. */
  const now = () => latest.current;
  return { held, now, hold, pickUp, carryTo, drop, putBack };
}

export type Hands = ReturnType<typeof useHeld>;
