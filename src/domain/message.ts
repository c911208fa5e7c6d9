import type { Diff, Op, PublicDiff, Reset, Role } from "@status-board/contracts";
import { publicOp } from "./projection.ts";

/** A published revision of a board: what changed, or that too much did to be worth telling. */
export type ChangeEntry = { rev: number; at: string } & ({ kind: "changes"; ops: readonly Op[] } | { kind: "reset" });

/** A revision as it goes to screens: to staff whole, to a viewer as the public projection (AU6). */
export interface Rendered {
  staff: Diff | Reset;
  viewer: () => PublicDiff | Reset;
}

/** A revision as the messages that tell of it. */
export function diffOf(entry: ChangeEntry, date: string, epoch: string): Rendered {
  const { rev, at } = entry;
  if (entry.kind === "reset") {
    const reset: Reset = { type: "reset", date, epoch, rev };
    return { staff: reset, viewer: () => reset };
  }
  const frame = { type: "diff" as const, date, epoch, rev, at };
  return {
    staff: { ...frame, ops: [...entry.ops] },
    viewer: () => ({ ...frame, ops: entry.ops.map(publicOp) }),
  };
}

/** The side of a revision that a role may see. */
export const forRole = ({ staff, viewer }: Rendered, role: Role): Diff | PublicDiff | Reset =>
  role === "viewer" ? viewer() : staff;
