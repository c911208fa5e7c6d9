import type { Random } from "../../../src/domain/rank.ts";
import type { Connections, Watcher } from "../../../src/live/ports.ts";
import type { OpenedStore } from "../../../src/local/opened-store.ts";
import { StoreUnavailable } from "../../../src/store/store.ts";

/** The moments of a batch at which the publisher may be stopped, in their order. */
export const publisherSteps = [
  "before history",
  "after history",
  "before append",
  "after append",
  "after watchers",
  "amid posts",
  "after posts",
] as const;
export type PublisherStep = (typeof publisherSteps)[number];

/** Called at each step; throws or kills to stop the publisher there. */
export type AtStep = (step: PublisherStep) => void;

/** The store with a publisher that can be stopped between any two of its steps. */
export function faultyStore(opened: OpenedStore, atStep: AtStep): OpenedStore {
  const { live, feed } = opened;
  return {
    ...opened,
    live: {
      ...live,
      addHistory: async (...given) => {
        atStep("before history");
        await live.addHistory(...given);
        atStep("after history");
      },
      append: async (...given) => {
        atStep("before append");
        const appended = await live.append(...given);
        atStep("after append");
        return appended;
      },
    },
    feed: {
      start: (handle) =>
        feed.start(async (items) => {
          await handle(items);
          atStep("after posts");
        }),
      stop: () => feed.stop(),
    },
  };
}

/** The connections that go with {@link faultyStore}. */
export function faultyConnections(connections: Connections, atStep: AtStep): Connections {
  return {
    ...connections,
    watchers: async (board) => {
      const watchers = await connections.watchers(board);
      atStep("after watchers");
      return stoppedAmid(watchers, () => atStep("amid posts"));
    },
  };
}

/** A list that, walked through, calls `amid` after its first entry. */
function stoppedAmid(watchers: readonly Watcher[], amid: () => void): readonly Watcher[] {
  const list = [...watchers];
  list.values = function* () {
    for (const [index, watcher] of watchers.entries()) {
      if (index === 1) amid();
      yield watcher;
    }
    return undefined;
  };
  return list;
}

/** Fails now and then, as a database that is not always there. */
export const failing =
  (random: Random, share: number): AtStep =>
  (step) => {
    if (step !== "amid posts" && random() < share) throw new StoreUnavailable(`by order, ${step}`);
  };
