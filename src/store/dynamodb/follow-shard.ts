import type { FeedHandler } from "../../live/ports.ts";
import { readStreamFailure } from "./errors.ts";
import type { Progress, ShardNotes } from "./shard-notes.ts";
import { readStreamRecord } from "./stream.ts";
import type { Shard, StreamReader } from "./stream-reader.ts";

export interface Following {
  reader: StreamReader;
  notes: ShardNotes;
  shard: Shard;
  /** How far the shard has been read. */
  progress: Progress;
  handle: FeedHandler;
  signal: AbortSignal;
  /** The time between two reads as it is to be now, in ms. */
  pollEveryMs: () => number;
  noteIntervalMs: number;
  failed: (error: unknown) => void;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The pause after a failure; it doubles with each one in a row. */
const firstPauseMs = 50;
const longestPauseMs = 5_000;

/**
 * Hands a shard's records over from where it was left, until the shard is over or the signal aborts. Never rejects. What was handled
 * and not noted, because the process was killed, comes again.
 */
export async function followShard(following: Following): Promise<void> {
  const { signal, pollEveryMs, failed, sleep } = following;
  const place: Place = {
    after: following.progress.after,
    iterator: undefined,
    isAhead: false,
    notedAtMs: Number.NEGATIVE_INFINITY,
  };
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    const startedAt = performance.now();
    try {
      if (!(await advance(place, following))) return;
      pauseMs = firstPauseMs;
      const leftMs = pollEveryMs() - (performance.now() - startedAt);
      if (leftMs > 0) await sleep(leftMs, signal);
    } catch (error) {
      if (signal.aborted) break;
      failed(error);
      const failure = readStreamFailure(error);
      // Whoever looks for shards will find out what there is instead.
      if (failure === "gone") return sleep(longestPauseMs, signal);
      if (failure === "trimmed") place.after = undefined;
      place.iterator = undefined;
      await sleep(pauseMs, signal);
      pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    }
  }
  await note(place, following, false).catch(failed);
}

/** Where the next batch of a shard begins: the iterator, or if there is none, after that sequence number. */
interface Place {
  after: string | undefined;
  iterator: string | undefined;
  /** Something has been handled that no note tells of. */
  isAhead: boolean;
  notedAtMs: number;
}

/** Moves on by one batch, once it is handled; false when the shard is over. */
async function advance(place: Place, following: Following): Promise<boolean> {
  const { reader, shard, handle, signal, noteIntervalMs } = following;
  place.iterator ??= await reader.iterator(shard, place.after, signal);
  const { records, next } = await reader.read(place.iterator, signal);
  const items = records.map(readStreamRecord).filter((item) => item !== undefined);
  if (items.length > 0) await handle(items);
  place.after = records.at(-1)?.dynamodb?.SequenceNumber ?? place.after;
  place.iterator = next;
  // Histories and the like stand in the stream too; reading them again costs less than a note of it.
  place.isAhead ||= items.length > 0;
  const isOver = next === undefined;
  if (isOver || performance.now() - place.notedAtMs >= noteIntervalMs) await note(place, following, isOver);
  return !isOver;
}

async function note(place: Place, { notes, shard }: Following, isOver: boolean): Promise<void> {
  if (!place.isAhead && !isOver) return;
  await notes.write(shard, { after: place.after, isOver });
  place.isAhead = false;
  place.notedAtMs = performance.now();
}
