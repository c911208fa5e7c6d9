/** How long a page stands, in ms. */
export const pageStandsMs = 12_000;

/** The sizes that decide how many cards fit, all in the same unit. */
export interface Room {
  width: number;
  height: number;
  /** A card is at least as wide and as high. */
  cardMinWidth: number;
  cardHeight: number;
  gap: number;
}

/** How many cards stand beside and below each other, and how high each is. */
export interface Fit {
  columns: number;
  rows: number;
  rowHeight: number;
}

/** Cards grow to fill what is left over, but not out of shape. */
const maxGrowth = 1.2;

const howMany = (room: number, size: number, gap: number) => Math.max(1, Math.floor((room + gap) / (size + gap)));

/** Fits cards into a room: as many as go in, and never less than one. */
export function fitCards({ width, height, cardMinWidth, cardHeight, gap }: Room): Fit {
  const rows = howMany(height, cardHeight, gap);
  const rowHeight = Math.max(cardHeight, Math.min(cardHeight * maxGrowth, (height + gap) / rows - gap));
  return { columns: howMany(width, cardMinWidth, gap), rows, rowHeight };
}

/** One page of a list. */
export interface Page<Item> {
  items: readonly Item[];
  /** From 1. */
  number: number;
  count: number;
}

/** The page to show after so many turns; it begins again after the last. */
export function pageAt<Item>(items: readonly Item[], perPage: number, turn: number): Page<Item> {
  const count = Math.max(1, Math.ceil(items.length / perPage));
  const index = turn % count;
  return { items: items.slice(index * perPage, (index + 1) * perPage), number: index + 1, count };
}
