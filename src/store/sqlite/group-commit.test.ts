import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  addCard,
  addCards,
  column,
  create,
  day,
  everything,
  move,
  newCard,
  stored,
  tally,
} from "../contract/workshop.ts";
import { StoreUnavailable } from "../store.ts";
import { commitsIn } from "./testing/commits.ts";
import { openShop, type SqliteWorkshop, temporaryFile } from "./testing/open-shop.ts";

/** What is on disk, read past everything that the store remembers. */
function onDisk({ store }: SqliteWorkshop) {
  const all = (sql: string) =>
    store.database
      .prepare(sql)
      .all()
      .map((row) => Object.values(row).join());
  return {
    cards: all(`SELECT date, id, max(version) FROM (SELECT date, id, version FROM appointment UNION ALL
      SELECT date, id, coalesce(after ->> '$.card.version', after ->> '$.version') FROM outbox) GROUP BY date, id`),
    pointers: all("SELECT id FROM pointer ORDER BY id"),
    outbox: all("SELECT id FROM outbox ORDER BY id"),
  };
}

/** What waits to be written a moment later waits on. */
function stopTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

const settled = async (attempts: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(attempts)).map((result) => (result.status === "fulfilled" ? "kept" : result.reason));

describe("writes that arrive in one turn", () => {
  it("commit together, up to 64", async () => {
    stopTimers();
    const file = temporaryFile();
    const shop = openShop({ file });
    const before = commitsIn(file);
    expect(await tally(Array.from({ length: 64 }, () => create(shop, newCard(shop))))).toEqual({ created: 64 });
    expect(commitsIn(file) - before).toBe(1);
    await tally(Array.from({ length: 65 }, () => create(shop, newCard(shop))));
    expect(commitsIn(file) - before).toBe(3);
  });

  it("cost no commit when nothing is written", async () => {
    stopTimers();
    const file = temporaryFile();
    const shop = openShop({ file });
    const card = await addCard(shop);
    const before = commitsIn(file);
    expect((await move(shop, { ...card, version: 7 }, "ready")).kind).toBe("refused");
    expect(commitsIn(file)).toBe(before);
  });

  it("are not seen before they are committed", async () => {
    const shop = openShop();
    const creation = create(shop, newCard(shop));
    expect(await column(shop, "scheduled")).toEqual([]);
    await creation;
    expect(await column(shop, "scheduled")).toHaveLength(1);
  });

  it("[MV3] fail alone: a fault in one leaves its neighbours as they are", async () => {
    const shop = openShop();
    const [first, faulty, last] = [newCard(shop), newCard(shop), newCard(shop)];
    const fault = new Error("chance failed");
    const random = () => {
      throw fault;
    };
    const results = await settled([create(shop, first), create(shop, faulty, { random }), create(shop, last)]);
    expect(results).toEqual(["kept", fault, "kept"]);
    expect((await column(shop, "scheduled")).map(({ id }) => id).sort()).toEqual([first.id, last.id].sort());
  });

  it("[AP3] leave nothing of one that fails half way", async () => {
    const shop = openShop();
    const [card] = await addCards(shop, 2);
    if (card === undefined) throw new Error("no card");
    const before = { known: await everything(shop), disk: onDisk(shop) };
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const attempt = shop.store.changeAppointment({
      shopId: shop.shopId,
      id: card.id,
      // The tombstone is written before the card, which cannot be.
      decide: () => ({
        kind: "write",
        item: { ...card, date: "2031-03-04", version: 2, customer: Object.assign({ name: "x" }, circular) },
      }),
      random: Math.random,
    });
    await expect(attempt).rejects.toThrow("circular");
    expect({ known: await everything(shop), disk: onDisk(shop) }).toEqual(before);
  });
});

