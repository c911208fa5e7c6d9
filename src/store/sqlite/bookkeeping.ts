import type { DatabaseSync } from "node:sqlite";
import type { HistoryLine } from "../live-store.ts";
import type { LiveRows } from "./live-rows.ts";
import { transactions } from "./transactions.ts";

/** What is noted waits this long for more, and for no more lines than these: written one by one, each costs a page. */
const flushAfterMs = 250;
const pendingMaxLines = 500;

/** The publisher's notes, which nobody waits for: the history, and how far it has come. */
export interface Bookkeeping {
  addHistory: (shopId: string, lines: readonly HistoryLine[]) => void;
  /** Everything in the outbox up to this row is published. */
  handled: (seq: number) => void;
  /** Writes what is noted. Throws what the database says; then it stays noted. */
  flush: () => void;
}

interface BookkeepingParts {
  database: DatabaseSync;
  liveRows: LiveRows;
  /** Hears why notes could not be written; they are tried again. */
  failed: (error: unknown) => void;
}

/**
 * Keeps the notes in memory for a moment and writes them together, the history before or with the mark that stands for
 * it. A crash in between loses neither: the outbox is published again from the last mark, and notes what is missing.
 */
export function keepBooks({ database, liveRows, failed }: BookkeepingParts): Bookkeeping {
  const transaction = transactions(database);
  const mark = database.prepare("REPLACE INTO meta (key, value) VALUES ('published', ?)");
  let pending: { shopId: string; line: HistoryLine }[] = [];
  let handledSeq: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (pending.length === 0 && handledSeq === undefined) return;
    transaction(() => {
      for (const { shopId, line } of pending) liveRows.addHistory(shopId, line);
      if (handledSeq !== undefined) mark.run(String(handledSeq));
    });
    pending = [];
    handledSeq = undefined;
  }

  function flushSoon(): void {
    if (timer === undefined) timer = setTimeout(tryFlush, flushAfterMs).unref();
    if (pending.length >= pendingMaxLines) tryFlush();
  }

  function tryFlush(): void {
    try {
      flush();
    } catch (error) {
      failed(error);
      timer ??= setTimeout(tryFlush, flushAfterMs).unref();
    }
  }

  return {
    addHistory: (shopId, lines) => {
      for (const line of lines) pending.push({ shopId, line });
      flushSoon();
    },
    handled: (seq) => {
      handledSeq = seq;
      flushSoon();
    },
    flush,
  };
}
