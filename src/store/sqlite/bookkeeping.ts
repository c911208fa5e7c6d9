import type { DatabaseSync } from "node:sqlite";
import type { BoardKey, HistoryLine } from "../live-store.ts";
import type { LateCards } from "./late-cards.ts";
import type { EntryRow, LiveRows } from "./live-rows.ts";
import { transactions } from "./transactions.ts";

/** What is noted waits this long for more, and for no more notes than these: written one by one, each costs pages. */
const flushAfterMs = 250;
const pendingMaxNotes = 4_000;
/** After so many writes a pause is used to copy the log into the file; under load without a pause a commit does it, and all wait. */
const checkpointAfterWrites = 500;

/** What nobody waits for: the table of cards, and the publisher's notes, which are revisions, history and how far it has come. */
export interface Bookkeeping {
  /** A group of writes is durable. */
  committed: () => void;
  /** The newest revision; 0 for a board without any. */
  rev: (board: BoardKey) => number;
  /** Gives the entries the board's next numbers, and answers the newest. */
  append: (board: BoardKey, entries: readonly EntryRow[]) => number;
  findEntry: (board: BoardKey, rev: number) => EntryRow | undefined;
  addHistory: (shopId: string, lines: readonly HistoryLine[]) => void;
  /** Everything in the outbox up to this row is published. */
  handled: (seq: number) => void;
  /** Writes what is noted. Throws what the database says; then it stays noted. */
  flush: () => void;
}

interface BookkeepingParts {
  database: DatabaseSync;
  liveRows: LiveRows;
  cards: LateCards;
  /** Hears why notes could not be written; they are tried again. */
  failed: (error: unknown) => void;
}

/** A board's revisions that are not in the file yet. */
interface Unwritten {
  board: BoardKey;
  /** The newest. */
  rev: number;
  /** The last is that of `rev`. */
  entries: EntryRow[];
}

const keyOf = ({ shopId, date }: BoardKey) => `${shopId} ${date}`;

/**
 * Keeps the notes in memory for a moment and writes them together, the marks with all that they stand for. A crash in
 * between loses nothing: the outbox has it all. The next start brings the table of cards up to it, and publishes it again from
 * the last mark, under a new epoch (LV2).
 */
export function keepBooks({ database, liveRows, cards, failed }: BookkeepingParts): Bookkeeping {
  const transaction = transactions(database);
  const mark = database.prepare("REPLACE INTO meta (key, value) VALUES ('published', ?)");
  let unwritten = new Map<string, Unwritten>();
  let lines: { shopId: string; line: HistoryLine }[] = [];
  let handledSeq: number | undefined;
  let notes = 0;
  let timer: NodeJS.Timeout | undefined;
  let pause: NodeJS.Timeout | undefined;
  let writesInLog = 0;

  function checkpoint(): void {
    if (notes > 0 || writesInLog < checkpointAfterWrites || !database.isOpen) return;
    try {
      database.exec("PRAGMA wal_checkpoint(PASSIVE)");
      writesInLog = 0;
    } catch (error) {
      failed(error);
    }
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (notes === 0) return;
    clearTimeout(pause);
    pause = setTimeout(checkpoint, flushAfterMs).unref();

    transaction(() => {
      cards.write();
      for (const { board, rev, entries } of unwritten.values()) {
        liveRows.setRev(board, rev);
        entries.forEach((entry, index) => {
          liveRows.addEntry(board, rev - entries.length + 1 + index, entry);
        });
      }
      for (const { shopId, line } of lines) liveRows.addHistory(shopId, line);
      if (handledSeq !== undefined) mark.run(String(handledSeq));
    });
    cards.written();
    unwritten = new Map();
    lines = [];
    handledSeq = undefined;
    notes = 0;
  }

  function noted(count: number): void {
    notes += count;
    if (notes === 0) return;
    if (notes >= pendingMaxNotes) tryFlush();
    else timer ??= setTimeout(tryFlush, flushAfterMs).unref();
  }

  function tryFlush(): void {
    try {
      flush();
    } catch (error) {
      failed(error);
      timer ??= setTimeout(tryFlush, flushAfterMs).unref();
    }
  }

  const rev = (board: BoardKey) => unwritten.get(keyOf(board))?.rev ?? liveRows.rev(board);

  return {
    committed: () => {
      const count = cards.committed();
      writesInLog += count;
      noted(count);
    },
    rev,
    append: (board, added) => {
      const newest = rev(board) + added.length;
      const entries = unwritten.get(keyOf(board))?.entries ?? [];
      entries.push(...added);
      unwritten.set(keyOf(board), { board, rev: newest, entries });
      noted(added.length);
      return newest;
    },
    findEntry: (board, number) => {
      const known = unwritten.get(keyOf(board));
      return known?.entries[known.entries.length - 1 + number - known.rev] ?? liveRows.findEntry(board, number);
    },
    addHistory: (shopId, added) => {
      for (const line of added) lines.push({ shopId, line });
      noted(added.length);
    },
    handled: (seq) => {
      handledSeq = seq;
      noted(1);
    },
    flush,
  };
}
