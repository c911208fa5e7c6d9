import { setTimeout as wait } from "node:timers/promises";
import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type { Feed, FeedHandler } from "../../live/ports.ts";
import { openDatabase } from "./database.ts";
import type { DynamoOptions } from "./dynamo-options.ts";
import { followShard } from "./follow-shard.ts";
import { type Progress, shardNotes } from "./shard-notes.ts";
import { type Shard, streamReader } from "./stream-reader.ts";
import type { TableNames } from "./tables.ts";
import { createPersist } from "./tries.ts";

export interface StreamsFeedOptions extends Omit<DynamoOptions, "sleep">, TableNames {
  /** For the streams of the database that `client` is for. Whoever gave the two closes them. */
  streams: DynamoDBStreamsClient;
  /** The time between two reads of a shard, in ms. AWS allows five a second, so 250 there; an emulator takes 25. */
  pollIntervalMs: number;
  /** The same while nobody waits for what comes. Default 250: what was written meanwhile is published at a fraction of the calls. */
  quietPollIntervalMs?: number;
  /** The time between two looks for new shards while none ends, in ms. Default 10,000. */
  lookIntervalMs?: number;
  /** How far a shard was read is noted no more often, in ms: under load each batch would cost a write. Default 1,000. */
  noteIntervalMs?: number;
  /** Records that are read at once. Default 500. */
  batchMaxRecords?: number;
  /** Hears why a batch has to come again, and what else goes wrong. */
  failed?: (error: unknown) => void;
  /** Resolves after that time, or at once when the signal aborts. Default a timer. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The pause after a look that failed; it doubles with each one in a row. */
const firstPauseMs = 50;
const longestPauseMs = 5_000;

const pause = (ms: number, signal: AbortSignal): Promise<void> => wait(ms, undefined, { signal }).catch(() => {});

/**
 * Hands what the board table's stream tells to a handler, each shard's batches one after the other and each until it is
 * handled; a shard begins when its parent is over, so that a board's changes come in their order. How far it has come
 * is noted in the live table, and a start goes on there; what was handled but not yet noted comes again.
 */
export function createStreamsFeed(options: StreamsFeedOptions): Feed {
  const { client, streams, boardTable, liveTable, now, newId, onCapacity, pollIntervalMs } = options;
  const { random = Math.random, failed = () => {}, sleep = pause } = options;
  const { lookIntervalMs = 10_000, noteIntervalMs = 1_000, batchMaxRecords = 500, quietPollIntervalMs = 250 } = options;
  const persist = createPersist((ms) => wait(ms), random);
  const notes = shardNotes(openDatabase({ client, table: liveTable, persist, newId, onCapacity }), now);
  const reader = streamReader({ client, streams, boardTable, batchMaxRecords });

  /** The shards that may be read now, and how far each has been. */
  async function readyShards(signal: AbortSignal): Promise<{ shard: Shard; progress: Progress }[]> {
    const shards = await reader.shards(signal);
    const [first] = shards;
    if (first === undefined) return [];
    const progress = await notes.read(first.stream);
    const open = new Set(shards.map(({ id }) => id).filter((id) => progress.get(id)?.isOver !== true));
    const isReady = ({ id, parentId }: Shard) => open.has(id) && (parentId === undefined || !open.has(parentId));
    return shards.filter(isReady).map((shard) => ({ shard, progress: progress.get(shard.id) ?? { isOver: false } }));
  }

  async function run(handle: FeedHandler, isAwaited: () => boolean, signal: AbortSignal): Promise<void> {
    const pollEveryMs = () => (isAwaited() ? pollIntervalMs : Math.max(pollIntervalMs, quietPollIntervalMs));
    const following = new Map<string, Promise<void>>();
    let shardEnded = new AbortController();
    let pauseMs = firstPauseMs;

    function follow(shard: Shard, progress: Progress): void {
      const name = `${shard.stream} ${shard.id}`;
      if (following.has(name)) return;
      const pace = { pollEveryMs, noteIntervalMs, sleep };
      const over = followShard({ reader, notes, shard, progress, handle, signal, failed, ...pace });
      following.set(
        name,
        over.then(() => {
          following.delete(name);
          shardEnded.abort();
        }),
      );
    }

    while (!signal.aborted) {
      shardEnded = new AbortController();
      let nextLookMs = lookIntervalMs;
      try {
        for (const { shard, progress } of await readyShards(signal)) follow(shard, progress);
        pauseMs = firstPauseMs;
      } catch (error) {
        if (signal.aborted) break;
        failed(error);
        nextLookMs = pauseMs;
        pauseMs = Math.min(2 * pauseMs, longestPauseMs);
      }
      await sleep(nextLookMs, AbortSignal.any([signal, shardEnded.signal]));
    }
    await Promise.all(following.values());
  }

  let running: { stopping: AbortController; over: Promise<void> } | undefined;
  return {
    start(handle, isAwaited = () => true) {
      if (running !== undefined) throw new Error("the feed is running already");
      const stopping = new AbortController();
      running = { stopping, over: run(handle, isAwaited, stopping.signal) };
    },
    async stop() {
      running?.stopping.abort();
      await running?.over;
      running = undefined;
    },
  };
}
