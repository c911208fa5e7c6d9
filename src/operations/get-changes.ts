import {
  type Changes,
  type ChangesQuery,
  type Diff,
  limits,
  type PublicChanges,
  type PublicDiff,
} from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { diffOf, forRole } from "../domain/message.ts";
import { type Outcome, ok, type Refusal } from "../domain/outcome.ts";
import type { Ports } from "./ports.ts";

/**
 * The revisions after `since`, as many as fit in one answer. Whoever cannot get to the newest this way is told to start
 * anew: another epoch, a revision that is yet to come, one no longer kept, or a reset in between.
 */
export async function getChanges(
  { date, epoch, since }: ChangesQuery,
  principal: Principal,
  { live }: Pick<Ports, "live">,
): Promise<Outcome<Changes | PublicChanges>> {
  const board = { shopId: principal.shopId, date };
  const head = await live.head(board);
  const gone: Refusal = { kind: "revision_gone", ...head };
  if (epoch !== head.epoch || since > head.rev) return gone;
  const entries = since === head.rev ? [] : await live.entries(board, since, limits.changesMaxBytes);
  if (entries === undefined) return gone;
  const changes: (Diff | PublicDiff)[] = [];
  for (const entry of entries) {
    const message = forRole(diffOf(entry, date, head.epoch), principal.role);
    if (message.type === "reset") return gone;
    changes.push(message);
  }
  const rev = changes.at(-1)?.rev ?? since;
  return ok({ epoch: head.epoch, rev, head: Math.max(head.rev, rev), changes });
}
