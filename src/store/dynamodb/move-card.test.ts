import { limits } from "@status-board/contracts";
import { ulid } from "ulid";
import { expect, it } from "vitest";
import { dynamoError, type Fault, noFault, type WireCall } from "../../../tests/support/fault-proxy.ts";
import {
  addCard,
  addCards,
  columnIds,
  edit,
  everything,
  move,
  moveOk,
  nextDay,
  remove,
  stored,
} from "../contract/workshop.ts";
import { StoreUnavailable } from "../store.ts";
import { openWatchedStore } from "./testing/watched-store.ts";

/** Ranks between which nothing fits: the cards stand as close as ranks of this length can. */
const tight = (index: number) => `${"5".repeat(127)}${index + 1}`;
const middle = () => 0.5;

/** Answers the first `times` calls of one operation with a fault. */
function first(times: number, operation: string, fault: Fault): (call: WireCall) => Fault {
  let left = times;
  return (call) => (call.operation === operation && left-- > 0 ? fault : undefined);
}

const canceled = (...codes: string[]) =>
  dynamoError("TransactionCanceledException", 400, { CancellationReasons: codes.map((Code) => ({ Code })) });

/** Three cards without room between them, and a fourth that is to go behind the first. */
async function tightColumn(watched: Awaited<ReturnType<typeof openWatchedStore>>) {
  const cards = await addCards(watched.shop, 3);
  for (const [index, { id }] of cards.entries()) await edit(watched.shop, id, { rank: tight(index) });
  const mover = await addCard(watched.shop, { status: "in_progress" });
  const anchor = { kind: "after", id: cards[0]?.id ?? "" } as const;
  return { ids: cards.map(({ id }) => id), mover, anchor };
}

it("[MV2] moves with one read of the column and one write, and one read more when it does not know the day", async () => {
  await using watched = await openWatchedStore();
  const card = await addCard(watched.elsewhere);
  const cold = await watched.callsOf(() => moveOk(watched.shop, card, "ready"));
  expect(cold).toEqual(["GetItem", "Query", "UpdateItem"]);
  const warm = await watched.callsOf(() => moveOk(watched.shop, { ...card, version: 2 }, "completed"));
  expect(warm).toEqual(["Query", "UpdateItem"]);
  const stale = await watched.callsOf(() => move(watched.shop, card, "ready"));
  expect(stale).toEqual(["Query", "UpdateItem"]);
  for (const { operation, input } of watched.proxy.calls)
    if (operation !== "UpdateItem") expect(input.ConsistentRead).toBe(true);
});

it("[MV2] finds a card that went to another day since its pointer was remembered", async () => {
  await using watched = await openWatchedStore();
  const card = await addCard(watched.shop);
  await edit(watched.elsewhere, card.id, { date: nextDay });
  const calls = await watched.callsOf(async () => {
    const { card: now } = await moveOk(watched.shop, { ...card, version: 2 }, "ready");
    expect(now).toMatchObject({ date: nextDay, status: "ready", version: 3 });
  });
  expect(calls).toEqual(["Query", "UpdateItem", "GetItem", "Query", "UpdateItem"]);
});

it("[HT2] does not find an unknown id, nor a card whose tombstone is past its time but not yet swept", async () => {
  await using watched = await openWatchedStore();
  const { shop } = watched;
  const unknown = { id: ulid(), version: 1 };
  const calls = await watched.callsOf(async () =>
    expect(await move(shop, unknown, "ready")).toEqual({ kind: "not_found" }),
  );
  expect(calls).toEqual(["GetItem"]);

  const card = await addCard(shop);
  await remove(shop, card.id);
  expect(await move(shop, card, "ready")).toMatchObject({ kind: "refused", current: { kind: "tombstone" } });
  shop.advance(limits.tombstoneKeptMs);
  expect(await move(shop, card, "ready")).toEqual({ kind: "not_found" });
  expect((await shop.store.readBoard(shop.shopId, card.date)).removed).toEqual([]);
});

