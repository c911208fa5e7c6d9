import { ulid } from "ulid";
import { expect } from "vitest";
import type { Workshop, WorkshopTest } from "./workshop.ts";
import * as workshop from "./workshop.ts";

const { addCard, addCards, columnIds, day, edit, move, moveOk, nextDay, remove, stored } = workshop;

const board = (shop: Workshop, date = day) => shop.store.readBoard(shop.shopId, date);

/** Board reads, and that two shops never see each other. */
export function boardContract(it: WorkshopTest): void {
  it("[LV1] answers when asked whether it is there", async (shop) => {
    await expect(shop.store.ping()).resolves.toBeUndefined();
  });

  it("[LV2] reads an empty board as one without cards or tombstones, at revision 0", async (shop) => {
    const { epoch, ...rest } = await board(shop);
    expect(rest).toStrictEqual({ date: day, rev: 0, cards: [], removed: [] });
    expect(epoch).not.toBe("");
    expect((await board(shop, nextDay)).epoch).toBe(epoch);
  });

  it("[MV5] reads a board's cards by rank, then id", async (shop) => {
    const cards = await addCards(shop, 5);
    const ranks = ["V", "AZ", "V", "A", "Az"];
    for (const [index, { id }] of cards.entries()) await edit(shop, id, { rank: ranks[index] ?? "" });
    const [first = "", second, third = "", fourth, fifth] = cards.map(({ id }) => id);
    const equals = [first, third].toSorted();
    expect(await columnIds(shop, "scheduled")).toEqual([fourth, second, fifth, ...equals]);
  });

  it("[MV5] reads equal ranks in the order of their ids, whichever came first", async (shop) => {
    const ids = Array.from({ length: 4 }, () => ulid()).toSorted();
    for (const id of ids.toReversed()) {
      await addCard(shop, { id });
      await edit(shop, id, { rank: "V" });
    }
    expect(await columnIds(shop, "scheduled")).toEqual(ids);
  });

  it("[LV6] reads whole cards, the same as by their ids", async (shop) => {
    const cards = await addCards(shop, 30);
    for (const [index, card] of cards.entries()) if (index % 3 === 0) await moveOk(shop, card, "ready");
    const read = await board(shop);
    expect(read.cards).toHaveLength(30);
    for (const card of read.cards) expect(card).toStrictEqual((await stored(shop, card.id)).card);
    expect(read.cards.map(({ id }) => id).toSorted()).toEqual(cards.map(({ id }) => id).toSorted());
  });

  it("[CA7] reads a board of many cards that are as large as they may be", async (shop) => {
    const notes = "ä".repeat(3_500);
    const cards = Array.from({ length: 160 }, () => workshop.newCard(shop, { notes }));
    for (let first = 0; first < cards.length; first += 20)
      await Promise.all(cards.slice(first, first + 20).map((card) => workshop.create(shop, card)));
    const read = await board(shop);
    expect(read.cards.map(({ id }) => id).toSorted()).toEqual(cards.map(({ id }) => id).toSorted());
    expect(read.cards.every((card) => card.notes === notes)).toBe(true);
    workshop.expectRanked(read.cards);
  });

  it("[LV1] gives the same object while nothing has changed, and another after every write", async (shop) => {
    const card = await addCard(shop);
    let last = await board(shop);
    const expectChanged = async () => {
      const read = await board(shop);
      expect(read).not.toBe(last);
      expect(await board(shop)).toBe(read);
      last = read;
    };
    expect(await board(shop)).toBe(last);
    await move(shop, { id: card.id, version: 9 }, "ready");
    expect((await board(shop)).cards).toStrictEqual(last.cards);
    await moveOk(shop, card, "ready");
    await expectChanged();
    await edit(shop, card.id, { notes: "new" });
    await expectChanged();
    const other = await addCard(shop);
    await expectChanged();
    await edit(shop, other.id, { date: nextDay });
    await expectChanged();
    await edit(shop, other.id, { date: day });
    await expectChanged();
    await remove(shop, card.id);
    await expectChanged();
    expect(last.cards.map(({ id, version }) => [id, version])).toEqual([[other.id, 3]]);
  });

  it("[LV1] leaves what a reader holds untouched by later writes", async (shop) => {
    const card = await addCard(shop);
    const read = await board(shop);
    const copy = structuredClone(read);
    await moveOk(shop, card, "ready");
    await addCard(shop);
    await board(shop);
    expect(read).toStrictEqual(copy);
  });

  it("[LV1] shows every answered write to all who ask afterwards", async (shop) => {
    const { id } = await addCard(shop);
    for (let version = 1; version <= 20; version++) {
      await moveOk(shop, { id, version }, version % 2 === 0 ? "scheduled" : "in_progress");
      const [read, one] = await Promise.all([board(shop), stored(shop, id)]);
      expect([read.cards[0]?.version, one.card.version]).toEqual([version + 1, version + 1]);
    }
  });

  neighbours(it);
}

function neighbours(it: WorkshopTest): void {
  it("[AU5] keeps the cards of two shops with the same ids apart", async (shop) => {
    const other = await shop.neighbour();
    const id = ulid();
    const mine = await addCard(shop, { id, notes: "mine" });
    expect(await other.store.readAppointment(other.shopId, id)).toBeUndefined();
    expect((await board(other)).cards).toEqual([]);
    expect(await move(other, mine, "ready")).toEqual({ kind: "not_found" });
    expect(await remove(other, id)).toEqual({ kind: "not_found" });
    const theirs = await addCard(other, { id, notes: "theirs" });
    await moveOk(shop, mine, "ready");
    await edit(shop, id, { notes: "changed" });
    expect((await stored(other, id)).card).toStrictEqual(theirs);
    expect((await board(other)).cards).toStrictEqual([theirs]);
    await remove(shop, id);
    expect((await board(other)).cards).toStrictEqual([theirs]);
    expect((await board(other)).removed).toEqual([]);
    expect((await moveOk(other, theirs, "completed")).card.version).toBe(2);
  });

  it("[AU5] counts and orders each shop's board for itself", async (shop) => {
    const other = await shop.neighbour();
    const [anchor] = await addCards(shop, 3, { status: "ready" });
    const card = await addCard(other);
    const before = await workshop.everything(shop);
    await addCard(other, { status: "ready" });
    await moveOk(other, card, "ready", { anchor: { kind: "before", id: anchor?.id ?? "" } });
    expect((await columnIds(other, "ready")).at(-1)).toBe(card.id);
    expect((await workshop.create(other, workshop.newCard(other), { maxCards: 3 })).kind).toBe("created");
    expect(await workshop.everything(shop)).toStrictEqual(before);
  });
}
