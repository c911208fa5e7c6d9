import { figuresOf, type PublicStats, type Stats } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { type BoardRead, statsHoldUntil } from "../domain/board.ts";
import { type Outcome, ok } from "../domain/outcome.ts";
import { publicStats } from "../domain/projection.ts";
import { nowOf, type Ports } from "./ports.ts";

/** Figures last until somebody writes, which makes another read, or until the next promised time passes. */
const known = new WeakMap<BoardRead, { stats: Stats; from: string; until: string }>();

function statsAt(read: BoardRead, now: string): Stats {
  const former = known.get(read);
  if (former !== undefined && now >= former.from && now <= former.until) return former.stats;
  const stats = figuresOf(read.date, read.cards, now);
  known.set(read, { stats, from: now, until: statsHoldUntil(read, now) });
  return stats;
}

/** A day's board in figures, made from one read of that board (ST1); to a viewer without money. */
export async function getStats(
  query: { date: string },
  principal: Principal,
  ports: Ports,
): Promise<Outcome<Stats | PublicStats>> {
  const stats = statsAt(await ports.store.readBoard(principal.shopId, query.date), nowOf(ports));
  return ok(principal.role === "viewer" ? publicStats(stats) : stats);
}