describe("a database that cannot write", () => {
  it("[HT2] is unavailable for all that it did not keep when the disk is full, and recovers", async () => {
    const shop = openShop();
    const { database } = shop.store;
    await addCards(shop, 3);
    const disk = onDisk(shop);
    const pages = Number(database.prepare("PRAGMA page_count").get()?.page_count);
    database.exec(`PRAGMA max_page_count = ${pages + 10}`);
    const cards = Array.from({ length: 20 }, () => newCard(shop, { notes: "n".repeat(2_000) }));
    const results = await settled(cards.map((card) => create(shop, card)));
    expect(results.filter((result) => result !== "kept").length).toBeGreaterThan(0);
    for (const result of results) if (result !== "kept") expect(result).toBeInstanceOf(StoreUnavailable);
    const kept = cards.filter((_, index) => results[index] === "kept").map(({ id }) => id);
    expect(onDisk(shop).pointers).toEqual([...disk.pointers, ...kept].sort());
    expect(onDisk(shop).outbox).toEqual([...disk.outbox, ...kept].sort());
    expect(await column(shop, "scheduled")).toHaveLength(3 + kept.length);

    database.exec("PRAGMA max_page_count = 1000000");
    const rest = cards.filter(({ id }) => !kept.includes(id));
    expect(await tally(rest.map((card) => create(shop, card)))).toEqual({ created: rest.length });
  });

  it("[HT2] is unavailable while it is read-only, and keeps nothing by halves", async () => {
    const shop = openShop();
    const cards = await addCards(shop, 5);
    const before = { known: await everything(shop), disk: onDisk(shop) };
    shop.store.database.exec("PRAGMA query_only = ON");
    for (const result of await settled(cards.map((card) => move(shop, card, "in_progress"))))
      expect(result).toBeInstanceOf(StoreUnavailable);
    expect({ known: await everything(shop), disk: onDisk(shop) }).toEqual(before);
    shop.store.database.exec("PRAGMA query_only = OFF");
    expect(await tally(cards.map((card) => move(shop, card, "in_progress")))).toEqual({ moved: 5 });
  });

  it("[HT2] is unavailable to a whole group when its commit fails, and recovers", async () => {
    const shop = openShop();
    const { database } = shop.store;
    const cards = await addCards(shop, 3);
    const before = { known: await everything(shop), disk: onDisk(shop) };
    // A violated deferred foreign key makes the commit itself fail.
    database.exec(`
      CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
      CREATE TRIGGER orphan AFTER INSERT ON outbox BEGIN INSERT INTO child VALUES (1); END;
      PRAGMA foreign_keys = ON`);
    for (const result of await settled(cards.map((card) => move(shop, card, "ready"))))
      expect(result).toBeInstanceOf(StoreUnavailable);
    expect({ known: await everything(shop), disk: onDisk(shop) }).toEqual(before);
    database.exec("DROP TRIGGER orphan");
    expect(await tally(cards.map((card) => move(shop, card, "ready")))).toEqual({ moved: 3 });
  });

  it("[HT2] runs nothing more of a group whose transaction is gone", async () => {
    const shop = openShop();
    const { database } = shop.store;
    const before = onDisk(shop);
    const rollback = () => {
      database.exec("ROLLBACK");
      database.exec("SELECT * FROM nowhere");
      return 0;
    };
    const results = await settled([
      create(shop, newCard(shop)),
      create(shop, newCard(shop), { random: rollback }),
      create(shop, newCard(shop)),
    ]);
    for (const result of results) expect(result).toBeInstanceOf(StoreUnavailable);
    expect(onDisk(shop)).toEqual(before);
    expect(await column(shop, "scheduled")).toEqual([]);
    await addCard(shop);
  });

  it("[HT2] is unavailable once it is closed, having kept what was asked before", async () => {
    const file = temporaryFile();
    const shop = openShop({ file });
    const card = newCard(shop);
    const creation = create(shop, card);
    await shop.store.close();
    expect((await creation).kind).toBe("created");
    await expect(shop.store.readBoard(shop.shopId, day)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(shop.store.ping()).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(create(shop, newCard(shop))).rejects.toBeInstanceOf(StoreUnavailable);
    expect((await stored(openShop({ file }), card.id)).card.id).toBe(card.id);
  });
});
