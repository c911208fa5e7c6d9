import { expiryItem, type Item, keyItem, readText, requireText, text } from "./attributes.ts";
import type { Database } from "./database.ts";
import { shardIdOf, shardKey, shardsRange } from "./keys.ts";
import type { Shard } from "./stream-reader.ts";

/** How far the feed has come in a shard. */
export interface Progress {
  /** The sequence number of the last record that was handled. */
  after?: string | undefined;
  /** The shard has ended, and everything in it was handled. */
  isOver: boolean;
}

/** Notes in the live table of how far the feed has come, from which a start goes on. */
export interface ShardNotes {
  /** The notes on a stream's shards, by their ids. */
  read(stream: string): Promise<Map<string, Progress>>;
  write(shard: Shard, progress: Progress): Promise<void>;
}

/** A stream keeps its records for a day; then a note on them is worth nothing any more. */
const keptMs = 2 * 86_400_000;

export function shardNotes(live: Database, now: () => Date): ShardNotes {
  const readProgress = (item: Item): Progress => ({
    after: readText(item, "after"),
    isOver: item.isOver?.BOOL === true,
  });
  return {
    async read(stream) {
      const { items } = await live.query(shardsRange);
      const ours = items.filter((item) => item.stream?.S === stream);
      return new Map(ours.map((item) => [shardIdOf(requireText(item, "sk")), readProgress(item)]));
    },

    async write({ stream, id }, { after, isOver }) {
      await live.put({
        Item: {
          ...keyItem(shardKey(id)),
          stream: text(stream),
          ...(after !== undefined && { after: text(after) }),
          isOver: { BOOL: isOver },
          ...expiryItem(new Date(now().getTime() + keptMs).toISOString()),
        },
      });
    },
  };
}
