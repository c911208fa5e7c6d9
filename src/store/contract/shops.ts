import type { Shop } from "@status-board/contracts";
import { ulid } from "ulid";
import { expect } from "vitest";
import type { Mutation } from "../../domain/mutation.ts";
import { defined } from "../../domain/outcome.ts";
import type { StoredShop } from "../../domain/service.ts";
import { day, dayBefore, nextDay, tally, type Workshop, type WorkshopTest } from "./workshop.ts";

const edit = (shop: Workshop, change: Partial<Shop>, mutation?: Mutation) =>
  shop.store.changeShop(shop.shopId, ({ shop: current }) => {
    const item = { ...current, ...change, version: current.version + 1 };
    return defined({ kind: "write" as const, item, mutation });
  });

const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);

/** The shop's own settings. */
export function shopContract(it: WorkshopTest): void {
  it("[SH1] makes a shop once, and keeps the first", async ({ store }) => {
    const shop: Shop = {
      id: `shop-${ulid()}`,
      name: "Gäräge",
      timeZone: "America/St_Johns",
      currency: "CAD",
      locale: "en-CA",
      technicians: [{ id: ulid(), name: "Tom" }],
      version: 1,
    };
    expect(await store.readShop(shop.id)).toBeUndefined();
    const attempts = Array.from({ length: 5 }, (_, index) =>
      store.createShop({ ...shop, name: `Garage ${index}` }, dayBefore),
    );
    const made = await Promise.all(attempts);
    expect(made.filter(Boolean)).toHaveLength(1);
    const expected = { ...shop, name: `Garage ${made.indexOf(true)}` };
    expect(await store.readShop(shop.id)).toStrictEqual(expected);
    expect(await store.createShop(shop, dayBefore)).toBe(false);
    expect(await store.readShop(shop.id)).toStrictEqual(expected);
  });

  it("[SH1] writes what was decided, with its last 4 mutations", async (workshop) => {
    const { store, shopId } = workshop;
    const before = await store.readShop(shopId);
    for (const name of ["e1", "e2", "e3", "e4", "e5"]) await edit(workshop, { name }, { id: name, hash: "h" });
    const technicians = [{ id: ulid(), name: "Ute" }];
    const result = await edit(workshop, { technicians });
    const shop = { ...before, name: "e5", technicians, version: 7 };
    const memory = [6, 5, 4, 3].map((version) => ({ id: `e${version - 1}`, hash: "h", version }));
    expect(result).toStrictEqual({ kind: "written", current: { shop, memory } });
    expect(await store.readShop(shopId)).toStrictEqual(shop);
  });

  it("[SH1] hands a decision the shop as it stands, and has no effect when refused", async ({ store, shopId }) => {
    const seen: StoredShop[] = [];
    const refuse = (current: StoredShop) => {
      seen.push(current);
      return { kind: "refuse" as const, outcome: "because" };
    };
    const shop = await store.readShop(shopId);
    expect(await store.changeShop(shopId, refuse)).toEqual({ kind: "refused", outcome: "because" });
    expect(seen).toStrictEqual([{ shop, memory: [] }]);
    expect(await store.readShop(shopId)).toStrictEqual(shop);
    expect(await store.changeShop(`shop-${ulid()}`, refuse)).toEqual({ kind: "not_found" });
    expect(seen).toHaveLength(1);
  });

  it("[SH1] lets one of 10 edits of a shop from one version win", async ({ store, shopId }) => {
    const attempts = Array.from({ length: 10 }, (_, index) =>
      store.changeShop(shopId, ({ shop }) =>
        shop.version === 1
          ? { kind: "write", item: { ...shop, version: 2, name: `Try ${index}` } }
          : { kind: "refuse", outcome: "stale" },
      ),
    );
    expect(await tally(attempts)).toEqual({ written: 1, refused: 9 });
    expect((await store.readShop(shopId))?.version).toBe(2);
  });

  it("[CA5] lists every shop with its zone and the day through which its cars are carried", async (shop) => {
    const other = await shop.neighbour();
    const known = async () =>
      (await shop.store.listShops()).filter(({ id }) => [shop.shopId, other.shopId].includes(id));
    const line = { timeZone: "Europe/Berlin", carriedThrough: dayBefore };
    expect((await known()).toSorted(byId)).toStrictEqual(
      [
        { id: shop.shopId, ...line },
        { id: other.shopId, ...line },
      ].toSorted(byId),
    );
  });

  it("[CA5] finishes days forwards only, each shop's for itself, whoever comes first", async (shop) => {
    const other = await shop.neighbour();
    const through = async ({ shopId }: Workshop) =>
      (await shop.store.listShops()).find(({ id }) => id === shopId)?.carriedThrough;
    await shop.store.finishDay(shop.shopId, nextDay);
    expect([await through(shop), await through(other)]).toEqual([nextDay, dayBefore]);
    await shop.store.finishDay(shop.shopId, day);
    await shop.store.finishDay(shop.shopId, nextDay);
    expect(await through(shop)).toBe(nextDay);
    await Promise.all(
      ["2031-03-07", "2031-03-09", "2031-03-08"].map((date) => other.store.finishDay(other.shopId, date)),
    );
    expect([await through(shop), await through(other)]).toEqual([nextDay, "2031-03-09"]);
  });

  it("[CA5] leaves the settings alone when a day is finished, and the day when settings change", async (shop) => {
    const before = await shop.store.readShop(shop.shopId);
    await shop.store.finishDay(shop.shopId, day);
    expect(await shop.store.readShop(shop.shopId)).toStrictEqual(before);
    await edit(shop, { name: "New" });
    const listed = (await shop.store.listShops()).find(({ id }) => id === shop.shopId);
    expect(listed).toStrictEqual({ id: shop.shopId, timeZone: "Europe/Berlin", carriedThrough: day });
  });

  it("[AU5] changes no other shop's settings", async (workshop) => {
    const other = await workshop.neighbour();
    const before = await other.store.readShop(other.shopId);
    await edit(workshop, { name: "changed" });
    expect(await other.store.readShop(other.shopId)).toStrictEqual(before);
  });
}
