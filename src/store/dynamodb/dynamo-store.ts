import { setTimeout as wait } from "node:timers/promises";
import type { Store } from "../store.ts";
import { findAppointment } from "./appointments.ts";
import { createBoardReader } from "./board.ts";
import { createBodies } from "./bodies.ts";
import { changeCard } from "./change-card.ts";
import { readHead } from "./change-item.ts";
import type { Context } from "./context.ts";
import { createCard, findCreation } from "./create-card.ts";
import { openDatabase } from "./database.ts";
import type { DynamoOptions } from "./dynamo-options.ts";
import { epochOf } from "./epoch.ts";
import { headKey } from "./keys.ts";
import { moveCard } from "./move-card.ts";
import { createPointers } from "./pointers.ts";
import { createServices } from "./services.ts";
import { createShops } from "./shops.ts";
import type { TableNames } from "./tables.ts";
import { createPersist } from "./tries.ts";

/** The client belongs to the store from now on: closing the store destroys it. */
export interface DynamoStoreOptions extends DynamoOptions, TableNames {
  /** What is remembered of cards, and once more of boards, in bytes. Default 32 MiB. */
  memoryMaxBytes?: number;
}

const defaultMemoryMaxBytes = 32 * 1024 * 1024;

/** A store in tables that `createTables` made. */
export function createDynamoStore(options: DynamoStoreOptions): Store {
  const { client, boardTable, liveTable, now, newId, onCapacity, random = Math.random, sleep = wait } = options;
  const maxBytes = options.memoryMaxBytes ?? defaultMemoryMaxBytes;
  const persist = createPersist(sleep, random);
  const database = openDatabase({ client, table: boardTable, persist, newId, onCapacity });
  const live = openDatabase({ client, table: liveTable, persist, newId, onCapacity });
  const pointers = createPointers(database);
  const context: Context = { database, pointers, bodies: createBodies(boardTable, maxBytes), persist, now };
  const epoch = epochOf(database);
  const revOf = async (shopId: string, date: string) => readHead(await live.get(headKey(shopId, date)));

  return {
    ping: epoch.check,
    readBoard: createBoardReader(context, { epochOf: epoch.read, revOf, maxBytes }),
    async readAppointment(shopId, id) {
      const found = await findAppointment(context, shopId, id);
      return found?.kind === "card" ? found : undefined;
    },
    findCreation: (shopId, id) => findCreation(context, shopId, id),
    createAppointment: (creation) => createCard(context, creation),
    moveAppointment: (command) => moveCard(context, command),
    changeAppointment: (change) => changeCard(context, change),
    ...createServices(context),
    ...createShops(context),
    async close() {
      client.destroy();
    },
  };
}
