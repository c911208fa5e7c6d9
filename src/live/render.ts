import type { Diff, PublicDiff, Reset, Role } from "@status-board/contracts";
import { opOf } from "../domain/diff.ts";
import { publicOp } from "../domain/projection.ts";
import type { ChangeEntry, Revision } from "../store/live-store.ts";

/** A revision as it goes to screens: to staff whole, to a viewer as the public projection (AU6). */
export interface Rendered {
  staff: Diff | Reset;
  viewer: PublicDiff | Reset;
}

/** A stored or new revision as the messages that tell of it. */
export function render(entry: ChangeEntry, date: string, epoch: string): Rendered {
  const { rev, at } = entry;
  if (entry.kind === "reset") {
    const reset: Reset = { type: "reset", date, epoch, rev };
    return { staff: reset, viewer: reset };
  }
  const frame = { type: "diff" as const, date, epoch, rev, at };
  return {
    staff: { ...frame, ops: [...entry.ops] },
    viewer: { ...frame, ops: entry.ops.map(publicOp) },
  };
}

/** The side of a rendered revision that a role may see. */
export const forRole = (rendered: Rendered, role: Role): Diff | PublicDiff | Reset =>
  role === "viewer" ? rendered.viewer : rendered.staff;

/** A revision that has just been stored under `rev`, as it would be read back. */
export function entryOf(revision: Revision, rev: number): ChangeEntry {
  if (revision.kind === "reset") return { kind: "reset", rev, at: revision.at };
  const ops = revision.changes.map(opOf).filter((op) => op !== undefined);
  return { kind: "changes", rev, at: revision.at, ops };
}
