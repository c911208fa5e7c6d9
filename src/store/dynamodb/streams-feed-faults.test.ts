import { expect, it } from "vitest";
import { dynamoError, type Fault, type WireCall } from "../../../tests/support/fault-proxy.ts";
import { addCard, addCards, anna } from "../contract/workshop.ts";
import { listener, newestOf, openFedShop } from "./testing/fed-shop.ts";

/** A record of a card that is named after its shard. */
const recordIn = (shardId: string, sequenceNumber: number) => ({
  eventName: "REMOVE",
  dynamodb: {
    SequenceNumber: String(sequenceNumber),
    Keys: { pk: { S: "SHOP#north#DAY#2031-03-03" }, sk: { S: `APPT#${shardId}` } },
  },
});

it("[LV7] asks for a new place in the stream when its own has expired, and misses nothing", async () => {
  const { shop, proxy, openFeed } = await openFedShop("dynoxide");
  const { told, handle, until } = listener();
  const failures: unknown[] = [];
  openFeed({ failed: (error) => failures.push(error) }).start(handle);
  const first = await addCard(shop);
  await until(() => newestOf(told, first.id) === 1);
  let left = 1;
  proxy.fault = ({ operation }) =>
    operation === "GetRecords" && left-- > 0 ? dynamoError("ExpiredIteratorException") : undefined;
  const cards = await addCards(shop, 3);
  await until(() => told.length === 4);
  expect(told.map(({ id }) => id)).toEqual([first, ...cards].map(({ id }) => id));
  expect(failures).toHaveLength(1);
  const asked = proxy.calls.filter(({ operation }) => operation === "GetShardIterator");
  expect(asked.map(({ input }) => input.ShardIteratorType)).toEqual(["TRIM_HORIZON", "AFTER_SEQUENCE_NUMBER"]);
});

it("[LV7] begins with the oldest that there is when its place is older than that", async () => {
  const { shop, proxy, openFeed } = await openFedShop("dynoxide");
  const before = listener();
  const feed = openFeed();
  feed.start(before.handle);
  const card = await addCard(shop);
  await before.until(() => before.told.length === 1);
  await feed.stop();
  proxy.fault = ({ input }) =>
    input.ShardIteratorType === "AFTER_SEQUENCE_NUMBER" ? dynamoError("TrimmedDataAccessException") : undefined;
  const { told, handle, until } = listener();
  openFeed().start(handle);
  await until(() => newestOf(told, card.id) === 1);
});

it("[LV7] goes on when the stream, and then the live table, answers again", async () => {
  const { shop, proxy, openFeed } = await openFedShop("dynoxide");
  const { told, handle, until } = listener();
  const failures: unknown[] = [];
  let left = 6;
  proxy.fault = () => (left-- > 0 ? dynamoError("InternalServerError", 500) : undefined);
  openFeed({ failed: (error) => failures.push(error), sleep: () => new Promise(setImmediate) }).start(handle);
  const card = await addCard(shop);
  await until(() => newestOf(told, card.id) === 1);
  expect(failures).toHaveLength(6);
});

it("[LV1] looks no more often than it was told to while nothing happens", async () => {
  const { proxy, openFeed } = await openFedShop("dynoxide");
  const pauses: number[] = [];
  const enough = Promise.withResolvers<void>();
  const sleep = async (ms: number, signal: AbortSignal) => {
    pauses.push(ms);
    if (pauses.length >= 10) enough.resolve();
    if (ms > 1_000) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    else await new Promise(setImmediate);
  };
  openFeed({ pollIntervalMs: 1_000, lookIntervalMs: 10_000, sleep }).start(async () => {});
  await enough.promise;
  const [look, ...polls] = pauses.toSorted((one, other) => other - one);
  expect(look).toBe(10_000);
  for (const ms of polls) expect(ms).toBeGreaterThan(500);
  const counts = (operation: string) => proxy.calls.filter((call) => call.operation === operation).length;
  expect([counts("DescribeStream"), counts("GetShardIterator")]).toEqual([1, 1]);
});

it("[LV1] reads less often while nobody waits, more at a time, and at its pace again once somebody does", async () => {
  const { shop, openFeed } = await openFedShop("dynoxide");
  const pauses: number[] = [];
  let goOn = Promise.withResolvers<void>();
  let isAwaited = false;
  const sleep = async (ms: number, signal: AbortSignal) => {
    if (ms > 1_000) return new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    pauses.push(ms);
    await Promise.race([goOn.promise, new Promise((resolve) => signal.addEventListener("abort", resolve))]);
  };
  const { told, handle } = listener();
  const batches: number[] = [];
  openFeed({ pollIntervalMs: 5, quietPollIntervalMs: 900, sleep }).start(
    async (items) => {
      batches.push(items.length);
      await handle(items);
    },
    () => isAwaited,
  );
  await expect.poll(() => pauses.length).toBe(1);
  expect(pauses[0]).toBeGreaterThan(5);
  await addCards(shop, 3);
  expect(told).toEqual([]);
  const next = goOn;
  goOn = Promise.withResolvers<void>();
  next.resolve();
  await expect.poll(() => pauses.length).toBe(2);
  expect(batches).toEqual([3]);
  expect(pauses[1]).toBeGreaterThan(5);
  isAwaited = true;
  goOn.resolve();
  await expect.poll(() => pauses.length).toBeGreaterThan(3);
  for (const ms of pauses.slice(2)) expect(ms).toBeLessThanOrEqual(5);
});

