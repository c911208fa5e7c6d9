import { firstShop } from "../../src/domain/first-shop.ts";
import { addDays, localDay } from "../../src/domain/time.ts";
import { prepareTable } from "../../src/store/dynamodb/tables.ts";
import type { Migration } from "./migration.ts";

/** Begins the life of an empty table: its meta item, and the first shop, just as the local server makes them. */
export const migration: Migration = {
  id: "0001",
  name: "first-shop",
  earlierReleases: "work",
  async run({ client, tables, store, shopId, shopTimeZone, clock }) {
    await prepareTable(client, tables.boardTable);
    const yesterday = addDays(localDay(clock().toISOString(), shopTimeZone), -1);
    await store.createShop(firstShop(shopId, shopTimeZone), yesterday);
  },
};
