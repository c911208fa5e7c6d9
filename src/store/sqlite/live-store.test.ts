import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { opOf } from "../../domain/diff.ts";
import { addCard, addCards, day, moveOk, nextDay, remove } from "../contract/workshop.ts";
import { openShop, type SqliteWorkshop, temporaryFile } from "./testing/open-shop.ts";
import { changeOf, publisher, recorder } from "./testing/publisher.ts";

const boardOf = ({ shopId }: SqliteWorkshop, date = day) => ({ shopId, date });

/** Publishes whatever the shop has not published yet. */
async function publishAll({ store }: SqliteWorkshop): Promise<void> {
  const told = recorder();
  const publish = publisher(store.live);
  store.feed.start(async (batch) => {
    await publish(batch);
    await told.handle(batch);
  });
  const newest = () => Number(store.database.prepare("SELECT max(seq) AS seq FROM outbox").get()?.seq);
  const noted = () => Number(store.database.prepare("SELECT value FROM meta WHERE key = 'published'").get()?.value);
  await expect.poll(noted, { interval: 1 }).toBe(newest());
  await store.feed.stop();
}

describe("what is published of a board", () => {
  it("[LV2] is read back as it was handed over, though the file has each card once", async () => {
    const shop = openShop();
    const told = recorder();
    shop.store.feed.start(told.handle);
    const [moved, removed] = await addCards(shop, 2);
    if (moved === undefined || removed === undefined) throw new Error("no cards");
    await moveOk(shop, moved, "ready");
    await remove(shop, removed.id);
    await told.hasItems(4);
    const changes = told.items().map(changeOf);
    const { live, database } = shop.store;
    const revisions = changes.map((change) => ({ kind: "changes" as const, changes: [change], at: shop.now() }));
    expect(await live.append(boardOf(shop), revisions)).toEqual({ epoch: shop.store.epoch, firstRev: 1 });
    expect(await live.entries(boardOf(shop), 0, 1_000_000)).toEqual(
      changes.map((change, index) => ({ kind: "changes", rev: index + 1, at: shop.now(), ops: [opOf(change)] })),
    );
    const bytes = () => database.prepare("SELECT sum(length(seqs)) AS bytes FROM change").get()?.bytes;
    await expect.poll(bytes, { interval: 5 }).toBe("[1][2][3][4]".length);
  });

  it("[LV2] is over when a row that an entry tells of is damaged", async () => {
    const shop = openShop();
    await addCards(shop, 2);
    await publishAll(shop);
    shop.store.database.exec("UPDATE outbox SET after = '{' WHERE seq = 2");
    expect(await shop.store.live.entries(boardOf(shop), 0, 1_000_000)).toBeUndefined();
  });

  it("[LV2] is counted and read while the file cannot be written, and is in the file once it can", async () => {
    const file = temporaryFile();
    const failures: unknown[] = [];
    const shop = openShop({ file, feedFailed: (error) => failures.push(error) });
    const { live, database } = shop.store;
    database.exec("PRAGMA query_only = ON");
    const reset = { kind: "reset" as const, at: shop.now() };
    expect((await live.append(boardOf(shop), [reset, reset])).firstRev).toBe(1);
    await expect.poll(() => failures.length, { interval: 5 }).toBeGreaterThan(0);
    expect((await live.append(boardOf(shop), [reset])).firstRev).toBe(3);
    expect((await live.head(boardOf(shop))).rev).toBe(3);
    expect((await shop.store.readBoard(shop.shopId, day)).rev).toBe(3);
    expect((await live.entries(boardOf(shop), 1, 1_000_000))?.map(({ rev }) => rev)).toEqual([2, 3]);
    database.exec("PRAGMA query_only = OFF");
    await shop.store.close();
    const again = openShop({ file }).store.live;
    expect((await again.head(boardOf(shop))).rev).toBe(3);
    expect((await again.entries(boardOf(shop), 0, 1_000_000))?.map(({ rev }) => rev)).toEqual([1, 2, 3]);
  });

  it("[LV2] refuses a change that this store's feed did not tell", async () => {
    const shop = openShop();
    const change = { shopId: shop.shopId, date: day, id: "x", position: "shard-1" };
    const attempt = shop.store.live.append(boardOf(shop), [{ kind: "changes", changes: [change], at: shop.now() }]);
    await expect(attempt).rejects.toThrow("shard-1 is no position");
    expect((await shop.store.live.head(boardOf(shop))).rev).toBe(0);
  });
});

