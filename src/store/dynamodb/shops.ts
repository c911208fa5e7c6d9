import type { Shop } from "@status-board/contracts";
import { remember } from "../../domain/mutation.ts";
import type { StoredShop } from "../../domain/service.ts";
import type { Decision, Store } from "../store.ts";
import { keyItem, number, text } from "./attributes.ts";
import type { Context } from "./context.ts";
import { shopKey, shopListingKey } from "./keys.ts";
import { readShop, readStoredShop, shopItem } from "./service-item.ts";
import { again, raceTries } from "./tries.ts";

type Shops = Pick<Store, "readShop" | "createShop" | "changeShop">;

/** The shops' settings. */
export function createShops({ database, persist }: Context): Shops {
  return {
    async readShop(shopId) {
      const item = await database.get(shopKey(shopId));
      return item && readShop(item);
    },

    async createShop(shop: Shop) {
      const isNew = { ConditionExpression: "attribute_not_exists(pk)" };
      const listing = { ...keyItem(shopListingKey(shop.id)), timeZone: text(shop.timeZone) };
      const result = await database.transact([
        { Put: { Item: shopItem({ shop, memory: [] }), ...isNew } },
        { Put: { Item: listing, ...isNew } },
      ]);
      return result.kind === "written";
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
