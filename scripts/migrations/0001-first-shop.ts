import { addDays, localDay } from "../../src/domain/time.ts";
import { firstShop } from "../../src/operations/first-shop.ts";
import { beginLife } from "../../src/store/dynamodb/tables.ts";
import type { Migration } from "./migration.ts";

/** Begins the life of an empty table: its meta item, and the first shop, just as the local server makes it. */
export const migration: Migration = {
  id: "0001",
  name: "first-shop",
  earlierReleases: "work",
  async run({ board, store, shopId, shopTimeZone, clock, newId }) {
    await beginLife(board, newId());
    await store.createShop(
      firstShop(shopId, shopTimeZone),
      addDays(localDay(clock().toISOString(), shopTimeZone), -1),
    );
  },
};
