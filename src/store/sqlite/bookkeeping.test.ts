import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { historyOf } from "../../domain/diff.ts";
import type { FeedHandler } from "../../live/ports.ts";
import { addCard, addCards, move, moveOk } from "../contract/workshop.ts";
import { openShop, type SqliteWorkshop, temporaryFile } from "./testing/open-shop.ts";
import { changeOf } from "./testing/publisher.ts";

/** What another program would find in the file. */
function onDisk(file: string): { lines: number; mark: number } {
  using database = new DatabaseSync(file, { readOnly: true });
  const lines = Number(database.prepare("SELECT count(*) AS lines FROM history").get()?.lines);
  return { lines, mark: Number(database.prepare("SELECT value FROM meta WHERE key = 'published'").get()?.value ?? 0) };
}

/** Handles batches as far as the history goes. */
const historian =
  ({ store, shopId }: SqliteWorkshop): FeedHandler =>
  async (batch) => {
    const changes = batch.map(changeOf);
    const lines = changes.flatMap((change) => {
      const item = historyOf(change);
      return item ? [{ id: change.id, item }] : [];
    });
    await store.live.addHistory(shopId, lines);
  };

it("notes the history of many batches together, and how far it came in the same transaction", async () => {
  const file = temporaryFile();
  const shop = openShop({ file });
  const { store } = shop;
  const seen: { lines: number; mark: number }[] = [];
  const publish = historian(shop);
  store.feed.start(async (batch) => {
    await publish(batch);
    seen.push(onDisk(file));
  });
  let card = await addCard(shop);
  for (let round = 0; round < 5; round++)
    ({ card } = await moveOk(shop, card, card.status === "scheduled" ? "ready" : "scheduled"));
  await expect.poll(() => onDisk(file), { interval: 5 }).toEqual({ lines: 6, mark: 6 });
  for (const { lines, mark } of seen) expect(lines).toBe(mark);
});

it("reads a history that is noted but not written yet", async () => {
  const shop = openShop();
  const publish = historian(shop);
  let handled = 0;
  shop.store.feed.start(async (batch) => {
    await publish(batch);
    handled += batch.length;
  });
  const card = await addCard(shop);
  await move(shop, card, "ready");
  await expect.poll(() => handled, { interval: 1 }).toBe(2);
  const history = await shop.store.live.readHistory(shop.shopId, card.id);
  expect(history?.map(({ version, change }) => [version, change])).toEqual([
    [1, "created"],
    [2, "moved"],
  ]);
});

it("keeps its notes while the file cannot be written, and writes them once it can", async () => {
  const file = temporaryFile();
  const failures: unknown[] = [];
  const shop = openShop({ file, feedFailed: (error) => failures.push(error) });
  const publish = historian(shop);
  await addCards(shop, 3);
  shop.store.feed.start(async (batch) => {
    await publish(batch);
    shop.store.database.exec("PRAGMA query_only = ON");
  });
  await expect.poll(() => failures.length, { interval: 5 }).toBeGreaterThan(1);
  expect(onDisk(file)).toEqual({ lines: 0, mark: 0 });
  shop.store.database.exec("PRAGMA query_only = OFF");
  await expect.poll(() => onDisk(file), { interval: 5 }).toEqual({ lines: 3, mark: 3 });
});

it("copies the log into the file in a pause, once there is much in it", async () => {
  const file = temporaryFile();
  const shop = openShop({ file });
  const sizeOfFile = () => statSync(file).size;
  await addCards(shop, 499);
  const before = sizeOfFile();
  await addCard(shop);
  await expect.poll(sizeOfFile, { timeout: 20_000 }).toBeGreaterThan(before);
  expect(onDisk(file)).toEqual({ lines: 0, mark: 0 });
});

it("writes what is noted when the store is closed", async () => {
  const file = temporaryFile();
  const shop = openShop({ file });
  const publish = historian(shop);
  let handled = 0;
  shop.store.feed.start(async (batch) => {
    await publish(batch);
    handled += batch.length;
  });
  await addCards(shop, 3);
  await expect.poll(() => handled, { interval: 1 }).toBe(3);
  await shop.store.close();
  expect(onDisk(file)).toEqual({ lines: 3, mark: 3 });
});
