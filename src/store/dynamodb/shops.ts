import type { Shop } from "@status-board/contracts";
import { remember } from "../../domain/mutation.ts";
import type { StoredShop } from "../../domain/service.ts";
import type { Decision, Store } from "../store.ts";
import { keyItem, number, text } from "./attributes.ts";
import type { Context } from "./context.ts";
import { shopKey, shopListingKey, shopsRange } from "./keys.ts";
import { listingItem, readListing, readShop, readStoredShop, shopItem } from "./service-item.ts";
import { again, raceTries } from "./tries.ts";

type Shops = Pick<Store, "readShop" | "createShop" | "listShops" | "finishDay" | "changeShop">;

/** The shops' settings. */
export function createShops({ database, persist }: Context): Shops {
  return {
    async readShop(shopId) {
      const item = await database.get(shopKey(shopId));
      return item && readShop(item);
    },

    async createShop(shop, carriedThrough) {
      const isNew = { ConditionExpression: "attribute_not_exists(pk)" };
      const listing = listingItem({ id: shop.id, timeZone: shop.timeZone, carriedThrough });
      const result = await database.transact([
        { Put: { Item: shopItem({ shop, memory: [] }), ...isNew } },
        { Put: { Item: listing, ...isNew } },
      ]);
      return result.kind === "written";
    },

    async listShops() {
      const { items } = await database.query(shopsRange);
      return items.map(readListing);
    },

    async finishDay(shopId, date) {
      // A condition that fails says that another has come as far: that is as good.
      await database.update({
        Key: keyItem(shopListingKey(shopId)),
        UpdateExpression: "SET carriedThrough = :date",
        ConditionExpression: "carriedThrough < :date",
        ExpressionAttributeValues: { ":date": text(date) },
      });
    },

    changeShop<T>(shopId: string, decide: (current: StoredShop) => Decision<Shop, T>) {
      return persist(async () => {
        const item = await database.get(shopKey(shopId));
        if (item === undefined) return { kind: "not_found" as const };
        const current = readStoredShop(item);
        const decision = decide(current);
        if (decision.kind === "refuse") return { kind: "refused" as const, outcome: decision.outcome };
        if (decision.kind === "remove") throw new Error("a shop cannot be removed");
        const shop = decision.item;
        const next: StoredShop = { shop, memory: remember(current.memory, decision.mutation, shop.version) };
        const result = await database.put({
          Item: shopItem(next),
          ConditionExpression: "version = :version",
          ExpressionAttributeValues: { ":version": number(current.shop.version) },
        });
        return result.kind === "written" ? { kind: "written" as const, current: next } : again;
      }, raceTries);
    },
  };
}