it("[MV3] tries again when a transaction is at work on the card, up to five times", async () => {
  await using watched = await openWatchedStore();
  const { shop, proxy, waits } = watched;
  const card = await addCard(shop);
  proxy.fault = first(4, "UpdateItem", dynamoError("TransactionConflictException"));
  const calls = await watched.callsOf(() => moveOk(shop, card, "ready"));
  expect(calls.filter((name) => name === "UpdateItem")).toHaveLength(5);
  expect(waits).toHaveLength(4);

  const before = await stored(watched.elsewhere, card.id);
  proxy.fault = first(5, "UpdateItem", dynamoError("TransactionConflictException"));
  await expect(move(shop, { ...card, version: 2 }, "completed")).rejects.toThrow(StoreUnavailable);
  expect(await stored(watched.elsewhere, card.id)).toEqual(before);
});

it("[MV4] has one effect when the answer to a move was lost and the SDK sends it again", async () => {
  await using watched = await openWatchedStore({}, { maxAttempts: 3 });
  const card = await addCard(watched.shop);
  watched.proxy.fault = first(1, "UpdateItem", "lose_answer");
  const mutation = { id: "m1", hash: "h" };
  const result = await move(watched.shop, card, "ready", { mutation });
  expect(result).toMatchObject({
    kind: "refused",
    current: { card: { version: 2, status: "ready" }, memory: [{ ...mutation, version: 2 }] },
  });
});

it("[MV5] makes room in one transaction, and reads the card for its answer", async () => {
  await using watched = await openWatchedStore();
  const { shop } = watched;
  const { ids, mover, anchor } = await tightColumn(watched);
  const calls = await watched.callsOf(() => moveOk(shop, mover, "scheduled", { anchor, random: middle }));
  expect(calls).toEqual(["Query", "TransactWriteItems", "GetItem"]);
  expect(await columnIds(shop, "scheduled")).toEqual([ids[0], mover.id, ids[1], ids[2]]);
});

it.each([
  ["TransactionConflict", canceled("None", "TransactionConflict", "None", "None")],
  ["ThrottlingError", canceled("ThrottlingError", "None", "None", "None")],
  ["TransactionInProgressException", dynamoError("TransactionInProgressException")],
])("[MV5] re-spaces in spite of four times %s, and gives up after the fifth with nothing changed", async (_, fault) => {
  await using watched = await openWatchedStore();
  const { shop, proxy, waits } = watched;
  const { ids, mover, anchor } = await tightColumn(watched);
  const before = await everything(watched.elsewhere);
  proxy.fault = first(5, "TransactWriteItems", fault);
  await expect(move(shop, mover, "scheduled", { anchor })).rejects.toThrow(StoreUnavailable);
  expect(await everything(watched.elsewhere)).toEqual(before);

  waits.length = 0;
  proxy.fault = first(4, "TransactWriteItems", fault);
  await moveOk(shop, mover, "scheduled", { anchor });
  expect(waits).toHaveLength(4);
  expect(await columnIds(shop, "scheduled")).toEqual([ids[0], mover.id, ids[1], ids[2]]);
});

it("[MV5] reads the column again when a neighbour has moved since", async () => {
  await using watched = await openWatchedStore();
  const { shop, proxy, elsewhere } = watched;
  const { ids, mover, anchor } = await tightColumn(watched);
  proxy.fault = async ({ operation }) => {
    if (operation !== "TransactWriteItems") return undefined;
    proxy.fault = noFault;
    await edit(elsewhere, ids[2] ?? "", { notes: "changed in between" });
    return undefined;
  };
  const calls = await watched.callsOf(() => moveOk(shop, mover, "scheduled", { anchor }));
  expect(calls).toEqual(["Query", "TransactWriteItems", "Query", "TransactWriteItems", "GetItem"]);
  const { cards } = await shop.store.readBoard(shop.shopId, mover.date);
  expect(cards.find(({ id }) => id === ids[2])?.notes).toBe("changed in between");
});
