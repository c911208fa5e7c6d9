import { setTimeout as wait } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Random } from "../../domain/rank.ts";
import type { Store } from "../store.ts";
import { findAppointment } from "./appointments.ts";
import { createBoardReader } from "./board.ts";
import { createBodies } from "./bodies.ts";
import { changeCard } from "./change-card.ts";
import type { Context } from "./context.ts";
import { createCard, findCreation } from "./create-card.ts";
import { type OnCapacity, openDatabase } from "./database.ts";
import { metaKey } from "./keys.ts";
import { moveCard } from "./move-card.ts";
import { createPointers } from "./pointers.ts";
import { createServices } from "./services.ts";
import { createShops } from "./shops.ts";
import { readEpoch } from "./tables.ts";
import { createPersist } from "./tries.ts";

export interface DynamoStoreOptions {
  /** Belongs to the store from now on: closing the store destroys it. */
  client: DynamoDBClient;
  boardTable: string;
  /** Where the boards' revisions will be kept; not used yet. */
  liveTable?: string;
  now: () => Date;
  /** A fresh id of at most 36 characters, unique for ten minutes at least. */
  newId: () => string;
  /** Told of each call's price, in capacity units. Without it prices are not asked for. */
  onCapacity?: OnCapacity;
  /** Jitters retries. Default Math.random. */
  random?: Random;
  /** Waits between tries. Default a timer. */
  sleep?: (ms: number) => Promise<void>;
  /** What is remembered of cards, and once more of boards, in bytes. Default 32 MiB. */
  memoryMaxBytes?: number;
}

const defaultMemoryMaxBytes = 32 * 1024 * 1024;

/** A store in a DynamoDB table that `createTables` made. */
export function createDynamoStore(options: DynamoStoreOptions): Store {
  const { client, boardTable, now, newId, onCapacity, random = Math.random, sleep = wait } = options;
  const maxBytes = options.memoryMaxBytes ?? defaultMemoryMaxBytes;
  const persist = createPersist(sleep, random);
  const database = openDatabase({ client, table: boardTable, persist, newId, onCapacity });
  const pointers = createPointers(database);
  const context: Context = { database, pointers, bodies: createBodies(boardTable, maxBytes), persist, now };

  const readMeta = async () => readEpoch(await database.get(metaKey));
  let epoch: Promise<string> | undefined;
  /** Read once; a failure is not held. */
  function epochOf(): Promise<string> {
    epoch ??= readMeta().catch((error: unknown) => {
      epoch = undefined;
      throw error;
    });
    return epoch;
  }

  /** No board has had a revision yet: nothing publishes any. */
  const revOf = async () => 0;

  return {
    async ping() {
      const found = await readMeta();
      epoch ??= Promise.resolve(found);
    },
    readBoard: createBoardReader(context, { epochOf, revOf, maxBytes }),
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
