import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../domain/testing/seeded-random.ts";
import type { FeedHandler, FeedItem } from "../../live/ports.ts";
import { addCard, addCards, create, day, edit, move, moveOk, newCard, nextDay, remove } from "../contract/workshop.ts";
import { outboxQueue } from "./outbox-queue.ts";
import { openShop, type SqliteWorkshop, temporaryFile } from "./testing/open-shop.ts";
import { changeOf, positionsOf, recorder } from "./testing/publisher.ts";

/** The outbox as its rows tell it. */
function rowsOf(file: string): FeedItem[] {
  using database = new DatabaseSync(file);
  return outboxQueue(database, { batchMaxRows: 1_000_000, queueMaxRows: 0 }).take(0);
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Moves a card there and back, each move a group of its own. */
async function moveTimes(shop: SqliteWorkshop, times: number): Promise<void> {
  let card = await addCard(shop);
  for (let done = 1; done < times; done++)
    ({ card } = await moveOk(shop, card, card.status === "scheduled" ? "ready" : "scheduled"));
}

describe("the outbox feed", () => {
  it("[LV1] tells of every write that stayed, once and in order, as the rows have it", async () => {
    const file = temporaryFile();
    const shop = openShop({ file });
    const told = recorder();
    shop.store.feed.start(told.handle);
    const random = seededRandom(11);
    const cards = await addCards(shop, 10);
    const pick = () => cards[Math.floor(random() * cards.length)]?.id ?? "";
    const broken = () => {
      throw new Error("chance failed");
    };
    for (let round = 0; round < 60; round++) {
      const added = await addCard(shop);
      await Promise.allSettled([
        move(shop, { id: pick(), version: 1 + Math.floor(random() * 6) }, "in_progress"),
        edit(shop, pick(), { notes: `note ${round}`, date: random() < 0.5 ? day : nextDay }),
        ...(round % 4 === 0 ? [addCard(shop), move(shop, added, "ready", { random: broken })] : []),
        edit(shop, pick(), { paidCents: round }),
        ...(round % 20 === 19 ? [remove(shop, pick())] : []),
      ]);
      if (round % 15 !== 7) continue;
      shop.store.database.exec("PRAGMA query_only = ON");
      await Promise.allSettled([edit(shop, pick(), { notes: "not kept" }), edit(shop, pick(), { notes: "nor this" })]);
      shop.store.database.exec("PRAGMA query_only = OFF");
    }
    const rows = rowsOf(file);
    await told.hasItems(rows.length);
    expect(told.items()).toStrictEqual(rows);
    expect(positionsOf(rows)).toEqual(upTo(rows.length));
  });

  it("[LV1] tells together of the writes that were committed together", async () => {
    const shop = openShop();
    const told = recorder();
    shop.store.feed.start(told.handle);
    const cards = await addCards(shop, 3);
    await told.hasItems(3);
    await Promise.all(cards.map((card) => moveOk(shop, card, "ready")));
    await told.hasItems(6);
    expect(told.batches.at(-1)).toHaveLength(3);
  });

  it("[LV1] tells of a write whose neighbour in the commit failed, at once", async () => {
    const shop = openShop();
    const told = recorder();
    shop.store.feed.start(told.handle);
    const fault = () => {
      throw new Error("chance failed");
    };
    const kept = newCard(shop);
    await Promise.allSettled([create(shop, kept), create(shop, newCard(shop), { random: fault })]);
    await told.hasItems(1);
    expect(told.items().map((item) => changeOf(item).id)).toEqual([kept.id]);
  });

  it("[LV1] sleeps through what writes nothing", async () => {
    const shop = openShop();
    const told = recorder();
    shop.store.feed.start(told.handle);
    const card = await addCard(shop);
    await shop.store.readBoard(shop.shopId, day);
    expect((await move(shop, { ...card, version: 9 }, "ready")).kind).toBe("refused");
    await told.hasItems(1);
    expect(told.batches).toHaveLength(1);
  });

  it("[LV7] tells of what was committed before it began, and goes on after the last batch that was handled", async () => {
    const file = temporaryFile();
    const first = openShop({ file, feedBatchMaxRows: 4 });
    await moveTimes(first, 10);
    const told = recorder();
    const brokenOff: FeedHandler = async (batch) => {
      if (told.batches.length === 2) throw new Error("stopped half way");
      await told.handle(batch);
    };
    first.store.feed.start(brokenOff);
    await told.hasItems(8);
    await first.store.close();

    const second = openShop({ file });
    const rest = recorder();
    second.store.feed.start(rest.handle);
    await rest.hasItems(2);
    expect(positionsOf(rest.items())).toEqual([9, 10]);
    await moveTimes(second, 2);
    await rest.hasItems(4);
    expect(positionsOf([...told.items(), ...rest.items()])).toEqual(upTo(12));
  });

  it("[LV7] brings a batch again until it is handled, ever later, and nothing overtakes it", async () => {
    const pauses: number[] = [];
    const failures: unknown[] = [];
    const shop = openShop({
      sleep: async (ms) => void pauses.push(ms),
      feedFailed: (error) => void failures.push(error),
    });
    const tries: number[][] = [];
    const handle: FeedHandler = async (batch) => {
      tries.push(positionsOf(batch));
      if (tries.length <= 9) throw new Error(`fault ${tries.length}`);
    };
    await moveTimes(shop, 3);
    shop.store.feed.start(handle);
    await expect.poll(() => tries.length).toBe(10);
    await addCard(shop);
    await expect.poll(() => tries.length).toBe(11);
    expect(tries).toEqual([...Array.from({ length: 10 }, () => [1, 2, 3]), [4]]);
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    expect(failures).toHaveLength(9);
  });

  it("[LV7] keeps the order for a handler that is far behind, and skips nothing", async () => {
    const shop = openShop({ feedBatchMaxRows: 3, feedQueueMaxRows: 5 });
    const told = recorder();
    const gate = Promise.withResolvers<void>();
    shop.store.feed.start(async (batch) => {
      await told.handle(batch);
      await gate.promise;
    });
    await moveTimes(shop, 30);
    shop.store.database.exec("UPDATE outbox SET after = 'read again, so not kept in memory' WHERE seq = 25");
    gate.resolve();
    await moveTimes(shop, 10);
    await told.hasItems(40);
    expect(positionsOf(told.items())).toEqual(upTo(40));
    expect(told.items().flatMap(({ kind }, index) => (kind === "unreadable" ? [index + 1] : []))).toEqual([25]);
    expect(Math.max(...told.batches.map((batch) => batch.length))).toBe(3);
  });

  it("[LV7] sets aside a row that cannot be read, and goes on with the rest", async () => {
    const shop = openShop();
    await addCards(shop, 4);
    const damage = (seq: number, after: string) =>
      shop.store.database.prepare("UPDATE outbox SET after = ? WHERE seq = ?").run(after, seq);
    damage(2, '{"kind":"card","card":{"customer":"Maria Keller"');
    damage(3, "null");
    damage(4, '{"kind":"tombstone","id":"another"}');
    await addCard(shop);
    const told = recorder();
    shop.store.feed.start(told.handle);
    await told.hasItems(5);
    const unreadable = (position: string) => ({
      kind: "unreadable",
      position,
      reason: "the row does not hold the item that it names",
      board: { shopId: shop.shopId, date: day },
    });
    expect(told.items().slice(1, 4)).toEqual(["2", "3", "4"].map(unreadable));
    expect([told.items()[0], told.items()[4]].map((item) => item?.kind)).toEqual(["change", "change"]);
  });

  it("[LV7] stops when the batch under way is over", async () => {
    const shop = openShop();
    const gate = Promise.withResolvers<void>();
    const events: string[] = [];
    const begun = Promise.withResolvers<void>();
    shop.store.feed.start(async () => {
      begun.resolve();
      await gate.promise;
      events.push("handled");
    });
    await addCard(shop);
    await begun.promise;
    const stopped = shop.store.feed.stop().then(() => events.push("stopped"));
    await addCard(shop);
    gate.resolve();
    await stopped;
    expect(events).toEqual(["handled", "stopped"]);
    const told = recorder();
    shop.store.feed.start(told.handle);
    await told.hasItems(1);
    expect(positionsOf(told.items())).toEqual([2]);
  });

  it("[LV7] stops at once between two tries, and brings the batch again when it starts", async () => {
    const shop = openShop();
    const failed = Promise.withResolvers<void>();
    shop.store.feed.start(async () => {
      failed.resolve();
      throw new Error("always");
    });
    const card = await addCard(shop);
    await failed.promise;
    await shop.store.feed.stop();
    const told = recorder();
    shop.store.feed.start(told.handle);
    await told.hasItems(1);
    expect(told.items().map((item) => changeOf(item).id)).toEqual([card.id]);
  });

  it("refuses to be started twice, and may be stopped at any time", async () => {
    const { feed } = openShop().store;
    await feed.stop();
    feed.start(async () => {});
    expect(() => feed.start(async () => {})).toThrow("running already");
    await feed.stop();
    await feed.stop();
  });
});
