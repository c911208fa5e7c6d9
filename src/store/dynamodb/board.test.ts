import { expect, it } from "vitest";
import type { WireCall } from "../../../tests/support/fault-proxy.ts";
import { addCard, addCards, day, edit, moveOk, nextDay, remove } from "../contract/workshop.ts";
import { StoreUnavailable } from "../store.ts";
import { openWatchedStore, type WatchedStore } from "./testing/watched-store.ts";

const read = ({ shop }: WatchedStore) => shop.store.readBoard(shop.shopId, day);
const readElsewhere = ({ elsewhere }: WatchedStore) => elsewhere.store.readBoard(elsewhere.shopId, day);

const isIndexQuery = ({ operation, input }: WireCall) => operation === "Query" && input.IndexName !== undefined;

it("[LV6] reads a warm board with two consistent calls, its revision first, and gives the same object while nothing changes", async () => {
  await using watched = await openWatchedStore();
  await addCards(watched.shop, 3);
  const first = await read(watched);
  const calls = await watched.callsOf(async () => expect(await read(watched)).toBe(first));
  expect(calls).toEqual(["GetItem", "Query"]);
  const [head, index] = watched.proxy.calls.slice(-2).map(({ input }) => input);
  expect(head).toMatchObject({ Key: { sk: { S: "HEAD" } }, ConsistentRead: true });
  expect(index).toMatchObject({ IndexName: "byPlace", ConsistentRead: true });
  expect(first).toEqual(await readElsewhere(watched));
});

it("[LV6] knows the cards that it wrote itself, and gives another object for them", async () => {
  await using watched = await openWatchedStore();
  const cards = await addCards(watched.shop, 3);
  const [card] = cards;
  const before = await read(watched);
  if (card) await moveOk(watched.shop, card, "ready");
  const calls = await watched.callsOf(async () => expect(await read(watched)).not.toBe(before));
  expect(calls).toEqual(["GetItem", "Query"]);
  expect(await read(watched)).toEqual(await readElsewhere(watched));
});

it.each([
  [25, "BatchGetItem"],
  [26, "Query"],
])("[LV6] reads a board of which it knows nothing, %i cards, with three calls", async (count, second) => {
  await using watched = await openWatchedStore();
  await addCards(watched.elsewhere, count);
  const calls = await watched.callsOf(() => read(watched));
  expect(calls).toEqual(["GetItem", "Query", second]);
  const input = watched.proxy.calls.at(-1)?.input;
  const [reading] = Object.values({ ...(input?.RequestItems ?? { whole: input }) });
  expect(reading).toMatchObject({ ConsistentRead: true });
  expect(await read(watched)).toEqual(await readElsewhere(watched));
});

it("[LV6] gives each of two concurrent reads the same object", async () => {
  await using watched = await openWatchedStore();
  await addCards(watched.elsewhere, 2);
  const [one, other] = await Promise.all([read(watched), read(watched)]);
  expect(one).toBe(other);
});

it("[LV6] shows a card that changes between the index and the card itself once, as it is then", async () => {
  await using watched = await openWatchedStore();
  const { elsewhere, proxy } = watched;
  const [moving, leaving, removed, still] = await addCards(elsewhere, 4);
  if (!moving || !leaving || !removed || !still) throw new Error("four cards were added");
  proxy.fault = async ({ operation }) => {
    if (operation !== "BatchGetItem") return undefined;
    await moveOk(elsewhere, moving, "ready");
    await edit(elsewhere, leaving.id, { date: nextDay });
    await remove(elsewhere, removed.id);
    return undefined;
  };
  const board = await read(watched);
  expect(board.cards.map(({ id, status, version }) => [id, status, version])).toEqual([
    [still.id, "scheduled", 1],
    [moving.id, "ready", 2],
  ]);
  const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);
  const gone = [
    { id: leaving.id, version: 2 },
    { id: removed.id, version: 2 },
  ];
  expect(board.removed.toSorted(byId)).toEqual(gone.toSorted(byId));
  expect(await read(watched)).toBe(board);
});

it("[LV6] looks at the whole board when the index misses a card that was there, or shows one twice", async () => {
  await using watched = await openWatchedStore();
  const { proxy } = watched;
  await addCards(watched.shop, 3);
  const board = await read(watched);
  proxy.fault = (call) => (isIndexQuery(call) ? { status: 200, body: { Items: [], Count: 0 } } : undefined);
  const calls = await watched.callsOf(async () => expect(await read(watched)).toBe(board));
  expect(calls).toEqual(["GetItem", "Query", "Query"]);

  const twice = board.cards.flatMap(({ id, createdAt }) =>
    ["1", "2"].map((rank) => ({
      place: { S: `scheduled#${rank}#${id}` },
      version: { N: "1" },
      createdAt: { S: createdAt },
    })),
  );
  proxy.fault = (call) => (isIndexQuery(call) ? { status: 200, body: { Items: twice, Count: 6 } } : undefined);
  expect(await read(watched)).toBe(board);
});

it("[CA7] reads boards, columns and services that come in pages", async () => {
  await using watched = await openWatchedStore();
  const { shop, proxy } = watched;
  proxy.fault = ({ operation, input }) => (operation === "Query" ? { input: { ...input, Limit: 2 } } : undefined);
  const cards = await addCards(shop, 5);
  const [first] = cards;
  if (first) await moveOk(shop, first, "scheduled");
  const board = await read(watched);
  expect(board.cards.map(({ id }) => id)).toEqual([...cards.slice(1), ...cards.slice(0, 1)].map(({ id }) => id));
  expect(board).toEqual(await readElsewhere(watched));
});

it("[LV6] asks again for the cards that a batch left out, up to five times", async () => {
  await using watched = await openWatchedStore();
  const { elsewhere, proxy, waits } = watched;
  await addCards(elsewhere, 3);
  let left = 4;
  proxy.fault = ({ operation, input }) =>
    operation === "BatchGetItem" && left-- > 0
      ? { status: 200, body: { Responses: {}, UnprocessedKeys: input.RequestItems } }
      : undefined;
  expect(await read(watched)).toEqual(await readElsewhere(watched));
  expect(waits).toHaveLength(4);

  await addCard(elsewhere);
  left = 5;
  await expect(read(watched)).rejects.toThrow(StoreUnavailable);
});

it("[LV6] remembers only as much as it may, and is right all the same", async () => {
  await using watched = await openWatchedStore({ memoryMaxBytes: 5_000 });
  await addCards(watched.shop, 6);
  expect(await read(watched)).toEqual(await readElsewhere(watched));
  expect(await watched.callsOf(() => read(watched))).toEqual(["GetItem", "Query", "BatchGetItem"]);
});
