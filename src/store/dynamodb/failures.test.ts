import { ulid } from "ulid";
import { describe, expect, it } from "vitest";
import { dynamoError, type Fault, noFault } from "../../../tests/support/fault-proxy.ts";
import {
  addCard,
  create,
  day,
  edit,
  everything,
  move,
  newCard,
  nextDay,
  remove,
  type Workshop,
} from "../contract/workshop.ts";
import { StoreUnavailable } from "../store.ts";
import { impatience } from "./dynamo-client.ts";
import { openWatchedStore } from "./testing/watched-store.ts";

const at = "2031-03-03T08:00:00.000Z";
const newService = (code: string) => {
  const rest = { name: "Oil change", priceCents: 4_900, minutes: 30, active: true, createdAt: at, updatedAt: at };
  return { id: ulid(), version: 1, code, ...rest };
};
const settings = { name: "", timeZone: "UTC", currency: "EUR", locale: "de", technicians: [], version: 1 };
const refuse = () => ({ kind: "refuse" as const, outcome: "because" });

/** Everything that the port can be asked for. */
const everyMethod: Record<string, (shop: Workshop, id: string) => Promise<unknown>> = {
  ping: ({ store }) => store.ping(),
  readBoard: ({ store, shopId }) => store.readBoard(shopId, day),
  readAppointment: ({ store, shopId }, id) => store.readAppointment(shopId, id),
  findCreation: ({ store, shopId }, id) => store.findCreation(shopId, id),
  createAppointment: (shop) => create(shop, newCard(shop)),
  moveAppointment: (shop, id) => move(shop, { id, version: 1 }, "ready"),
  "changeAppointment, an edit": (shop, id) => edit(shop, id, { notes: "new" }),
  "changeAppointment, another day": (shop, id) => edit(shop, id, { date: nextDay }),
  "changeAppointment, a removal": (shop, id) => remove(shop, id),
  listServices: ({ store, shopId }) => store.listServices(shopId),
  readService: ({ store, shopId }) => store.readService(shopId, ulid()),
  servicesByCode: ({ store, shopId }) => store.servicesByCode(shopId, ["OIL001"]),
  createService: ({ store, shopId }) => store.createService(shopId, newService("OIL001"), undefined),
  changeService: ({ store, shopId }) => store.changeService(shopId, ulid(), refuse),
  readShop: ({ store, shopId }) => store.readShop(shopId),
  createShop: ({ store, shopId }) => store.createShop({ id: shopId, ...settings }, day),
  listShops: ({ store }) => store.listShops(),
  finishDay: ({ store, shopId }) => store.finishDay(shopId, day),
  changeShop: ({ store, shopId }) => store.changeShop(shopId, refuse),
};

const outages: Record<string, Fault> = {
  "a throttled table": dynamoError("ProvisionedThroughputExceededException"),
  "a throttled account": dynamoError("RequestLimitExceeded"),
  "an internal error": dynamoError("InternalServerError", 500),
  "an answer that is no JSON": { status: 503, body: "<h1>Service Unavailable</h1>" },
};

describe.each(Object.entries(everyMethod))("%s", (_, method) => {
  it("[HT2] is unavailable when the database is out of reach, and works again afterwards", async () => {
    await using watched = await openWatchedStore();
    const { shop, proxy } = watched;
    const { id } = await addCard(shop);
    for (const fault of Object.values(outages)) {
      proxy.fault = () => fault;
      await expect(method(shop, id)).rejects.toThrow(StoreUnavailable);
    }
    proxy.fault = noFault;
    await method(shop, id);
  });

  it("[HT2] is unavailable when the connection is refused", async () => {
    await using watched = await openWatchedStore();
    const { id } = await addCard(watched.shop);
    await watched.proxy.close();
    await expect(method(watched.shop, id)).rejects.toThrow(StoreUnavailable);
  });

  it("[HT2] throws what can only be a mistake of ours as it is", async () => {
    await using watched = await openWatchedStore();
    const { id } = await addCard(watched.shop);
    watched.proxy.fault = () => dynamoError("ValidationException");
    await expect(method(watched.shop, id)).rejects.toThrow(expect.objectContaining({ name: "ValidationException" }));
  });
});

it("[MV2] calls a move unavailable whose answer was lost, since it cannot know", async () => {
  await using watched = await openWatchedStore();
  const card = await addCard(watched.shop);
  watched.proxy.fault = ({ operation }) => (operation === "UpdateItem" ? "lose_answer" : undefined);
  await expect(move(watched.shop, card, "ready")).rejects.toThrow(StoreUnavailable);
});

const conflict = dynamoError("TransactionCanceledException", 400, {
  CancellationReasons: [{ Code: "None" }, { Code: "TransactionConflict" }],
});

const transactions = Object.entries(everyMethod).filter(([name]) =>
  /^createAppointment|^createService|another day|a removal/.test(name),
);

it.each(transactions)(
  "%s stands four conflicts with other transactions, and gives up after the fifth",
  async (_, method) => {
    await using watched = await openWatchedStore();
    const { shop, elsewhere, proxy, waits } = watched;
    const { id } = await addCard(shop);
    const before = await everything(elsewhere);
    let left = 5;
    proxy.fault = ({ operation }) => (operation === "TransactWriteItems" && left-- > 0 ? conflict : undefined);
    await expect(method(shop, id)).rejects.toThrow(StoreUnavailable);
    expect(await everything(elsewhere)).toEqual(before);
    expect(await elsewhere.store.listServices(elsewhere.shopId)).toEqual([]);
    waits.length = 0;
    left = 4;
    await method(shop, id);
    expect(waits).toHaveLength(4);
  },
);

it("[AP1] creates a card once when the answer was lost and the SDK sends it again", async () => {
  await using watched = await openWatchedStore({}, { maxAttempts: 3 });
  const { shop, proxy } = watched;
  let lost = 0;
  proxy.fault = ({ operation }) => (operation === "TransactWriteItems" && lost++ === 0 ? "lose_answer" : undefined);
  expect(await create(shop, newCard(shop))).toMatchObject({ kind: "created" });
  expect(lost).toBe(2);
});

it("[HT2] calls a database unavailable that accepts a call and does not answer", async () => {
  await using watched = await openWatchedStore({}, { maxAttempts: 1, requestHandler: impatience.requestHandler });
  const { shop, proxy } = watched;
  const over = Promise.withResolvers<Fault>();
  proxy.fault = () => over.promise;
  await expect(shop.store.readShop(shop.shopId)).rejects.toThrow(StoreUnavailable);
  over.resolve(undefined);
});

it("tells what each call cost, if somebody wants to know", async () => {
  const uses: { operation: string; units: number }[] = [];
  await using watched = await openWatchedStore({ onCapacity: (use) => uses.push(use) });
  await addCard(watched.shop);
  await watched.shop.store.readBoard(watched.shop.shopId, day);
  expect(uses.map(({ operation }) => operation)).toEqual([
    "GetItem",
    "Query",
    "TransactWriteItems",
    "GetItem",
    "Query",
  ]);
  for (const { units } of uses) expect(units).toBeGreaterThan(0);
  for (const { input } of watched.proxy.calls) expect(input.ReturnConsumedCapacity).toBe("TOTAL");
});
