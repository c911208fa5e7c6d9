import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { limits } from "@status-board/contracts";
import { ulid } from "ulid";
import { describe, expect, it } from "vitest";
import { dynamoError } from "../../../tests/support/fault-proxy.ts";
import type { Principal } from "../../auth/principal.ts";
import type { Connections } from "../../live/ports.ts";
import { day, nextDay } from "../contract/workshop.ts";
import { StoreUnavailable } from "../store.ts";
import { openWatchedStore, type WatchedStore } from "./testing/watched-store.ts";

const principalOf = ({ shop }: WatchedStore): Principal => ({
  shopId: shop.shopId,
  user: { id: "anna", name: "Anna" },
  role: "advisor",
});

/** Adds a connection that watches the shop's board, and gives its id. */
async function connect(watched: WatchedStore, date = day): Promise<string> {
  const id = ulid();
  await watched.connectionsElsewhere.add({ id, principal: principalOf(watched) });
  await watched.connectionsElsewhere.watch(id, date);
  return id;
}

/** How many rows of the live table speak of one of these ids. */
async function rowsOf({ client, tables }: WatchedStore, ids: readonly string[]): Promise<number> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tables.liveTable, ConsistentRead: true }));
  return Items.filter((item) => ids.some((id) => JSON.stringify(item).includes(id))).length;
}

it("[LV8] names all who watch a board by one consistent query", async () => {
  await using watched = await openWatchedStore();
  const ids: string[] = [];
  for (let count = 0; count < 60; count++) ids.push(await connect(watched));
  const board = { shopId: watched.shop.shopId, date: day };
  const calls = await watched.callsOf(async () =>
    expect((await watched.connections.watchers(board)).map(({ id }) => id)).toEqual(ids.toSorted()),
  );
  expect(calls).toEqual(["Query"]);
  expect(watched.proxy.calls.at(-1)?.input).toMatchObject({ ConsistentRead: true });
});

it("[LV6] has written who watches before it answers, by one read and one transaction", async () => {
  await using watched = await openWatchedStore();
  const id = await connect(watched);
  const calls = await watched.callsOf(() => watched.connections.watch(id, nextDay));
  expect(calls).toEqual(["GetItem", "TransactWriteItems"]);
  expect(await watched.callsOf(() => watched.connections.watch(id, nextDay))).toEqual(["GetItem"]);
});

describe("[WS5] messages of one connection that are handled out of turn", () => {
  type Asked = readonly [date: string | undefined, askedAt: number];
  const asked: Record<string, { handled: readonly Asked[]; left: string | undefined }> = {
    "the former subscribe last": {
      handled: [
        [nextDay, 2],
        [day, 1],
      ],
      left: nextDay,
    },
    "a subscribe to the board that it watches anyway, before the former one": {
      handled: [
        [day, 1],
        [day, 3],
        [nextDay, 2],
      ],
      left: day,
    },
    "an unsubscribe first, of one that watched nothing": {
      handled: [
        [undefined, 2],
        [day, 1],
      ],
      left: undefined,
    },
    "the subscribe before an unsubscribe last": {
      handled: [
        [day, 1],
        [undefined, 3],
        [nextDay, 2],
      ],
      left: undefined,
    },
    "two of the same millisecond": {
      handled: [
        [day, 1],
        [nextDay, 1],
      ],
      left: nextDay,
    },
  };

  it.each(Object.entries(asked))("%s: the one that came last counts", async (_, { handled, left }) => {
    await using watched = await openWatchedStore();
    const { connections, shop } = watched;
    const id = ulid();
    await connections.add({ id, principal: principalOf(watched) });
    for (const [date, askedAt] of handled) expect(await connections.watch(id, date, askedAt)).toBe(true);
    expect((await connections.find(id))?.date).toBe(left);
    for (const date of [day, nextDay])
      expect(await connections.watchers({ shopId: shop.shopId, date })).toHaveLength(date === left ? 1 : 0);
    await connections.remove(id);
    expect(await rowsOf(watched, [id])).toBe(0);
  });

  it("also where the last one comes while the former has read and not yet written", async () => {
    await using watched = await openWatchedStore();
    const { connections, connectionsElsewhere, proxy, shop } = watched;
    const id = await connect(watched);
    let writes = 0;
    proxy.fault = async ({ operation }) => {
      if (operation === "TransactWriteItems" && ++writes === 1) await connectionsElsewhere.watch(id, day, 3);
      return undefined;
    };
    expect(await connections.watch(id, nextDay, 2)).toBe(true);
    expect(writes).toBeGreaterThan(0);
    expect((await connections.find(id))?.date).toBe(day);
    expect(await connections.watchers({ shopId: shop.shopId, date: nextDay })).toEqual([]);
  });

  it("also where they are handled at once", async () => {
    await using watched = await openWatchedStore();
    const { connections, connectionsElsewhere, shop } = watched;
    for (let round = 0; round < 10; round++) {
      const id = await connect(watched);
      await Promise.all([
        connections.watch(id, day, 3),
        connectionsElsewhere.watch(id, nextDay, 2),
        connections.watch(id, undefined, 1),
      ]);
      expect((await connections.find(id))?.date).toBe(day);
      const watchers = await connections.watchers({ shopId: shop.shopId, date: nextDay });
      expect(watchers.map((watcher) => watcher.id)).not.toContain(id);
    }
  });
});

