import { expect } from "vitest";
import type { Change } from "../../../domain/diff.ts";
import type { FeedHandler, FeedItem } from "../../../live/ports.ts";
import type { LiveStore } from "../../live-store.ts";

/** The change that an item tells of; it must be readable. */
export function changeOf(item: FeedItem): Change {
  if (item.kind !== "change") throw new Error(`expected a change, but: ${item.reason}`);
  return item.change;
}

export const positionsOf = (items: readonly FeedItem[]): number[] =>
  items.map((item) => Number(item.kind === "change" ? item.change.position : item.position));

/** Publishes each board's part of a batch as one revision, to no screen. */
export const publisher =
  (live: LiveStore): FeedHandler =>
  async (items) => {
    const boards = Map.groupBy(items.map(changeOf), ({ shopId, date }) => `${shopId} ${date}`);
    for (const changes of boards.values()) {
      const [first] = changes;
      if (first === undefined) continue;
      await live.append(first, [{ kind: "changes", changes, at: "2031-03-03T08:00:00.000Z" }]);
    }
  };

/** A handler that keeps what it was given. */
export function recorder() {
  const batches: FeedItem[][] = [];
  const items = () => batches.flat();
  return {
    batches,
    items,
    handle: async (batch: readonly FeedItem[]) => void batches.push([...batch]),
    /** Waits until it was given so many items in all. */
    hasItems: (count: number) => expect.poll(() => items().length, { interval: 1 }).toBe(count),
  };
}
