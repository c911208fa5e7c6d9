import type { Service } from "@status-board/contracts";
import { ulid } from "ulid";
import { expect, it } from "vitest";
import type { Workshop } from "../contract/workshop.ts";
import { openWatchedStore } from "./testing/watched-store.ts";

const mutation = { id: "m1", hash: "h" };

function newService(shop: Workshop, code: string): Service {
  const at = shop.now();
  const rest = { name: "Oil change", priceCents: 4_900, minutes: 30, active: true, createdAt: at, updatedAt: at };
  return { id: ulid(), version: 1, code, ...rest };
}

const recode = ({ store, shopId }: Workshop, id: string, code: string) =>
  store.changeService(shopId, id, ({ service }) => ({
    kind: "write",
    item: { ...service, code, version: service.version + 1 },
  }));

it("[HT5] finds a service by the code that it was created with when its creation is repeated after a change", async () => {
  await using watched = await openWatchedStore();
  const { shop } = watched;
  const { store, shopId } = shop;
  const service = newService(shop, "OIL001");
  await store.createService(shopId, service, mutation);
  await recode(shop, service.id, "OIL002");
  expect(await store.createService(shopId, newService(shop, "OIL001"), mutation)).toMatchObject({
    kind: "code_taken",
    current: { service: { id: service.id, code: "OIL002" } },
  });
  const other = { id: "m2", hash: "h" };
  expect(await store.createService(shopId, newService(shop, "OIL001"), other)).toMatchObject({ kind: "created" });
});

it("[SV2] takes a free code back, and over from whoever left it", async () => {
  await using watched = await openWatchedStore();
  const { shop } = watched;
  const services = [newService(shop, "A"), newService(shop, "B")];
  for (const service of services) await shop.store.createService(shop.shopId, service, undefined);
  const [one, other] = services.map(({ id }) => id);
  for (const [id, code] of [
    [one, "C"],
    [other, "A"],
    [one, "B"],
    [one, "C"],
    [other, "B"],
    [one, "A"],
  ] as const)
    expect(await recode(shop, id ?? "", code)).toMatchObject({ kind: "written", current: { service: { code } } });
  expect((await shop.store.listServices(shop.shopId)).map(({ id }) => id)).toEqual([one, other]);
});

it("[CA3] finds services by code with two calls, in whatever case and however often they are named", async () => {
  await using watched = await openWatchedStore();
  const { shop } = watched;
  const service = newService(shop, "OIL001");
  await shop.store.createService(shop.shopId, service, undefined);
  const calls = await watched.callsOf(async () =>
    expect(await shop.store.servicesByCode(shop.shopId, ["oil001", "OIL001", "none"])).toEqual([service]),
  );
  expect(calls).toEqual(["BatchGetItem", "BatchGetItem"]);
  expect(await watched.callsOf(() => shop.store.servicesByCode(shop.shopId, []))).toEqual([]);
});