it("[LV8] leaves no row of a connection behind, whichever of its calls are cut off", async () => {
  await using watched = await openWatchedStore();
  const { connections, proxy } = watched;
  const ids = [await connect(watched), await connect(watched), await connect(watched)];
  expect(await rowsOf(watched, ids)).toBe(6);
  for (const id of ids) {
    proxy.fault = ({ operation }) => (operation === "TransactWriteItems" ? "lose_answer" : undefined);
    await expect(connections.remove(id)).rejects.toThrow(StoreUnavailable);
    proxy.fault = () => undefined;
    await connections.remove(id);
  }
  expect(await rowsOf(watched, ids)).toBe(0);
});

it("[WS2] knows a connection for as long as it can last, and counts its rows as absent from then on", async () => {
  await using watched = await openWatchedStore();
  const { connections, shop } = watched;
  const id = await connect(watched);
  const board = { shopId: shop.shopId, date: day };
  shop.advance(limits.connectionLifeMaxMs);
  expect(await connections.find(id)).toEqual({ id, principal: principalOf(watched), date: day });
  expect(await connections.watchers(board)).toHaveLength(1);
  shop.advance(600_000);
  expect(await rowsOf(watched, [id])).toBe(2);
  expect(await connections.find(id)).toBeUndefined();
  expect(await connections.watchers(board)).toEqual([]);
  expect(await connections.watch(id, nextDay)).toBe(false);
  await connections.remove(id);
  expect(await rowsOf(watched, [id])).toBe(0);
});

it("[WS2] counts a watcher as absent from the moment at which his session expires", async () => {
  await using watched = await openWatchedStore();
  const { connections, shop } = watched;
  const expiresAt = new Date(Date.parse(shop.now()) + 60_000).toISOString();
  const id = ulid();
  await connections.add({ id, principal: { ...principalOf(watched), session: { hash: ulid(), expiresAt } } });
  for (const date of [day, nextDay]) await connections.watch(id, date);
  const board = { shopId: shop.shopId, date: nextDay };
  expect(await connections.watchers(board)).toEqual([{ id, role: "advisor" }]);
  shop.advance(60_000);
  expect(await connections.watchers(board)).toEqual([]);
  // It is still known, so that it can be told why.
  expect((await connections.find(id))?.principal.session?.expiresAt).toBe(expiresAt);
  expect(await rowsOf(watched, [id])).toBe(3);
  await connections.remove(id);
  expect(await rowsOf(watched, [id])).toBe(0);
});

it("[WS1] takes a ticket by one conditional delete, and keeps nothing of its text", async () => {
  await using watched = await openWatchedStore();
  const hash = ulid();
  await watched.connections.putTicket(hash, principalOf(watched), "2031-03-03T08:00:30.000Z");
  const calls = await watched.callsOf(() => watched.connections.takeTicket(hash, "2031-03-03T08:00:00.000Z"));
  expect(calls).toEqual(["DeleteItem"]);
  expect(watched.proxy.calls.at(-1)?.input).toHaveProperty("ConditionExpression");
  expect(await rowsOf(watched, [hash])).toBe(0);
});

const everyMethod: Record<string, (connections: Connections, id: string, principal: Principal) => Promise<unknown>> = {
  add: (connections, _, principal) => connections.add({ id: ulid(), principal }),
  find: (connections, id) => connections.find(id),
  watch: (connections, id) => connections.watch(id, nextDay),
  remove: (connections, id) => connections.remove(id),
  watchers: (connections, _, { shopId }) => connections.watchers({ shopId, date: day }),
  ofSession: (connections, id) => connections.ofSession(id),
  putTicket: (connections, id, principal) => connections.putTicket(id, principal, "2031-03-03T08:00:30.000Z"),
  takeTicket: (connections, id) => connections.takeTicket(id, "2031-03-03T08:00:00.000Z"),
};

describe.each(Object.entries(everyMethod))("%s", (_, method) => {
  it("[HT2] is unavailable when the database is out of reach, and works again afterwards", async () => {
    await using watched = await openWatchedStore();
    const { connections, proxy } = watched;
    const id = await connect(watched);
    proxy.fault = () => dynamoError("InternalServerError", 500);
    await expect(method(connections, id, principalOf(watched))).rejects.toThrow(StoreUnavailable);
    proxy.fault = () => undefined;
    await method(connections, id, principalOf(watched));
  });
});
