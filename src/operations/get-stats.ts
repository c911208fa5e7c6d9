import type { PublicStats, Stats } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { statsOf } from "../domain/board.ts";
import { type Outcome, ok } from "../domain/outcome.ts";
import { publicStats } from "../domain/projection.ts";
import { nowOf, type Ports } from "./ports.ts";

/** A day's board in figures, made from one read of that board (ST1); to a viewer without money. */
export async function getStats(
  query: { date: string },
  principal: Principal,
  ports: Ports,
): Promise<Outcome<Stats | PublicStats>> {
  const stats = statsOf(await ports.store.readBoard(principal.shopId, query.date), nowOf(ports));
  return ok(principal.role === "viewer" ? publicStats(stats) : stats);
}