describe("a board that is read", () => {
  it("[LV6] carries its newest revision, and is another object from then on", async () => {
    const shop = openShop();
    const read = (date = day) => shop.store.readBoard(shop.shopId, date);
    await addCards(shop, 2);
    const [first, other] = [await read(), await read(nextDay)];
    expect(first.rev).toBe(0);
    await publishAll(shop);
    const second = await read();
    expect(second).not.toBe(first);
    expect(second).toEqual({ ...first, rev: (await shop.store.live.head(boardOf(shop))).rev });
    expect(second.rev).toBeGreaterThan(0);
    expect(await read()).toBe(second);
    expect(await read(nextDay)).toBe(other);
  });

  it("[LV6] carries it after a write, after memory was lost, and in another process's hands", async () => {
    const file = temporaryFile();
    const shop = openShop({ file, boardsMaxBytes: 0 });
    const card = await addCard(shop);
    await publishAll(shop);
    await moveOk(shop, card, "ready");
    expect((await shop.store.readBoard(shop.shopId, day)).rev).toBe(1);
    await addCard(shop, { date: nextDay });
    expect((await shop.store.readBoard(shop.shopId, day)).rev).toBe(1);
    await shop.store.close();
    expect((await openShop({ file }).store.readBoard(shop.shopId, day)).rev).toBe(1);
  });

  it("[WS3] has the fingerprint of what it shows, its head included", async () => {
    const shop = openShop();
    const fingerprint = () => shop.store.live.fingerprint(boardOf(shop));
    expect(await fingerprint()).toEqual({ epoch: shop.store.epoch, rev: 0, cards: 0, versionSum: 0 });
    const [first, second] = await addCards(shop, 3);
    await publishAll(shop);
    if (first === undefined || second === undefined) throw new Error("no cards");
    await moveOk(shop, first, "ready");
    await remove(shop, second.id);
    const { rev, cards } = await shop.store.readBoard(shop.shopId, day);
    const versionSum = cards.reduce((sum, { version }) => sum + version, 0);
    expect(await fingerprint()).toEqual({ epoch: shop.store.epoch, rev, cards: cards.length, versionSum });
  });
});

describe("pruning what was published", () => {
  const countOf = ({ store }: SqliteWorkshop, table: string) =>
    store.database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows;

  it("[LV2] deletes an entry when its 48 hours are over, and then the rows that it told of", async () => {
    const shop = openShop();
    await addCards(shop, 3);
    await publishAll(shop);
    shop.advance(limits.changeKeptMs / 2);
    await addCard(shop);
    await publishAll(shop);
    await shop.store.prune();
    expect([countOf(shop, "change"), countOf(shop, "outbox")]).toEqual([2, 4]);

    shop.advance(limits.changeKeptMs / 2);
    expect(await shop.store.live.entries(boardOf(shop), 0, 1_000_000)).toBeUndefined();
    await shop.store.prune();
    expect([countOf(shop, "change"), countOf(shop, "outbox")]).toEqual([1, 1]);
    expect(await shop.store.live.entries(boardOf(shop), 1, 1_000_000)).toHaveLength(1);
    expect((await shop.store.live.head(boardOf(shop))).rev).toBe(2);
    expect((await shop.store.live.append(boardOf(shop), [{ kind: "reset", at: shop.now() }])).firstRev).toBe(3);
  });

  it("[LV1] never deletes a row that was not handled", async () => {
    const shop = openShop();
    await addCards(shop, 3);
    shop.advance(30 * limits.changeKeptMs);
    await shop.store.prune();
    expect(countOf(shop, "outbox")).toBe(3);
    await publishAll(shop);
    await shop.store.prune();
    expect([countOf(shop, "change"), countOf(shop, "outbox")]).toEqual([1, 3]);
  });

  it("[LV2] keeps the file's size over weeks of the same traffic", async () => {
    const shop = openShop();
    const cards = await addCards(shop, 20);
    const pagesAfter: number[] = [];
    for (let halfDay = 0; halfDay < 14; halfDay++) {
      for (let round = 0; round < 12; round++) {
        const moves = cards.map((card) => moveOk(shop, card, card.status === "scheduled" ? "ready" : "scheduled"));
        cards.splice(0, cards.length, ...(await Promise.all(moves)).map(({ card }) => card));
      }
      await publishAll(shop);
      shop.advance(12 * 3_600_000);
      await shop.store.prune();
      pagesAfter.push(Number(shop.store.database.prepare("PRAGMA page_count").get()?.page_count));
    }
    const settled = pagesAfter[6] ?? 0;
    expect(Math.max(...pagesAfter.slice(6))).toBeLessThanOrEqual(settled * 1.02);
  });
});
