import { limits, type MoveAppointment } from "@status-board/contracts";
import { type Random, rankBetween, ranksBetween } from "./rank.ts";

/** What a move needs to know of a card that already stands in the target column. */
export interface ColumnKey {
  id: string;
  rank: string;
  version: number;
}

/** Where in a column a card is wanted. `position` counts from 0 in the column without that card (MV6). */
export type Anchor =
  | { kind: "end" }
  | { kind: "position"; position: number }
  | { kind: "after"; id: string }
  | { kind: "before"; id: string };

/** The rank for the card, and the neighbours that had to make room with their new ranks (usually none). */
export interface Placement {
  rank: string;
  respaced: readonly ColumnKey[];
}

/** The anchor that a move names; none means the end. */
export function anchorOf(move: Pick<MoveAppointment, "position" | "afterId" | "beforeId">): Anchor {
  if (move.position !== undefined) return { kind: "position", position: move.position };
  if (move.afterId !== undefined) return { kind: "after", id: move.afterId };
  if (move.beforeId !== undefined) return { kind: "before", id: move.beforeId };
  return { kind: "end" };
}

/** How many cards come before the wanted place; an anchor that is not there means the end. */
function insertionIndex(others: readonly ColumnKey[], anchor: Anchor): number {
  if (anchor.kind === "end") return others.length;
  if (anchor.kind === "position") return Math.min(anchor.position, others.length);
  const found = others.findIndex(({ id }) => id === anchor.id);
  if (found === -1) return others.length;
  return anchor.kind === "after" ? found + 1 : found;
}

/**
 * Finds the rank for card `id` in a column (MV5). `keys` are the column's cards by rank, then id; `id` itself may be
 * among them. Only where ranks leave no room do up to 25 neighbours, never `id`, get new ranks, all of which lie
 * strictly between the ranks of the cards next to them.
 */
export function place(keys: readonly ColumnKey[], id: string, anchor: Anchor, random: Random): Placement {
  const others = keys.filter((key) => key.id !== id);
  const index = insertionIndex(others, anchor);
  const lower = others[index - 1]?.rank ?? "";
  const upper = others[index]?.rank;
  const rank = lower === upper ? undefined : rankBetween(lower, upper, random);
  if (rank !== undefined) return { rank, respaced: [] };
  return respace(others, index, random) ?? { rank: sharedRank(others[index - 1], others[index], id), respaced: [] };
}

/** Tries the runs of neighbours around `index`, the most central first, until one has room for all of it. */
function respace(others: readonly ColumnKey[], index: number, random: Random): Placement | undefined {
  const size = Math.min(limits.respacedMaxCards, others.length);
  const center = index - Math.floor(size / 2);
  const starts = Array.from({ length: size + 1 }, (_, back) => index - back)
    .filter((start) => start >= 0 && start + size <= others.length)
    .sort((a, b) => Math.abs(a - center) - Math.abs(b - center));
  for (const start of starts) {
    const run = others.slice(start, start + size);
    const lower = others[start - 1]?.rank ?? "";
    const upper = others[start + size]?.rank;
    const ranks = lower === upper ? undefined : ranksBetween(lower, upper, size + 1, random);
    if (ranks === undefined) continue;
    const [rank = ""] = ranks.splice(index - start, 1);
    return { rank, respaced: run.map((key, at) => ({ ...key, rank: ranks[at] ?? key.rank })) };
  }
  return undefined;
}

/**
 * Thousands of moves can pack more than 25 cards so tightly that no run of them can be spread. Then the card shares a
 * neighbour's rank: between equals ids decide, so it stands where it was wanted, or one card further off.
 */
function sharedRank(lower: ColumnKey | undefined, upper: ColumnKey | undefined, id: string): string {
  if (lower !== undefined && lower.id < id) return lower.rank;
  return upper?.rank ?? lower?.rank ?? "";
}
