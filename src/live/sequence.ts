import { limits } from "@status-board/contracts";
import { cardJson } from "../domain/card-json.ts";
import { type Change, foldChanges, opOf, writtenAt } from "../domain/diff.ts";
import type { ChangeEntry } from "../domain/message.ts";
import type { Revision } from "../store/live-store.ts";

/** All of an upsert but its card. */
const upsertFrame = JSON.stringify({ op: "upsert", card: null }).replace("null", "");

/** What a change takes in a message: its op, and the comma after it. */
function bytesOf(change: Change): number {
  const op = opOf(change);
  const json = op?.op === "upsert" ? `${upsertFrame}${cardJson(op.card)}` : JSON.stringify(op);
  return Buffer.byteLength(json) + 1;
}

const newestAt = (changes: readonly Change[]): string =>
  changes
    .map((change) => writtenAt(change) ?? "")
    .toSorted()
    .at(-1) ?? "";

/**
 * A board's part of a batch as the revisions that it becomes: several changes of one card fold into the last one, a
 * revision's ops take 28 KB at most, and where that would make more than eight, one reset stands for all (LV3).
 */
export function sequence(changes: readonly Change[]): Revision[] {
  const folded = foldChanges(changes);
  const groups: Change[][] = [];
  let room = 0;
  for (const change of folded) {
    const bytes = bytesOf(change);
    if (bytes > room) {
      groups.push([]);
      room = limits.revisionMaxBytes;
    }
    groups.at(-1)?.push(change);
    room -= bytes;
  }
  if (groups.length > limits.batchMaxRevisions) return [{ kind: "reset", at: newestAt(folded) }];
  return groups.map((group) => ({ kind: "changes", changes: group, at: newestAt(group) }));
}

/** When the oldest write that revisions tell of was made, ISO 8601; a reset keeps of its writes only the newest. */
export function oldestWrite(revisions: readonly Revision[]): string {
  const moments = revisions.flatMap((revision) =>
    revision.kind === "reset" ? [revision.at] : revision.changes.map((change) => writtenAt(change) ?? revision.at),
  );
  return moments.reduce((oldest, at) => (at < oldest ? at : oldest));
}

/** A revision that has just been stored under `rev`, as it would be read back. */
export function entryOf(revision: Revision, rev: number): ChangeEntry {
  if (revision.kind === "reset") return { kind: "reset", rev, at: revision.at };
  const ops = revision.changes.map(opOf).filter((op) => op !== undefined);
  return { kind: "changes", rev, at: revision.at, ops };
}
