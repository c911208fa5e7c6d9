import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { dynamoError, type Fault } from "../../../tests/support/fault-proxy.ts";
import { addCard, addCards, anna, day } from "../contract/workshop.ts";
import type { BoardKey, LiveStore, Revision } from "../live-store.ts";
import { StoreUnavailable } from "../store.ts";
import { keyItem } from "./attributes.ts";
import { changeKey } from "./keys.ts";
import { openWatchedStore, type WatchedStore } from "./testing/watched-store.ts";

const at = "2031-03-03T08:00:00.000Z";
const reset: Revision = { kind: "reset", at };
const plenty = limits.changesMaxBytes;
const boardOf = ({ shop }: WatchedStore): BoardKey => ({ shopId: shop.shopId, date: day });

const inputsOf = ({ proxy }: WatchedStore, operation: string) =>
  proxy.calls.filter((call) => call.operation === operation).map(({ input }) => input);

/** A watched store that knows the epoch and the board's head already. */
async function openWarm(): Promise<WatchedStore> {
  const watched = await openWatchedStore();
  await watched.live.append(boardOf(watched), [reset]);
  return watched;
}

it("[LV2] appends a batch by one transaction, and reads nothing once it knows the head", async () => {
  await using watched = await openWatchedStore();
  const { live, callsOf } = watched;
  const board = boardOf(watched);
  expect(await callsOf(() => live.append(board, [reset]))).toEqual(["GetItem", "GetItem", "TransactWriteItems"]);
  expect(await callsOf(() => live.append(board, [reset]))).toEqual(["TransactWriteItems"]);
  expect(await callsOf(() => live.append(board, [reset, reset, reset]))).toEqual(["TransactWriteItems"]);
  const sizes = inputsOf(watched, "TransactWriteItems").map((input) => Object(input.TransactItems).length);
  expect(sizes).toEqual([2, 2, 4]);
  expect(await live.head(board)).toMatchObject({ rev: 5 });
});

it("[LV2] learns the head from the refusal when another publisher was there", async () => {
  await using watched = await openWarm();
  const { live, liveElsewhere, callsOf } = watched;
  const board = boardOf(watched);
  await liveElsewhere.append(board, [reset, reset]);
  const calls = await callsOf(async () => expect(await live.append(board, [reset])).toMatchObject({ firstRev: 4 }));
  expect(calls).toEqual(["TransactWriteItems", "TransactWriteItems"]);
});

it("[LV2] leaves no hole and no entry behind when others are in the way too often", async () => {
  await using watched = await openWarm();
  const { live, liveElsewhere, proxy, waits } = watched;
  const board = boardOf(watched);
  proxy.fault = async ({ operation }) => {
    if (operation === "TransactWriteItems") await liveElsewhere.append(board, [reset]);
    return undefined;
  };
  await expect(live.append(board, [reset])).rejects.toThrow(StoreUnavailable);
  expect(waits.length).toBeGreaterThanOrEqual(4);
  const { rev } = await liveElsewhere.head(board);
  const entries = await liveElsewhere.entries(board, 0, plenty);
  expect(entries?.map((entry) => entry.rev)).toEqual(Array.from({ length: rev }, (_, index) => index + 1));
});

it("[LV2] appends once when the answer was lost and the SDK sends it again", async () => {
  await using watched = await openWatchedStore({}, { maxAttempts: 3 });
  const { live, proxy } = watched;
  const board = boardOf(watched);
  let lost = 0;
  proxy.fault = ({ operation }) => (operation === "TransactWriteItems" && lost++ === 0 ? "lose_answer" : undefined);
  expect(await live.append(board, [reset])).toMatchObject({ firstRev: 1 });
  expect([lost, (await live.head(board)).rev]).toEqual([2, 1]);
});

it("[LV2] is right again after an answer that was lost for good", async () => {
  await using watched = await openWarm();
  const { live, proxy } = watched;
  const board = boardOf(watched);
  let lost = 0;
  proxy.fault = ({ operation }) => (operation === "TransactWriteItems" && lost++ === 0 ? "lose_answer" : undefined);
  await expect(live.append(board, [reset])).rejects.toThrow(StoreUnavailable);
  expect(await live.append(board, [reset])).toMatchObject({ firstRev: 3 });
  expect(await live.entries(board, 0, plenty)).toHaveLength(3);
});

