import type { DatabaseSync } from "node:sqlite";
import type { Shop } from "@status-board/contracts";
import { remember } from "../../domain/mutation.ts";
import type { StoredShop } from "../../domain/service.ts";
import type { ChangeResult, Decision, ShopDay } from "../store.ts";
import { text } from "./rows.ts";

/** The shops. Those that write run inside a write's transaction. */
export interface Shops {
  read: (shopId: string) => Shop | undefined;
  create: (shop: Shop, carriedThrough: string) => boolean;
  list: () => ShopDay[];
  finishDay: (shopId: string, date: string) => void;
  change: <T>(shopId: string, decide: (current: StoredShop) => Decision<Shop, T>) => ChangeResult<StoredShop, T>;
}

function parseShop(json: string): StoredShop {
  return JSON.parse(json);
}

/** Prepares the statements on shops. */
export function prepareShops(database: DatabaseSync): Shops {
  const byId = database.prepare("SELECT item FROM shop WHERE id = ?");
  const insert = database.prepare(
    "INSERT INTO shop (id, carriedThrough, item) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const list = database.prepare("SELECT id, carriedThrough, item FROM shop ORDER BY id");
  const finishDay = database.prepare("UPDATE shop SET carriedThrough = ?1 WHERE id = ?2 AND carriedThrough < ?1");
  const update = database.prepare("UPDATE shop SET item = ? WHERE id = ?");

  function find(shopId: string): StoredShop | undefined {
    const row = byId.get(shopId);
    return row && parseShop(text(row.item));
  }

  return {
    read: (shopId) => find(shopId)?.shop,
    create: (shop, carriedThrough) =>
      insert.run(shop.id, carriedThrough, JSON.stringify({ shop, memory: [] } satisfies StoredShop)).changes === 1,
    list: () =>
      list.all().map(({ id, carriedThrough, item }) => ({
        id: text(id),
        timeZone: parseShop(text(item)).shop.timeZone,
        carriedThrough: text(carriedThrough),
      })),
    finishDay: (shopId, date) => void finishDay.run(date, shopId),
    change: (shopId, decide) => {
      const current = find(shopId);
      if (current === undefined) return { kind: "not_found" };
      const decision = decide(current);
      if (decision.kind === "refuse") return { kind: "refused", outcome: decision.outcome };
      if (decision.kind === "remove") throw new Error("a shop cannot be removed");
      const { item, mutation } = decision;
      const next: StoredShop = { shop: item, memory: remember(current.memory, mutation, item.version) };
      update.run(JSON.stringify(next), shopId);
      return { kind: "written", current: next };
    },
  };
}
