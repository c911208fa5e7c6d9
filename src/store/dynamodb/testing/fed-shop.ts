import { ulid } from "ulid";
import { onTestFinished } from "vitest";
import { clientOf, type EngineName, endpointOf, newTables, patience } from "../../../../tests/support/dynamodb.ts";
import { type FaultProxy, startFaultProxy } from "../../../../tests/support/fault-proxy.ts";
import type { Change } from "../../../domain/diff.ts";
import type { Feed, FeedHandler } from "../../../live/ports.ts";
import { day, type Workshop } from "../../contract/workshop.ts";
import type { LiveStore } from "../../live-store.ts";
import { createDynamoStore } from "../dynamo-store.ts";
import { createDynamoLiveStore } from "../live-store.ts";
import { createStreamsClient } from "../streams-client.ts";
import { createStreamsFeed, type StreamsFeedOptions } from "../streams-feed.ts";

/** A shop in tables of its own, and feeds of them. */
export interface FedShop {
  shop: Workshop;
  /** The feeds' calls of the stream go through it. */
  proxy: FaultProxy;
  live: LiveStore;
  /** How often the feeds have noted how far they are. */
  notes(): number;
  openFeed(options?: Partial<StreamsFeedOptions>): Feed;
}

export async function openFedShop(engine: EngineName): Promise<FedShop> {
  const endpoint = await endpointOf(engine);
  const tables = await newTables(endpoint);
  const client = clientOf(endpoint);
  let notes = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      if (JSON.stringify(args.input).includes('"pk":{"S":"FEED"},')) notes++;
      return next(args);
    },
    { step: "initialize" },
  );
  const proxy = await startFaultProxy(endpoint);
  const { region, credentials } = client.config;
  const streams = createStreamsClient({
    endpoint: proxy.endpoint,
    region,
    credentials,
    requestHandler: patience,
    maxAttempts: 1,
  });
  const now = () => new Date("2031-03-03T08:00:00.000Z");
  const store = createDynamoStore({ client, ...tables, now, newId: ulid });
  const shop: Workshop = {
    store,
    shopId: "north",
    now: () => now().toISOString(),
    advance: () => {},
    neighbour: () => Promise.reject(new Error("there is one shop here")),
  };
  const feeds: Feed[] = [];
  onTestFinished(async () => {
    for (const feed of feeds) await feed.stop();
    streams.destroy();
    await proxy.close();
    await store.close();
  });
  return {
    shop,
    live: createDynamoLiveStore({ client, ...tables, now, newId: ulid }),
    notes: () => notes,
    proxy,
    openFeed(options = {}) {
      const feed = createStreamsFeed({ client, streams, ...tables, now, newId: ulid, pollIntervalMs: 5, ...options });
      feeds.push(feed);
      return feed;
    },
  };
}

/** Keeps what a feed tells, and waits for more. */
export function listener() {
  const told: Change[] = [];
  let grown = Promise.withResolvers<void>();
  const handle: FeedHandler = async (items) => {
    for (const item of items) if (item.kind === "change") told.push(item.change);
    grown.resolve();
    grown = Promise.withResolvers();
  };
  async function until(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) await grown.promise;
  }
  return { told, handle, until };
}

export const versionOf = ({ after }: Change): number =>
  after?.kind === "card" ? after.card.version : (after?.version ?? 0);

/** The newest version that was told of a card on a day. */
export const newestOf = (told: readonly Change[], id: string, date = day): number | undefined => {
  const last = told.findLast((change) => change.id === id && change.date === date);
  return last && versionOf(last);
};
