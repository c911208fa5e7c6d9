import { setTimeout as wait } from "node:timers/promises";
import { limits } from "@status-board/contracts";
import type { Connections } from "../../live/ports.ts";
import { type Item, isExpired, requireText } from "./attributes.ts";
import {
  newConnection,
  newTicket,
  readConnection,
  readTicket,
  readWatcher,
  removal,
  takenTicket,
  turnedTo,
  watcherProjection,
} from "./connection-item.ts";
import { openDatabase, type Write } from "./database.ts";
import type { DynamoOptions } from "./dynamo-options.ts";
import { connectionIdOf, connectionKey, sessionConnectionsRange, watchersRange } from "./keys.ts";
import type { TableNames } from "./tables.ts";
import { again, createPersist, raceTries } from "./tries.ts";

export interface DynamoConnectionsOptions extends DynamoOptions, Pick<TableNames, "liveTable"> {}

/** A connection is known for this long beyond the longest life of one, so that none is forgotten before its end. */
const graceMs = 600_000;
const keptMs = limits.connectionLifeMaxMs + graceMs;

/**
 * Connections and tickets in the live table. A connection that watches has two rows, its own and one on its board; they
 * change in one transaction, so that neither is ever left behind. Whoever gave the client closes it.
 */
export function createDynamoConnections(options: DynamoConnectionsOptions): Connections {
  const { client, liveTable, now, newId, onCapacity, random = Math.random, sleep = wait } = options;
  const persist = createPersist(sleep, random);
  const database = openDatabase({ client, table: liveTable, persist, newId, onCapacity });

  /** Writes what follows from a connection's row, anew when that row changes meanwhile; false when nothing can follow. */
  function change(id: string, writesFor: (item: Item) => readonly Write[] | undefined): Promise<boolean> {
    return persist(async () => {
      const item = await database.get(connectionKey(id));
      const writes = item && writesFor(item);
      if (writes === undefined) return false;
      if (writes.length === 0) return true;
      const result = await database.transact(writes);
      return result.kind === "written" || again;
    }, raceTries);
  }

  return {
    async add(connection) {
      const keptUntil = new Date(now().getTime() + keptMs).toISOString();
      const [own, ...others] = newConnection(connection, keptUntil);
      await (others.length === 0 ? database.put(own.Put) : database.transact([own, ...others]));
    },

    async find(id) {
      const item = await database.get(connectionKey(id));
      return item === undefined || isExpired(item, now()) ? undefined : readConnection(item);
    },

    watch: (id, date, askedAt) =>
      change(id, (item) => (isExpired(item, now()) ? undefined : turnedTo(item, date, askedAt))),

    async remove(id) {
      await change(id, removal);
    },

    async watchers({ shopId, date }) {
      const { items } = await database.query({ ...watchersRange(shopId, date), projection: watcherProjection });
      const at = now();
      return items.filter((item) => !isExpired(item, at)).map(readWatcher);
    },

    async ofSession(hash) {
      const { items } = await database.query(sessionConnectionsRange(hash));
      return items.map((item) => connectionIdOf(requireText(item, "sk")));
    },

    async putTicket(hash, principal, expiresAt) {
      await database.put(newTicket(hash, principal, expiresAt));
    },

    async takeTicket(hash, at) {
      const result = await database.delete(takenTicket(hash, at));
      return result.kind === "deleted" && result.item ? readTicket(result.item) : undefined;
    },
  };
}
