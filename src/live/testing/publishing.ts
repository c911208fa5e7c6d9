import type { Bye } from "@status-board/contracts";
import { ulid } from "ulid";
import type { Change } from "../../domain/diff.ts";
import { aCard, aStored, aTombstone } from "../../domain/testing/cards.ts";
import type { BoardKey, LiveStore, Revision } from "../../store/live-store.ts";
import type { FeedItem, Gateway, Watcher } from "../ports.ts";
import type { PublishPorts } from "../publish.ts";

export const board: BoardKey = { shopId: "north", date: "2031-03-03" };

/** A change as a feed tells it: a new card, unless `card` says more. */
export function changeOf(card: Parameters<typeof aCard>[0] = {}, more: Partial<Change> = {}): Change {
  const made = aCard({ id: ulid(), ...card });
  return { ...board, id: made.id, after: aStored(made), position: "1", ...more };
}

export const itemOf = (change: Change): FeedItem => ({ kind: "change", change });

export const removalOf = (id: string, version: number): Change => ({
  ...board,
  id,
  after: aTombstone({ id, version }),
  position: "2",
});

/** How a connection answers posts: `hangs` never does, until it is given up. */
export type Behaviour = "sent" | "gone" | "failed" | "hangs";

/** A gateway to connections that behave as a test says, and what became of them. */
export interface GatewayDouble extends Gateway {
  /** What each connection got, and how often it was tried. */
  got: Map<string, string[]>;
  tries: Map<string, number>;
  closed: Map<string, Bye>;
}

export function gatewayOf(behaviour: (id: string, tries: number) => Behaviour): GatewayDouble {
  const got = new Map<string, string[]>();
  const tries = new Map<string, number>();
  const closed = new Map<string, Bye>();
  return {
    got,
    tries,
    closed,
    post: async (id, message, timeoutMs) => {
      const count = (tries.get(id) ?? 0) + 1;
      tries.set(id, count);
      const outcome = behaviour(id, count);
      if (outcome === "hangs") {
        await new Promise((resolve) => setTimeout(resolve, timeoutMs));
        return "failed";
      }
      if (outcome === "sent") got.set(id, [...(got.get(id) ?? []), message]);
      return outcome;
    },
    close: async (id, bye) => void closed.set(id, bye),
  };
}

/** What a publisher did, in its order. */
export interface Steps {
  history: string[];
  appended: { board: BoardKey; revisions: readonly Revision[] }[];
  setAside: { item: FeedItem; reason: string }[];
  order: string[];
}

/** A publisher's ports on a store that only counts; `fail` may throw instead of each step. */
export function publishPorts(
  watchers: readonly Watcher[],
  gateway: Gateway,
  fail: (step: "history" | "append" | "watchers", board?: BoardKey, revisions?: readonly Revision[]) => void = () => {},
): { ports: PublishPorts; steps: Steps } {
  const steps: Steps = { history: [], appended: [], setAside: [], order: [] };
  const revs = new Map<string, number>();
  const live: Pick<LiveStore, "append" | "addHistory"> = {
    addHistory: async (_shopId, lines) => {
      fail("history");
      steps.order.push("history");
      steps.history.push(...lines.map(({ id, item }) => `${id} ${item.version} ${item.change}`));
    },
    append: async (appended, revisions) => {
      fail("append", appended, revisions);
      steps.order.push("append");
      steps.appended.push({ board: appended, revisions });
      const firstRev = (revs.get(appended.date) ?? 0) + 1;
      revs.set(appended.date, firstRev + revisions.length - 1);
      return { epoch: "e", firstRev };
    },
  };
  const unused = () => Promise.reject(new Error("the publisher has no business here"));
  return {
    steps,
    ports: {
      live: { ...live, head: unused, entries: unused, fingerprint: unused, readHistory: unused },
      connections: {
        add: unused,
        find: unused,
        watch: unused,
        putTicket: unused,
        ofSession: unused,
        takeTicket: unused,
        remove: async () => {},
        watchers: async (of) => {
          fail("watchers", of);
          steps.order.push("watchers");
          return watchers;
        },
      },
      gateway,
      setAside: async (item, reason) => void steps.setAside.push({ item, reason }),
      clock: () => new Date("2031-03-03T08:00:00.000Z"),
      random: Math.random,
    },
  };
}
