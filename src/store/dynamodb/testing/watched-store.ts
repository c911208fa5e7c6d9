import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ulid } from "ulid";
import { clientOf, endpointOf, newTables } from "../../../../tests/support/dynamodb.ts";
import { type FaultProxy, startFaultProxy } from "../../../../tests/support/fault-proxy.ts";
import type { Connections } from "../../../live/ports.ts";
import type { Workshop } from "../../contract/workshop.ts";
import type { LiveStore } from "../../live-store.ts";
import { createDynamoConnections } from "../connections.ts";
import { createDynamoStore, type DynamoStoreOptions } from "../dynamo-store.ts";
import { createDynamoLiveStore } from "../live-store.ts";
import type { TableNames } from "../tables.ts";

/** A shop in a store whose calls go through a proxy that counts them and can make them fail. */
export interface WatchedStore extends AsyncDisposable {
  shop: Workshop;
  /** The same shop in a store of another process, past the proxy. */
  elsewhere: Workshop;
  /** What is published of it, and who is connected: through the proxy, and past it. */
  live: LiveStore;
  liveElsewhere: LiveStore;
  connections: Connections;
  connectionsElsewhere: Connections;
  tables: TableNames;
  /** Goes past the proxy. */
  client: DynamoDBClient;
  proxy: FaultProxy;
  /** How long the store waited between its tries, in milliseconds; it does not really wait. */
  waits: number[];
  /** The names of the calls that `action` makes. */
  callsOf(action: () => Promise<unknown>): Promise<string[]>;
}

/** The SDK's own retries would only take time here. */
const withoutRetries = { maxAttempts: 1 };

let prepared: Promise<TableNames> | undefined;

export async function openWatchedStore(
  options: Partial<DynamoStoreOptions> = {},
  config: Parameters<typeof clientOf>[1] = withoutRetries,
): Promise<WatchedStore> {
  const endpoint = await endpointOf("dynoxide");
  prepared ??= newTables(endpoint);
  const tables = await prepared;
  const proxy = await startFaultProxy(endpoint);
  let time = Date.parse("2031-03-03T08:00:00.000Z");
  const now = () => new Date(time);
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const shopId = `shop-${ulid()}`;

  function open(address: string, more: Partial<DynamoStoreOptions>): Workshop {
    const client = clientOf(address, config);
    const store = createDynamoStore({ client, ...tables, now, newId: ulid, sleep, ...more });
    const advance = (ms: number) => {
      time += ms;
    };
    const neighbour = () => Promise.reject(new Error("there is one shop here"));
    return { store, shopId, now: () => now().toISOString(), advance, neighbour };
  }

  const shop = open(proxy.endpoint, options);
  const elsewhere = open(endpoint, {});
  const [watchedClient, client] = [clientOf(proxy.endpoint, config), clientOf(endpoint, config)];
  const parts = { ...tables, now, newId: ulid, sleep, ...options };
  await shop.store.ping();
  return {
    shop,
    elsewhere,
    live: createDynamoLiveStore({ ...parts, client: watchedClient }),
    liveElsewhere: createDynamoLiveStore({ ...parts, client }),
    connections: createDynamoConnections({ ...parts, client: watchedClient }),
    connectionsElsewhere: createDynamoConnections({ ...parts, client }),
    tables,
    client,
    proxy,
    waits,
    async callsOf(action) {
      const before = proxy.calls.length;
      await action();
      return proxy.calls.slice(before).map(({ operation }) => operation);
    },
    async [Symbol.asyncDispose]() {
      await shop.store.close();
      await elsewhere.store.close();
      watchedClient.destroy();
      client.destroy();
      await proxy.close();
    },
  };
}