it("[LV3] reads entries by one consistent query, and no more of them than can fit", async () => {
  await using watched = await openWarm();
  const { live, callsOf } = watched;
  expect(await callsOf(() => live.entries(boardOf(watched), 0, limits.revisionMaxBytes))).toEqual(["Query"]);
  const [query] = inputsOf(watched, "Query").slice(-1);
  expect(query).toMatchObject({ ConsistentRead: true });
  expect(Number(query?.Limit)).toBeLessThan(500);
});

it("[LV2] calls entries gone when one is missing among them, or all are", async () => {
  await using watched = await openWarm();
  const { live, client, tables } = watched;
  const board = boardOf(watched);
  await live.append(board, [reset, reset, reset]);
  const drop = (rev: number) =>
    client.send(
      new DeleteItemCommand({ TableName: tables.liveTable, Key: keyItem(changeKey(board.shopId, board.date, rev)) }),
    );
  await drop(3);
  expect(await live.entries(board, 0, plenty)).toBeUndefined();
  expect(await live.entries(board, 2, plenty)).toBeUndefined();
  expect(await live.entries(board, 3, plenty)).toHaveLength(1);
  await drop(4);
  expect(await live.entries(board, 3, plenty)).toBeUndefined();
  expect(await live.entries(board, 4, plenty)).toEqual([]);
});

it("[WS3] fingerprints by the head first and the index then, both consistent", async () => {
  await using watched = await openWarm();
  const { live, elsewhere, callsOf, proxy } = watched;
  const cards = await addCards(elsewhere, 3);
  const calls = await callsOf(async () =>
    expect(await live.fingerprint(boardOf(watched))).toMatchObject({ rev: 1, cards: 3, versionSum: 3 }),
  );
  expect(calls).toEqual(["GetItem", "Query"]);
  const [head, index] = proxy.calls.slice(-2).map(({ input }) => input);
  expect(head).toMatchObject({ Key: { sk: { S: "HEAD" } }, ConsistentRead: true });
  expect(index).toMatchObject({ IndexName: "byPlace", ConsistentRead: true });

  const twice = cards.flatMap(({ id }) =>
    ["1", "2"].map((version) => ({ place: { S: `ready#${version}#${id}` }, version: { N: version } })),
  );
  proxy.fault = ({ operation }) =>
    operation === "Query" ? { status: 200, body: { Items: twice, Count: 6 } } : undefined;
  expect(await live.fingerprint(boardOf(watched))).toMatchObject({ cards: 3, versionSum: 6 });
});

it("[LV2] reads a history by one consistent query", async () => {
  await using watched = await openWarm();
  const { live, elsewhere, callsOf } = watched;
  const { id } = await addCard(elsewhere);
  const lines = [1, 2].map((version) => ({ id, item: { version, at, by: anna, change: "edited" as const } }));
  expect(await callsOf(() => live.addHistory(elsewhere.shopId, lines))).toEqual(["PutItem", "PutItem"]);
  const calls = await callsOf(async () => expect(await live.readHistory(elsewhere.shopId, id)).toHaveLength(2));
  expect(calls).toEqual(["Query"]);
  expect(inputsOf(watched, "Query").at(-1)).toMatchObject({ ConsistentRead: true });
});

const everyMethod: Record<string, (live: LiveStore, board: BoardKey, id: string) => Promise<unknown>> = {
  head: (live, board) => live.head(board),
  append: (live, board) => live.append(board, [reset]),
  entries: (live, board) => live.entries(board, 0, plenty),
  fingerprint: (live, board) => live.fingerprint(board),
  addHistory: (live, { shopId }, id) =>
    live.addHistory(shopId, [{ id, item: { version: 1, at, by: anna, change: "created" } }]),
  readHistory: (live, { shopId }, id) => live.readHistory(shopId, id),
};

describe.each(Object.entries(everyMethod))("%s", (_, method) => {
  it("[HT2] is unavailable when the database is out of reach, and works again afterwards", async () => {
    await using watched = await openWatchedStore();
    const { live, proxy, elsewhere } = watched;
    const { id } = await addCard(elsewhere);
    const outages: Fault[] = [
      dynamoError("ProvisionedThroughputExceededException"),
      dynamoError("InternalServerError", 500),
      { status: 503, body: "<h1>Service Unavailable</h1>" },
    ];
    for (const fault of outages) {
      proxy.fault = () => fault;
      await expect(method(live, boardOf(watched), id)).rejects.toThrow(StoreUnavailable);
    }
    proxy.fault = () => undefined;
    await method(live, boardOf(watched), id);
    await proxy.close();
    await expect(method(live, boardOf(watched), id)).rejects.toThrow(StoreUnavailable);
  });
});
