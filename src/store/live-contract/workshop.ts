import type { StoredAppointment } from "../../domain/appointment.ts";
import type { Change } from "../../domain/diff.ts";
import type { Feed } from "../../live/ports.ts";
import { entryOf } from "../../live/sequence.ts";
import { day, itemOf, testsOver, type Workshop } from "../contract/workshop.ts";
import type { BoardKey, ChangeEntry, LiveStore, Revision } from "../live-store.ts";
import type { Store } from "../store.ts";

export interface OpenedLiveStore {
  store: Store;
  live: LiveStore;
  /** Another publisher's view of the same database. Default: `live` itself. */
  rival?: LiveStore;
  /** The store's feed, where a change entry only points at what that told. Default: the tests make changes up. */
  feed?: Feed;
  /** What else has to be given back, once the store itself is closed. */
  close?(): Promise<void>;
}

/** Opens a store, and what is published of it, that take the present moment from `now`. */
export type OpenLiveStore = (options: { now: () => Date }) => Promise<OpenedLiveStore>;

/** A shop of its own in an open store that is published, for one test. */
export interface LiveWorkshop {
  shop: Workshop;
  live: LiveStore;
  rival: LiveStore;
  /** The shop's board of the usual day. */
  board: BoardKey;
  /** The last change of a card, or of what is left of it, as the feed tells it. */
  changeOf(id: string): Promise<Change>;
  /** Another shop in the same database. */
  neighbour(): Promise<LiveWorkshop>;
}

/** Declares a test; each gets a workshop of its own. */
export type LiveTest = (title: string, run: (workshop: LiveWorkshop) => Promise<void>) => void;

const versionOf = (item: StoredAppointment): number => (item.kind === "card" ? item.card.version : item.version);
const dateOf = (item: StoredAppointment): string => (item.kind === "card" ? item.card.date : item.date);

type Tell = (shopId: string, id: string, after: StoredAppointment) => Promise<Change>;

/** Waits for what the feed tells. */
function listen(feed: Feed): Tell {
  const told: Change[] = [];
  let grown = Promise.withResolvers<void>();
  feed.start(async (items) => {
    for (const item of items) if (item.kind === "change") told.push(item.change);
    grown.resolve();
    grown = Promise.withResolvers();
  });
  return async (shopId, id, item) => {
    const isIt = (change: Change) =>
      change.shopId === shopId &&
      change.id === id &&
      change.after !== undefined &&
      versionOf(change.after) === versionOf(item);
    for (;;) {
      const found = told.find(isIt);
      if (found !== undefined) return found;
      await grown.promise;
    }
  };
}

const makeUp: Tell = async (shopId, id, after) => ({ shopId, date: dateOf(after), id, after, position: "1" });

function workshopOf(shop: Workshop, { live, rival = live }: OpenedLiveStore, tell: Tell): LiveWorkshop {
  return {
    shop,
    live,
    rival,
    board: { shopId: shop.shopId, date: day },
    changeOf: async (id) => {
      const item = await itemOf(shop, id);
      if (item === undefined) throw new Error("the card is nowhere");
      return tell(shop.shopId, id, item);
    },
    neighbour: async () => workshopOf(await shop.neighbour(), { live, rival, store: shop.store }, tell),
  };
}

export function liveTestsOver(open: OpenLiveStore): LiveTest {
  const opened = new WeakMap<Store, OpenedLiveStore>();
  const it = testsOver(async (options) => {
    const one = await open(options);
    opened.set(one.store, one);
    return one;
  });
  return (title, run) =>
    it(title, async (shop) => {
      const one = opened.get(shop.store);
      if (one === undefined) throw new Error("the store was not opened here");
      const tell = one.feed === undefined ? makeUp : listen(one.feed);
      try {
        await run(workshopOf(shop, one, tell));
      } finally {
        await one.feed?.stop();
      }
    });
}

/** A revision of these changes. */
export const changed = (shop: Workshop, ...changes: Change[]): Revision => ({
  kind: "changes",
  changes,
  at: shop.now(),
});

/** A revision that tells to start anew. */
export const reset = (shop: Workshop): Revision => ({ kind: "reset", at: shop.now() });

/** The revisions as they have to be read back when the first has this number. */
export const entriesOf = (revisions: readonly Revision[], firstRev: number): ChangeEntry[] =>
  revisions.map((revision, index) => entryOf(revision, firstRev + index));

/** Longer than anything a test publishes. */
export const plenty = 1_000_000;
