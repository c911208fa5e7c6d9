import { isAllowed, type Role, type Status, statusesOf } from "@status-board/contracts";
import type { Target } from "../../types.ts";
import { columnTitles, statuses } from "../shared/status-words.ts";
import type { ShownCard, ShownColumns } from "./shown-card.ts";

/** Where in a column, as it is shown and without the card that is being moved: 0 is before the first one. */
export interface Place {
  status: Status;
  index: number;
}

export type Direction = "up" | "down" | "left" | "right";

/** Where the arrow keys lead, by their names. */
export const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

/** Where a card stands; undefined where it is not shown. */
export function placeOf(columns: ShownColumns, id: string): Place | undefined {
  for (const status of statuses) {
    const index = columns[status].findIndex((card) => card.id === id);
    if (index >= 0) return { status, index };
  }
  return undefined;
}

const others = (cards: readonly ShownCard[], id: string) => cards.filter((card) => card.id !== id);

/**
 * What to ask of the server so that a card comes to a place: beside the card that is shown there, whatever a filter hides
 * between (MV6). Undefined where it stands there already.
 */
export function targetFor(columns: ShownColumns, id: string, { status, index }: Place): Target | undefined {
  const now = placeOf(columns, id);
  if (now?.status === status && now.index === index) return undefined;
  const column = others(columns[status], id);
  const before = column[index - 1];
  if (before !== undefined) return { newStatus: status, afterId: before.id };
  const after = column[index];
  return after === undefined ? { newStatus: status } : { newStatus: status, beforeId: after.id };
}

/** The place that an arrow key leads to; undefined where there is none. Sideways it keeps its height where it can. */
export function nextPlace(
  columns: ShownColumns,
  id: string,
  { status, index }: Place,
  direction: Direction,
  open: readonly Status[],
): Place | undefined {
  const lengthOf = (column: Status) => others(columns[column], id).length;
  if (direction === "up") return index === 0 ? undefined : { status, index: index - 1 };
  if (direction === "down") return index >= lengthOf(status) ? undefined : { status, index: index + 1 };
  const course = direction === "right" ? statuses : [...statuses].reverse();
  const next = course.slice(course.indexOf(status) + 1).find((one) => open.includes(one));
  return next === undefined ? undefined : { status: next, index: Math.min(index, lengthOf(next)) };
}

/** The card that an arrow key walks to from another; undefined at the edge. Empty columns are stepped over. */
export function nextCard(columns: ShownColumns, id: string, direction: Direction): ShownCard | undefined {
  const place = placeOf(columns, id);
  if (place === undefined) return undefined;
  const { status, index } = place;
  if (direction === "up") return columns[status][index - 1];
  if (direction === "down") return columns[status][index + 1];
  const course = direction === "right" ? statuses : [...statuses].reverse();
  const next = course.slice(course.indexOf(status) + 1).find((one) => columns[one].length > 0);
  return next === undefined ? undefined : (columns[next][index] ?? columns[next].at(-1));
}

/** The first card of the board as it is read: column by column. */
export const firstCard = (columns: ShownColumns): ShownCard | undefined =>
  statuses.map((status) => columns[status][0]).find((card) => card !== undefined);

/** Why a card may not go from one column to another, in few words; undefined where it may. */
export function whyNot(from: Status, to: Status, role: Role): string | undefined {
  if (from === to) return undefined;
  const open = statusesOf(role);
  if (open.includes(from) && !open.includes(to) && isAllowed(from, to)) return "Only the front desk does that";
  return isAllowed(from, to) && open.includes(from) ? undefined : `Not straight from ${columnTitles[from]}`;
}

/** A place in words: "Ready, place 2 of 5". */
export function placeWords(columns: ShownColumns, id: string, { status, index }: Place): string {
  return `${columnTitles[status]}, place ${index + 1} of ${others(columns[status], id).length + 1}`;
}
