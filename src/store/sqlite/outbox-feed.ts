import type { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Feed, FeedHandler, FeedItem } from "../../live/ports.ts";
import type { Bookkeeping } from "./bookkeeping.ts";
import type { OutboxQueue } from "./outbox-queue.ts";
import { integer } from "./rows.ts";

/** The pause after a batch that failed; it doubles with each try. */
const firstPauseMs = 50;
const longestPauseMs = 5_000;

export interface OutboxFeedOptions {
  database: DatabaseSync;
  queue: OutboxQueue;
  books: Pick<Bookkeeping, "handled">;
  /** Resolves after that time, or at once when the signal aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Hears of everything that makes a batch come again. */
  failed: (error: unknown) => void;
}

export interface OutboxFeed extends Feed {
  /** Says that the outbox has grown. */
  wake: () => void;
}

/**
 * Hands the outbox to a handler, batch after batch in the order of the rows, each until it is handled. How far it has come
 * is kept in the file, so that a start goes on there; what was handled but not yet noted comes again.
 */
export function outboxFeed({ database, queue, books, sleep, failed }: OutboxFeedOptions): OutboxFeed {
  let handledSeq = readCheckpoint(database);
  let wake = () => {};
  let running: { stopping: AbortController; over: Promise<void> } | undefined;

  const grown = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });

  async function run(handle: FeedHandler, signal: AbortSignal): Promise<void> {
    let batch: readonly FeedItem[] = [];
    let pauseMs = firstPauseMs;
    queue.forget();
    while (!signal.aborted) {
      try {
        if (batch.length === 0) batch = queue.take(handledSeq);
        if (batch.length === 0) {
          await grown();
          // Whoever made it grow is answered first.
          await nextTurn();
          continue;
        }
        await handle(batch);
        handledSeq = lastSeqOf(batch);
        batch = [];
        pauseMs = firstPauseMs;
        books.handled(handledSeq);
        // A long backlog leaves room for everything else.
        await nextTurn();
      } catch (error) {
        failed(error);
        await sleep(pauseMs, signal);
        pauseMs = Math.min(2 * pauseMs, longestPauseMs);
      }
    }
  }

  return {
    wake: () => wake(),
    start: (handle) => {
      if (running !== undefined) throw new Error("the feed is running already");
      const stopping = new AbortController();
      running = { stopping, over: run(handle, stopping.signal) };
    },
    stop: async () => {
      running?.stopping.abort();
      wake();
      await running?.over;
      running = undefined;
    },
  };
}

const lastSeqOf = (batch: readonly FeedItem[]): number => {
  const last = batch.at(-1);
  return Number(last?.kind === "change" ? last.change.position : last?.position);
};

function readCheckpoint(database: DatabaseSync): number {
  const row = database.prepare("SELECT CAST(value AS INTEGER) AS seq FROM meta WHERE key = 'published'").get();
  return row === undefined ? 0 : integer(row.seq);
}
