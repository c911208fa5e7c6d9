import { instantSchema, opSchema } from "@status-board/contracts";
import * as z from "zod";
import { opOf } from "../../domain/diff.ts";
import type { BoardKey, ChangeEntry, Revision } from "../live-store.ts";
import {
  expiryItem,
  type Item,
  json,
  keyItem,
  number,
  requireJson,
  requireNumber,
  requireText,
  text,
} from "./attributes.ts";
import { changeKey, headKey, revOf } from "./keys.ts";

/** A board's newest revision as an item. It never expires: a lost head would begin the count anew (LV2). */
export const headItem = ({ shopId, date }: BoardKey, rev: number): Item => ({
  ...keyItem(headKey(shopId, date)),
  rev: number(rev),
});

/** The newest revision; 0 for a board that has none. */
export const readHead = (item: Item | undefined): number => (item === undefined ? 0 : requireNumber(item, "rev"));

/** A revision as an item, which goes by itself after `keptUntil`. Its ops are one JSON string, as they are sent. */
export function changeItem({ shopId, date }: BoardKey, rev: number, revision: Revision, keptUntil: string): Item {
  const what =
    revision.kind === "reset"
      ? { reset: { BOOL: true } }
      : { ops: json(revision.changes.map(opOf).filter((op) => op !== undefined)) };
  return { ...keyItem(changeKey(shopId, date, rev)), ...what, at: text(revision.at), ...expiryItem(keptUntil) };
}

const opsSchema = z.array(opSchema);

/** What a revision's ops take, in bytes of JSON; a reset has none. */
export const opsBytesOf = (item: Item): number => Buffer.byteLength(item.ops?.S ?? "");

/** The number of a revision. */
export const readRev = (item: Item): number => revOf(requireText(item, "sk"));

/** A revision as it was published. */
export function readChange(item: Item): ChangeEntry {
  const rev = readRev(item);
  const at = instantSchema.parse(requireText(item, "at"));
  if (item.reset?.BOOL === true) return { kind: "reset", rev, at };
  return { kind: "changes", rev, at, ops: opsSchema.parse(requireJson(item, "ops")) };
}
