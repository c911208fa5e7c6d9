import type { DatabaseSync } from "node:sqlite";
import type { Change, Former } from "../../domain/diff.ts";
import type { FeedItem } from "../../live/ports.ts";
import { parseTold } from "./late-cards.ts";
import { integer, text } from "./rows.ts";

/** The outbox in the order of its rows, as those need it who pass it on. */
export interface OutboxQueue {
  /** A row was written by the group that is running. */
  add: (change: Change) => void;
  /** The group that is running is gone. */
  rolledBack: () => void;
  /** The group is committed, but may not have reached the disk: nobody is told of it yet. */
  committed: () => void;
  /** All that was committed is on the disk; answers whether the outbox has grown. */
  durable: () => boolean;
  /** The next items after row `seq`, which is where the last batch ended; none when that is the newest. */
  take: (seq: number) => FeedItem[];
  /** The next batch begins elsewhere than the last one ended. */
  forget: () => void;
}

interface OutboxQueueOptions {
  batchMaxRows: number;
  /** Changes kept in memory for one who is behind; beyond them the rows are read when their turn comes. */
  queueMaxRows: number;
}

/**
 * Passes on what the outbox has, out of memory as long as that is known to hold all of it: then nothing that was just
 * written is read and parsed again. At the start and for one who is far behind it reads the rows, which are the truth and
 * give the same items.
 */
export function outboxQueue(database: DatabaseSync, { batchMaxRows, queueMaxRows }: OutboxQueueOptions): OutboxQueue {
  const readAfter = database.prepare("SELECT * FROM outbox WHERE seq > ? AND seq < ? ORDER BY seq LIMIT ?");
  let written: Change[] = [];
  let underWay: Change[] = [];
  let waiting: FeedItem[] = [];
  /** Whether `waiting` is all that the outbox has after the last batch. */
  let isComplete = false;

  function forget(): void {
    waiting = [];
    isComplete = false;
  }

  function takeRows(seq: number): FeedItem[] {
    const [firstUnderWay] = underWay;
    const rows = readAfter.all(
      seq,
      firstUnderWay ? Number(firstUnderWay.position) : Number.MAX_SAFE_INTEGER,
      batchMaxRows,
    );
    // Nothing arrives on the disk before this tick is over, so what comes from now on comes here.
    isComplete = rows.length < batchMaxRows;
    return rows.map(itemOf);
  }

  return {
    add: (change) => void written.push(change),
    rolledBack: () => {
      written = [];
    },
    committed: () => {
      underWay.push(...written);
      written = [];
    },
    durable: () => {
      const hasGrown = underWay.length > 0;
      if (waiting.length + underWay.length > queueMaxRows) forget();
      if (isComplete) for (const change of underWay) waiting.push({ kind: "change", change });
      underWay = [];
      return hasGrown;
    },
    take: (seq) => (isComplete ? waiting.splice(0, batchMaxRows) : takeRows(seq)),
    forget,
  };
}

/** Reads what this store alone has written. */
function parseFormer(json: string): Former {
  return JSON.parse(json);
}

type Row = ReturnType<ReturnType<DatabaseSync["prepare"]>["all"]>[number];

function itemOf(row: Row): FeedItem {
  const position = String(integer(row.seq));
  const board = { shopId: text(row.shop), date: text(row.date) };
  const id = text(row.id);
  try {
    const change: Change = { ...board, id, position };
    if (row.before !== null) change.before = parseFormer(text(row.before));
    if (row.after !== null) change.after = parseTold(text(row.after), id);
    return { kind: "change", change };
  } catch {
    // The parser's own words would quote the card, and with it the customer.
    return { kind: "unreadable", position, reason: "the row does not hold the item that it names", board };
  }
}
