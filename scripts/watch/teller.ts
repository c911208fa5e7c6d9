import type { Replica } from "@status-board/frontend-client";
import { type Line, lineOf, type WatchedCard, type WatchedDiff } from "./lines.ts";

type Held = Replica<WatchedCard>;

/** Tells what happened to a board, each change once and in the order of the revisions. */
export interface Teller {
  /** A revision has come, in whatever order and however often. */
  hear(diff: WatchedDiff): void;
  /** Lines for all that is in the replica now and was not before. */
  tell(replica: Held, nowMs: number): Line[];
}

/**
 * Begins with the first replica that has seen the board. What was heard as a revision is told as such; what a snapshot
 * brought instead, after a reset or a long absence, by what it changed.
 */
export function createTeller(): Teller {
  const heard = new Map<string, WatchedDiff>();
  const keyOf = (epoch: string, rev: number) => `${epoch} ${rev}`;
  let told: Held | undefined;

  /** Takes the revisions in between that were heard, in order. */
  function takeHeard({ epoch, rev: first }: Held, last: number): WatchedDiff[] {
    const diffs: WatchedDiff[] = [];
    for (let rev = first + 1; rev <= last; rev++) {
      const diff = heard.get(keyOf(epoch ?? "", rev));
      if (diff !== undefined) diffs.push(diff);
    }
    for (const [key, diff] of heard) if (diff.epoch !== epoch || diff.rev <= last) heard.delete(key);
    return diffs;
  }

  return {
    hear: (diff) => void heard.set(keyOf(diff.epoch, diff.rev), diff),
    tell: (replica, nowMs) => {
      if (replica.epoch === undefined || replica === told) return [];
      const before = told;
      told = replica;
      if (before === undefined) return [];
      const isSameLife = before.epoch === replica.epoch;
      const { lines, cards } = follow(before, isSameLife ? takeHeard(before, replica.rev) : [], nowMs);
      return [...lines, ...compare(cards, replica, nowMs)];
    },
  };
}

/** What the revisions changed, and the cards as they were after them. */
function follow(before: Held, diffs: readonly WatchedDiff[], nowMs: number) {
  const cards = new Map(before.cards);
  const removed = new Map(before.removed);
  const lines: Line[] = [];
  for (const { rev, at, ops } of diffs)
    for (const op of ops) {
      const { id, version } = op.op === "upsert" ? op.card : op;
      const known = cards.get(id);
      if (version <= (known?.version ?? removed.get(id) ?? 0)) continue;
      lines.push(lineOf(op, { rev, at, before: known, nowMs }));
      if (op.op === "upsert") cards.set(id, op.card);
      else {
        cards.delete(id);
        removed.set(id, version);
      }
    }
  return { lines, cards };
}

/** What no revision told of. */
function compare(cards: ReadonlyMap<string, WatchedCard>, { rev, cards: now, removed }: Held, nowMs: number): Line[] {
  const lines: Line[] = [];
  for (const card of now.values()) {
    const before = cards.get(card.id);
    if (before?.version === card.version) continue;
    lines.push(lineOf({ op: "upsert", card }, { rev, at: undefined, before, nowMs }));
  }
  for (const before of cards.values()) {
    if (now.has(before.id)) continue;
    const version = removed.get(before.id) ?? before.version + 1;
    lines.push(lineOf({ op: "remove", id: before.id, version }, { rev, at: undefined, before, nowMs }));
  }
  return lines;
}