it("[LV1] says nothing of histories, and makes no note of having read them", async () => {
  const { shop, live, notes, openFeed } = await openFedShop("dynoxide");
  const { told, handle, until } = listener();
  const batches: number[] = [];
  openFeed().start(async (items) => {
    batches.push(items.length);
    await handle(items);
  });
  const { id } = await addCard(shop);
  await until(() => told.length === 1);
  const at = shop.now();
  for (let version = 1; version <= 5; version++)
    await live.addHistory(shop.shopId, [{ id, item: { version, at, by: anna, change: "edited" } }]);
  const later = await addCard(shop);
  await until(() => newestOf(told, later.id) === 1);
  expect(batches).toEqual([1, 1]);
  expect(notes()).toBeLessThanOrEqual(2);
});

it("[LV7] notes how far it has come now and then, and where it stops", async () => {
  const { shop, notes, openFeed } = await openFedShop("dynoxide");
  const { told, handle, until } = listener();
  const feed = openFeed({ noteIntervalMs: 3_600_000 });
  feed.start(handle);
  for (let cards = 1; cards <= 4; cards++) {
    await addCard(shop);
    await until(() => told.length === cards);
  }
  expect(notes()).toBe(1);
  await feed.stop();
  expect(notes()).toBe(2);
  const again = listener();
  openFeed().start(again.handle);
  const late = await addCard(shop);
  await again.until(() => again.told.length > 0);
  expect(again.told.map(({ id }) => id)).toEqual([late.id]);
});

/** A stream whose shard was split: the parent has ended, and two children go on. */
function splitStream(records: Record<string, readonly object[]>, lateChild: () => boolean) {
  const shard = (ShardId: string, ParentShardId?: string) => ({ ShardId, ...(ParentShardId && { ParentShardId }) });
  return ({ operation, input }: WireCall): Fault => {
    if (operation === "DescribeStream") {
      const Shards = [shard("child-1", "parent"), shard("parent", "long-gone")];
      if (lateChild()) Shards.push(shard("child-2", "parent"));
      return { status: 200, body: { StreamDescription: { Shards } } };
    }
    if (operation === "GetShardIterator") {
      const { ShardId, SequenceNumber = "0" } = input;
      return { status: 200, body: { ShardIterator: `${ShardId} ${SequenceNumber}` } };
    }
    const [id = "", after = ""] = String(input.ShardIterator).split(" ");
    const Records = (records[id] ?? []).filter((_, index) => index >= Number(after)).slice(0, 1);
    const isOver = id === "parent" && Records.length === 0;
    const NextShardIterator = `${id} ${Number(after) + Records.length}`;
    return { status: 200, body: { Records, ...(!isOver && { NextShardIterator }) } };
  };
}

it("[LV1] reads a shard's children when it is over and handled, each on its own, and so again after a start", async () => {
  const { proxy, openFeed } = await openFedShop("dynoxide");
  const records = {
    parent: [recordIn("parent", 1), recordIn("parent", 2)],
    "child-1": [recordIn("child-1", 1)],
    "child-2": [recordIn("child-2", 1)],
  };
  let looks = 0;
  proxy.fault = splitStream(records, () => ++looks > 1);
  const { told, handle, until } = listener();
  let refusals = 2;
  const feed = openFeed();
  feed.start(async (items) => {
    if (refusals-- > 0) throw new Error("not now");
    await handle(items);
  });
  await until(() => told.length === 4);
  const ids = told.map(({ id }) => id);
  expect(ids.slice(0, 2)).toEqual(["parent", "parent"]);
  expect(ids.slice(2).toSorted()).toEqual(["child-1", "child-2"]);
  await feed.stop();

  records["child-2"].push(recordIn("child-2", 2));
  const again = listener();
  openFeed().start(again.handle);
  await again.until(() => again.told.length === 1);
  expect(again.told.map(({ id, position }) => `${id} ${position}`)).toEqual(["child-2 2"]);
});

it("[LV7] leaves a shard that is no longer there, and reads what there is instead", async () => {
  const { shop, proxy, openFeed } = await openFedShop("dynoxide");
  const { told, handle, until } = listener();
  let isGone = true;
  proxy.fault = ({ operation }) => {
    if (operation !== "GetShardIterator" || !isGone) return undefined;
    isGone = false;
    return dynamoError("ResourceNotFoundException");
  };
  openFeed({ sleep: () => new Promise(setImmediate) }).start(handle);
  const card = await addCard(shop);
  await until(() => newestOf(told, card.id) === 1);
});

it("[LV7] lets a shard whose batch cannot be handled hold up no other", async () => {
  const { proxy, openFeed } = await openFedShop("dynoxide");
  const records = { parent: [], "child-1": [recordIn("child-1", 1)], "child-2": [recordIn("child-2", 1)] };
  proxy.fault = splitStream(records, () => true);
  const { told, handle, until } = listener();
  let isStuck = true;
  openFeed().start(async (items) => {
    const isFirst = items.some((item) => item.kind === "change" && item.change.id === "child-1");
    if (isFirst && isStuck) throw new Error("not now");
    await handle(items);
  });
  await until(() => told.length === 1);
  expect(told.map(({ id }) => id)).toEqual(["child-2"]);
  isStuck = false;
  await until(() => told.length === 2);
});
