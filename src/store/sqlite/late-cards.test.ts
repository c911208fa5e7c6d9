import { copyFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { limits } from "@status-board/contracts";
import { expect, it, onTestFinished, vi } from "vitest";
import { addCard, addCards, column, day, edit, everything, moveOk, nextDay, remove } from "../contract/workshop.ts";
import { DatabaseProblem } from "./database-problem.ts";
import { exportShop } from "./export-shop.ts";
import { migrate, migrations } from "./migrations.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { openShop, type SqliteWorkshop, temporaryFile } from "./testing/open-shop.ts";
import { positionsOf, publisher, recorder } from "./testing/publisher.ts";

/** From now on nothing that is late is written of its own accord. */
function stopTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** The file as a kill leaves it at this moment. */
function killedCopy(file: string): string {
  const copy = temporaryFile();
  for (const suffix of ["", "-wal"]) copyFileSync(file + suffix, copy + suffix);
  return copy;
}

/** What the table says of a shop's items. */
function tableOf({ store, shopId }: SqliteWorkshop) {
  const rows = store.database.prepare(
    "SELECT date, id, version, status FROM appointment WHERE shop = ? ORDER BY date, id",
  );
  return rows.all(shopId).map((row) => ({ ...row }));
}

/** Writes of every kind, and the same of a shop that has the same ids. */
async function writeOfEveryKind(shop: SqliteWorkshop): Promise<void> {
  const [moved, removed, rescheduled, returned] = await addCards(shop, 5);
  if (!moved || !removed || !rescheduled || !returned) throw new Error("five cards were added");
  await moveOk(shop, (await moveOk(shop, moved, "ready")).card, "completed");
  await remove(shop, removed.id);
  await edit(shop, rescheduled.id, { date: nextDay });
  await edit(shop, returned.id, { date: nextDay });
  await edit(shop, returned.id, { date: day });
  await addCard({ ...shop, shopId: "other" }, { id: moved.id });
}

it("[MV2] a write is answered when the outbox has it, and the table has it a moment later", async () => {
  const shop = openShop();
  const card = await addCard(shop);
  await moveOk(shop, card, "ready");
  expect(tableOf(shop)).toEqual([]);
  await expect.poll(() => tableOf(shop), { interval: 5 }).toMatchObject([{ id: card.id, version: 2, status: "ready" }]);
});

it("[MV2] a start after a kill brings the table up to the outbox, and goes on from there", async () => {
  stopTimers();
  const file = temporaryFile();
  const shop = openShop({ file });
  await writeOfEveryKind(shop);
  expect(tableOf(shop)).toEqual([]);
  const copy = killedCopy(file);
  const after = openShop({ file: copy });
  expect(await everything(after)).toEqual(await everything(shop));
  await shop.store.close();
  expect(tableOf(after)).toEqual(tableOf(openShop({ file })));
  const seqs = () =>
    after.store.database
      .prepare("SELECT seq FROM outbox ORDER BY seq")
      .all()
      .map(({ seq }) => seq);
  const before = seqs();
  await addCard(after);
  expect(seqs()).toEqual([...before, before.length + 1]);
});

it("[MV2] a board that is not in memory is read with what its table does not have yet", async () => {
  stopTimers();
  const shop = openShop({ boardsMaxBytes: 0 });
  await writeOfEveryKind(shop);
  const known = await everything(shop);
  shop.store.settle();
  expect(tableOf(shop)).toHaveLength(7);
  expect(await everything(shop)).toEqual(known);
  const [first] = await column(shop, "scheduled");
  await edit(shop, first?.id ?? "", { notes: "new" });
  expect((await column(shop, "scheduled"))[0]).toMatchObject({ id: first?.id, notes: "new" });
});

it("[MV2] what the table does not take is read all the same, and written once it can be", async () => {
  const failures: unknown[] = [];
  const shop = openShop({ boardsMaxBytes: 0, feedFailed: (error) => failures.push(error) });
  const { database } = shop.store;
  database.exec("CREATE TRIGGER stuck BEFORE INSERT ON appointment BEGIN SELECT RAISE(ABORT, 'stuck'); END");
  const card = await addCard(shop);
  await expect.poll(() => failures.length, { interval: 5 }).toBeGreaterThan(0);
  await moveOk(shop, card, "ready");
  expect(await column(shop, "ready")).toMatchObject([{ id: card.id, version: 2 }]);
  expect(tableOf(shop)).toEqual([]);
  database.exec("DROP TRIGGER stuck");
  await expect.poll(() => tableOf(shop), { interval: 5 }).toMatchObject([{ id: card.id, version: 2 }]);
});

it("[MV2] an export has what the table does not have yet, each item once", async () => {
  stopTimers();
  const file = temporaryFile();
  const shop = openShop({ file });
  await shop.store.createShop(
    { id: shop.shopId, name: "x", timeZone: "UTC", currency: "EUR", locale: "en", technicians: [], version: 1 },
    day,
  );
  await writeOfEveryKind(shop);
  shop.store.settle();
  const [first] = await column(shop, "scheduled");
  await edit(shop, first?.id ?? "", { notes: "new" });
  const added = await addCard(shop);
  const items = (of: string) => [...exportShop(of, shop.shopId)].filter(({ kind }) => kind === "appointment");
  const exported = items(file);
  expect(JSON.stringify(exported)).toContain(added.id);
  expect(JSON.stringify(exported)).toContain('"notes":"new"');
  await shop.store.close();
  const inOrder = (all: readonly unknown[]) => all.map((item) => JSON.stringify(item)).toSorted();
  expect(inOrder(exported)).toEqual(inOrder(items(file)));
});

it("[LV1] no row of the outbox gets the number of one that was pruned", async () => {
  const file = temporaryFile();
  const shop = openShop({ file });
  const told = recorder();
  const publish = publisher(shop.store.live);
  shop.store.feed.start(async (batch) => {
    await publish(batch);
    await told.handle(batch);
  });
  await addCards(shop, 3);
  await told.hasItems(3);
  shop.advance(limits.changeKeptMs);
  await shop.store.close();
  const second = openShop({ file, now: () => new Date(shop.now()) });
  await second.store.prune();
  expect(second.store.database.prepare("SELECT count(*) AS rows FROM outbox").get()?.rows).toBe(0);
  await second.store.close();
  const third = openShop({ file });
  third.store.feed.start(told.handle);
  await addCard(third);
  await told.hasItems(4);
  expect(positionsOf(told.items())).toEqual([1, 2, 3, 4]);
});

it("is refused by a start when a late row cannot be read, because its card would stand where it no longer does", async () => {
  stopTimers();
  const file = temporaryFile();
  const shop = openShop({ file });
  await addCards(shop, 2);
  shop.store.database.exec("UPDATE outbox SET after = '{' WHERE seq = 2");
  const copy = killedCopy(file);
  const open = () => openSqliteStore({ file: copy, newId: () => "epoch", now: () => new Date() });
  expect(open).toThrow(DatabaseProblem);
  expect(open).toThrow(`${copy} is damaged: restore a backup.`);
});

for (const outbox of ["some rows", "no row"])
  it(`[LV1] a file of the former format whose outbox has ${outbox} goes on with its cards and its numbers`, async () => {
    const file = temporaryFile();
    {
      using database = new DatabaseSync(file);
      migrate(database, file, migrations.slice(0, 5));
      database.exec(`
        INSERT INTO meta VALUES ('epoch', 'first'), ('published', '6');
        INSERT INTO appointment VALUES ('shop', '${day}', 'a', 2, 'ready', 'V', NULL,
          '{"kind":"card","card":{"id":"a","date":"${day}","version":2,"status":"ready","rank":"V"},"memory":[]}')`);
      const insert = database.prepare("INSERT INTO outbox VALUES (?, 'shop', ?, 'a', NULL, ?, '2031')");
      if (outbox === "some rows") for (const seq of [6, 7]) insert.run(seq, day, '{"kind":"card","card":{"id":"a"}}');
    }
    const shop = openShop({ file });
    expect((await shop.store.readBoard("shop", day)).cards).toMatchObject([{ id: "a", version: 2, rank: "V" }]);
    await addCard(shop);
    const told = recorder();
    shop.store.feed.start(told.handle);
    const expected = outbox === "some rows" ? [7, 8] : [7];
    await told.hasItems(expected.length);
    expect(positionsOf(told.items())).toEqual(expected);
  });
