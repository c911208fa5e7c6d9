import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../domain/testing/seeded-random.ts";
import {
  addCard,
  addCards,
  columnIds,
  create,
  day,
  edit,
  move,
  newCard,
  nextDay,
  remove,
} from "../contract/workshop.ts";
import { openShop, temporaryFile } from "./testing/open-shop.ts";

describe("a board in memory", () => {
  it("is one object until a write touches it", async () => {
    const shop = openShop();
    const read = () => shop.store.readBoard(shop.shopId, day);
    const card = await addCard(shop);
    const first = await read();
    await addCard(shop, { date: nextDay });
    await move(shop, { ...card, version: 9 }, "ready");
    expect(await read()).toBe(first);
    await move(shop, card, "ready");
    expect(await read()).not.toBe(first);
    expect(first.cards[0]?.status).toBe("scheduled");
  });

  it("[CA6] is another object when a tombstone expires, and names it no more", async () => {
    const shop = openShop();
    const read = () => shop.store.readBoard(shop.shopId, day);
    const { id } = await addCard(shop);
    await remove(shop, id);
    const first = await read();
    shop.advance(limits.tombstoneKeptMs - 1);
    expect(await read()).toBe(first);
    expect(first.removed).toEqual([{ id, version: 2 }]);
    shop.advance(1);
    expect((await read()).removed).toEqual([]);
    expect(await read()).toBe(await read());
  });

  it("[CA6] loses its expired tombstones from the file when it is pruned, and nothing else", async () => {
    const shop = openShop();
    const [kept, removed] = await addCards(shop, 2);
    await remove(shop, removed?.id ?? "");
    const ids = () =>
      shop.store.database
        .prepare("SELECT id FROM appointment")
        .all()
        .map((row) => row.id);
    await shop.store.prune();
    expect(ids()).toHaveLength(2);
    shop.advance(limits.tombstoneKeptMs);
    await shop.store.prune();
    expect(ids()).toEqual([kept?.id]);
    expect(await create(shop, newCard(shop, { id: removed?.id ?? "" }))).toEqual({ kind: "id_taken", hash: "hash" });
  });

  it("is read again from the file when others took its room", async () => {
    const shop = openShop({ boardsMaxBytes: 5_000 });
    const [first] = await addCards(shop, 4);
    const board = await shop.store.readBoard(shop.shopId, day);
    await addCards(shop, 4, { date: nextDay });
    const again = await shop.store.readBoard(shop.shopId, day);
    expect(again).not.toBe(board);
    expect(again).toEqual(board);
    expect(again.cards[0]).toEqual(first);
  });

  it("[CA1] agrees with the file after any writes, however they went", async () => {
    const file = temporaryFile();
    const shop = openShop({ file });
    const random = seededRandom(7);
    const cards = await addCards(shop, 12);
    const pick = () => cards[Math.floor(random() * cards.length)]?.id ?? "";
    for (let round = 0; round < 40; round++) {
      const version = 1 + Math.floor(random() * 8);
      await Promise.allSettled([
        move(shop, { id: pick(), version }, "in_progress", { anchor: { kind: "position", position: round % 5 } }),
        move(shop, { id: pick(), version: version + 1 }, "scheduled", { mutation: { id: `m${round}`, hash: "h" } }),
        edit(shop, pick(), { notes: `note ${round}`, date: random() < 0.5 ? day : nextDay }),
        edit(shop, pick(), { rank: "V" }),
        ...(round % 9 === 8 ? [remove(shop, pick())] : []),
        move(shop, { id: pick(), version }, "ready", { random: () => Number(undefined) }),
      ]);
    }
    const remembered = await Promise.all([day, nextDay].map((date) => shop.store.readBoard(shop.shopId, date)));
    const order = await columnIds(shop, "scheduled");
    await shop.store.close();
    const again = openShop({ file });
    expect(await Promise.all([day, nextDay].map((date) => again.store.readBoard(shop.shopId, date)))).toEqual(
      remembered,
    );
    expect(await columnIds(again, "scheduled")).toEqual(order);
  });
});

describe("the outbox", () => {
  it("[LV1] has a row for every item that a write touched, whole after it and where it stood before, in the order of the writes", async () => {
    const shop = openShop();
    const card = await addCard(shop);
    await move(shop, card, "ready");
    await edit(shop, card.id, { date: nextDay });
    await edit(shop, card.id, { date: day });
    await remove(shop, card.id);
    const parse = (json: unknown) => (typeof json === "string" ? JSON.parse(json) : null);
    const summary = (item: { kind: string; card?: { version: number }; version?: number } | null) =>
      item && `${item.kind} ${item.card?.version ?? item.version}`;
    const former = (item: { kind: string; card?: { status: string } } | null) =>
      item && [item.kind, item.card?.status].join(" ");
    const rows = shop.store.database.prepare("SELECT date, id, before, after FROM outbox ORDER BY seq").all();
    expect(rows.map((row) => [row.date, former(parse(row.before)), summary(parse(row.after))])).toEqual([
      [day, null, "card 1"],
      [day, "card scheduled", "card 2"],
      [day, "card ready", "tombstone 3"],
      [nextDay, null, "card 3"],
      [nextDay, "card ready", "tombstone 4"],
      [day, "tombstone ", "card 4"],
      [day, "card ready", "tombstone 5"],
    ]);
    expect(new Set(rows.map((row) => row.id))).toEqual(new Set([card.id]));
  });
});
