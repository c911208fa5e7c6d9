import { limits, type Op } from "@status-board/contracts";
import { instantOf } from "../../domain/time.ts";
import type { BoardKey, ChangeEntry, LiveStore, Revision } from "../live-store.ts";
import type { AppointmentRows } from "./appointment-rows.ts";
import { type Boards, fingerprintOf } from "./boards.ts";
import type { Bookkeeping } from "./bookkeeping.ts";
import type { LiveRows } from "./live-rows.ts";
import { read } from "./read.ts";

interface LiveStoreParts {
  epoch: string;
  liveRows: LiveRows;
  rows: AppointmentRows;
  boards: Boards;
  books: Bookkeeping;
  now: () => Date;
  /** Reads the truth itself, once all that it could see is durable; what is published is so already. */
  readTruth: <T>(work: () => T) => Promise<T>;
}

/**
 * What is published, in the file of the truth itself: a change entry only names the rows of the outbox that it tells of.
 * A revision is kept by the bookkeeping before it is told; the file has it a moment later.
 */
export function prepareLiveStore({ epoch, liveRows, rows, boards, books, now, readTruth }: LiveStoreParts): LiveStore {
  function append(board: BoardKey, revisions: readonly Revision[]): { epoch: string; firstRev: number } {
    const expiresAt = instantOf(new Date(now().getTime() + limits.changeKeptMs));
    const entries = revisions.map((revision) => {
      const entry = { at: revision.at, expiresAt };
      return revision.kind === "reset" ? entry : { ...entry, seqs: seqsOf(revision) };
    });
    const rev = books.append(board, entries);
    boards.published(board.shopId, board.date, rev);
    return { epoch, firstRev: rev - revisions.length + 1 };
  }

  /** The entry as it was published; undefined when it, or something that it tells of, is no longer kept. */
  function findEntry(board: BoardKey, rev: number): ChangeEntry | undefined {
    const entry = books.findEntry(board, rev);
    if (entry === undefined || entry.expiresAt <= now().toISOString()) return undefined;
    const { at, seqs } = entry;
    if (seqs === undefined) return { kind: "reset", rev, at };
    const ops: Op[] = [];
    for (const seq of seqs) {
      const op = liveRows.op(seq);
      if (op === undefined) return undefined;
      ops.push(op);
    }
    return { kind: "changes", rev, at, ops };
  }

  function entries(board: BoardKey, since: number, maxBytes: number): ChangeEntry[] | undefined {
    const newest = books.rev(board);
    const found: ChangeEntry[] = [];
    let bytes = 0;
    for (let rev = since + 1; rev <= newest; rev++) {
      const entry = findEntry(board, rev);
      if (entry === undefined) return undefined;
      if (entry.kind === "changes") bytes += Buffer.byteLength(JSON.stringify(entry.ops));
      if (bytes > maxBytes && found.length > 0) break;
      found.push(entry);
    }
    return found;
  }

  return {
    head: (board) => read(() => ({ epoch, rev: books.rev(board) })),
    append: (board, revisions) => read(() => append(board, revisions)),
    entries: (board, since, maxBytes) => read(() => entries(board, since, maxBytes)),
    fingerprint: ({ shopId, date }) => readTruth(() => ({ epoch, ...fingerprintOf(boards.get(shopId, date)) })),
    addHistory: (shopId, lines) => read(() => books.addHistory(shopId, lines)),
    readHistory: (shopId, id) =>
      read(() => {
        books.flush();
        const items = liveRows.history(shopId, id);
        return items.length > 0 || rows.findPointer(shopId, id) !== undefined ? items : undefined;
      }),
  };
}

/** The rows of the outbox that a revision tells of. */
const seqsOf = ({ changes }: Extract<Revision, { kind: "changes" }>): number[] =>
  changes.map(({ position }) => {
    const seq = Number(position);
    if (!Number.isSafeInteger(seq)) throw new Error(`${position} is no position of this store's feed`);
    return seq;
  });
