import { copyFileSync, readFileSync, statSync, truncateSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { addCard, addCards, day, moveOk } from "../contract/workshop.ts";
import { migrate, migrations } from "./migrations.ts";
import { startChild } from "./testing/child.ts";
import { openShop, type SqliteWorkshop, temporaryFile } from "./testing/open-shop.ts";
import { positionsOf, publisher, recorder } from "./testing/publisher.ts";

const boardOf = ({ shopId }: SqliteWorkshop) => ({ shopId, date: day });

const outboxOf = ({ store }: SqliteWorkshop): number[] =>
  store.database
    .prepare("SELECT seq FROM outbox ORDER BY seq")
    .all()
    .map(({ seq }) => Number(seq));

/** Starts the feed and waits until everything that the outbox has is published. */
async function publishRest(shop: SqliteWorkshop) {
  const told = recorder();
  const publish = publisher(shop.store.live);
  shop.store.feed.start(async (batch) => {
    await publish(batch);
    await told.handle(batch);
  });
  const last = outboxOf(shop).at(-1);
  await expect
    .poll(() => Number(shop.store.database.prepare("SELECT value FROM meta WHERE key = 'published'").get()?.value), {
      interval: 1,
    })
    .toBe(last);
  return told;
}

/** The file as a power cut would leave it: the log ends at that byte. */
function tornCopy(file: string, logBytes: number): string {
  const copy = temporaryFile();
  copyFileSync(file, copy);
  copyFileSync(`${file}-wal`, `${copy}-wal`);
  truncateSync(`${copy}-wal`, logBytes);
  return copy;
}

describe("the epoch", () => {
  it("[LV2] outlives a clean stop, with all that was published", async () => {
    const file = temporaryFile();
    const first = openShop({ file });
    await addCards(first, 3);
    await publishRest(first);
    const [head, entries] = await Promise.all([
      first.store.live.head(boardOf(first)),
      first.store.live.entries(boardOf(first), 0, 1_000_000),
    ]);
    await first.store.close();

    const second = openShop({ file });
    const told = recorder();
    second.store.feed.start(told.handle);
    expect(await second.store.live.head(boardOf(second))).toEqual(head);
    expect(await second.store.live.entries(boardOf(second), 0, 1_000_000)).toEqual(entries);
    await addCard(second);
    await told.hasItems(1);
    expect(positionsOf(told.items())).toEqual([4]);
  });

  it("[LV2] is new after a kill, and every change is published in it or was before", async () => {
    const file = temporaryFile();
    const child = startChild("publishing-storm.ts", file);
    const lines: string[] = [];
    for await (const line of child.lines) if (lines.push(line) === 2_000) await child.kill();
    const [epoch, ...positions] = lines;

    const shop = openShop({ file });
    const { live } = shop.store;
    expect(shop.store.epoch).not.toBe(epoch);
    const { rev } = await live.head(boardOf(shop));
    expect(rev).toBeGreaterThan(0);
    expect(await live.entries(boardOf(shop), rev - 1, 1_000_000)).toBeUndefined();

    await addCard(shop);
    const told = await publishRest(shop);
    const published = new Set([...positions.map(Number), ...positionsOf(told.items())]);
    expect(outboxOf(shop).filter((seq) => !published.has(seq))).toEqual([]);
    const entries = await live.entries(boardOf(shop), rev, 10_000_000);
    expect(entries?.map((entry) => entry.rev)).toEqual(told.batches.map((_, index) => rev + 1 + index));
  });

  it("[LV2] is new after a power cut that took what was published, which is then published again", async () => {
    const file = temporaryFile();
    await openShop({ file }).store.close();
    const shop = openShop({ file });
    const card = await addCard(shop);
    await publishRest(shop);
    await shop.store.feed.stop();
    await moveOk(shop, card, "ready");
    const durableBytes = statSync(`${file}-wal`).size;
    await publishRest(shop);
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(durableBytes);
    expect((await shop.store.live.head(boardOf(shop))).rev).toBe(2);

    const after = openShop({ file: tornCopy(file, durableBytes) });
    expect(after.store.epoch).not.toBe(shop.store.epoch);
    expect(await after.store.live.head(boardOf(after))).toEqual({ epoch: after.store.epoch, rev: 1 });
    expect(await after.store.live.entries(boardOf(after), 0, 1_000_000)).toBeUndefined();
    expect(await after.store.readBoard(after.shopId, day)).toMatchObject({ epoch: after.store.epoch, rev: 1 });
    expect(positionsOf((await publishRest(after)).items())).toEqual([2]);
    expect(await after.store.live.entries(boardOf(after), 1, 1_000_000)).toMatchObject([
      { rev: 2, ops: [{ op: "upsert", card: { id: card.id, version: 2, status: "ready" } }] },
    ]);
  });

  it("[LV7] loses no change wherever a power cut ends the log", async () => {
    const file = temporaryFile();
    const shop = openShop({ file });
    await publishRestOf(shop, 6);
    const bytes = readFileSync(`${file}-wal`).length;
    for (let cut = 1; cut <= 12; cut++) {
      const after = openShop({ file: tornCopy(file, Math.floor((bytes * cut) / 12)) });
      const noted = after.store.database.prepare("SELECT value FROM meta WHERE key = 'published'").get()?.value;
      const left = outboxOf(after).filter((seq) => seq > Number(noted ?? 0));
      const told = recorder();
      after.store.feed.start(told.handle);
      await told.hasItems(left.length);
      expect(positionsOf(told.items())).toEqual(left);
      expect(after.store.epoch).not.toBe(shop.store.epoch);
      await after.store.close();
    }
  });

  it("[LV2] is new for a file from before there was anything published, and its changes are published", async () => {
    const file = temporaryFile();
    {
      using database = new DatabaseSync(file);
      migrate(database, file, migrations.slice(0, 1));
      database.exec(`
        INSERT INTO meta VALUES ('epoch', 'first');
        INSERT INTO shop VALUES ('shop', '{"shop":{"id":"shop","timeZone":"Europe/Berlin"},"memory":[]}');
        INSERT INTO shop VALUES ('empty', '{"shop":{"id":"empty","timeZone":"UTC"},"memory":[]}');
        INSERT INTO appointment VALUES ('shop', '2020-02-01', 'a', 1, 'ready', 'V', NULL, '{}');
        INSERT INTO outbox VALUES (1, 'shop', '2020-02-01', 'a', NULL, '{"kind":"card","card":{"id":"a"}}', '2020')`);
    }
    const shop = openShop({ file });
    expect(shop.store).toMatchObject({ created: false });
    expect(shop.store.epoch).not.toBe("first");
    const told = recorder();
    shop.store.feed.start(told.handle);
    await told.hasItems(1);
    const [empty, known] = await shop.store.listShops();
    expect(known).toEqual({ id: "shop", timeZone: "Europe/Berlin", carriedThrough: "2020-01-31" });
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    expect(empty?.carriedThrough.localeCompare(yesterday)).toBe(-1);
  });
});

async function publishRestOf(shop: SqliteWorkshop, cards: number): Promise<void> {
  const told = recorder();
  const publish = publisher(shop.store.live);
  shop.store.feed.start(async (batch) => {
    await publish(batch);
    await told.handle(batch);
  });
  for (const card of await addCards(shop, cards)) await moveOk(shop, card, "ready");
  await told.hasItems(2 * cards);
}
