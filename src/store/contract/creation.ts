import { expect } from "vitest";
import {
  addCard,
  column,
  columnIds,
  create,
  day,
  edit,
  expectRanked,
  newCard,
  nextDay,
  remove,
  stored,
  tally,
  type WorkshopTest,
} from "./workshop.ts";

/** Making cards: the id's hash, its place at the end, and the board's limit. */
export function creationContract(it: WorkshopTest): void {
  it("[CA1] stores a new card at version 1, exactly as given but for its rank", async (shop) => {
    const card = newCard(shop, { promisedAt: `${day}T15:00:00.000Z`, technician: { id: "tom", name: "Tom" } });
    const result = await create(shop, card);
    const { rank } = await stored(shop, card.id).then((item) => item.card);
    expect(rank).not.toBe("");
    expect(result).toStrictEqual({ kind: "created", current: { kind: "card", card: { ...card, rank }, memory: [] } });
    expect(await stored(shop, card.id)).toStrictEqual({ kind: "card", card: { ...card, rank }, memory: [] });
    expect(await column(shop, "scheduled")).toStrictEqual([{ ...card, rank }]);
  });

  it("[MV5] puts each new card at the end of its column", async (shop) => {
    const ids: string[] = [];
    for (let made = 0; made < 12; made++) ids.push((await addCard(shop)).id);
    const ready = await addCard(shop, { status: "ready" });
    expect(await columnIds(shop, "scheduled")).toEqual(ids);
    expect(await columnIds(shop, "ready")).toEqual([ready.id]);
    expectRanked(await column(shop, "scheduled"));
  });

  it("[AP1] tells of a taken id with the first creation's hash and the current card", async (shop) => {
    const card = newCard(shop);
    await create(shop, card, { hash: "first" });
    const current = await stored(shop, card.id);
    const again = await create(shop, { ...card, notes: "other" }, { hash: "second" });
    expect(again).toStrictEqual({ kind: "id_taken", hash: "first", current });
    const elsewhere = await create(shop, { ...card, date: nextDay }, { hash: "first" });
    expect(elsewhere).toStrictEqual({ kind: "id_taken", hash: "first", current });
    expect(await columnIds(shop, "scheduled", nextDay)).toEqual([]);
  });

  it("[AP1] tells of a removed card's id with the hash and no card", async (shop) => {
    const card = newCard(shop);
    await create(shop, card, { hash: "first" });
    await remove(shop, card.id);
    expect(await create(shop, card, { hash: "first" })).toStrictEqual({ kind: "id_taken", hash: "first" });
    expect(await columnIds(shop, "scheduled")).toEqual([]);
  });

  it("[CA1] never gives a removed id again, also when its tombstone has expired", async (shop) => {
    const card = newCard(shop);
    await create(shop, card, { hash: "first" });
    await remove(shop, card.id);
    shop.advance(30 * 86_400_000);
    expect(await create(shop, card, { hash: "first" })).toStrictEqual({ kind: "id_taken", hash: "first" });
    const other = await create(shop, { ...card, date: nextDay }, { hash: "second" });
    expect(other).toStrictEqual({ kind: "id_taken", hash: "first" });
    expect(await shop.store.readAppointment(shop.shopId, card.id)).toBeUndefined();
  });

  it("[AP1] tells what an id was used for: nothing yet, a card wherever it is, or a removed one", async (shop) => {
    const card = newCard(shop);
    const found = () => shop.store.findCreation(shop.shopId, card.id);
    expect(await found()).toBeUndefined();
    await create(shop, card, { hash: "first" });
    expect(await found()).toStrictEqual({ hash: "first", current: await stored(shop, card.id) });
    const current = await edit(shop, card.id, { date: nextDay });
    expect(await found()).toStrictEqual({ hash: "first", current });
    await remove(shop, card.id);
    expect(await found()).toStrictEqual({ hash: "first" });
    shop.advance(30 * 86_400_000);
    expect(await found()).toStrictEqual({ hash: "first" });
    const other = await shop.neighbour();
    expect(await other.store.findCreation(other.shopId, card.id)).toBeUndefined();
  });

  it("[CA7] refuses a card on a full board, where removed ones do not count", async (shop) => {
    const maxCards = 3;
    const first = await addCard(shop);
    await addCard(shop, { status: "no_show" });
    await addCard(shop);
    const extra = newCard(shop);
    expect(await create(shop, extra, { maxCards })).toEqual({ kind: "board_full" });
    expect(await shop.store.readAppointment(shop.shopId, extra.id)).toBeUndefined();
    expect((await create(shop, { ...extra, date: nextDay, id: newCard(shop).id }, { maxCards })).kind).toBe("created");
    await remove(shop, first.id);
    expect((await create(shop, extra, { maxCards })).kind).toBe("created");
  });

  it("[AP1] finds a repeated creation on a board that has filled up since", async (shop) => {
    const card = await addCard(shop);
    expect((await create(shop, card, { maxCards: 1 })).kind).toBe("id_taken");
  });

  it("[AP1] lets one of many creations of one id succeed, on whatever day", async (shop) => {
    const card = newCard(shop);
    const attempts = Array.from({ length: 10 }, (_, index) =>
      create(shop, { ...card, date: index % 2 === 0 ? day : nextDay }, { hash: `hash ${index}` }),
    );
    expect(await tally(attempts)).toEqual({ created: 1, id_taken: 9 });
    const here = await columnIds(shop, "scheduled");
    const there = await columnIds(shop, "scheduled", nextDay);
    expect([...here, ...there]).toEqual([card.id]);
  });

  it("[MV5] keeps all cards that are created at once, in one order", async (shop) => {
    const cards = Array.from({ length: 20 }, () => newCard(shop));
    expect(await tally(cards.map((card) => create(shop, card)))).toEqual({ created: 20 });
    expect((await columnIds(shop, "scheduled")).toSorted()).toEqual(cards.map(({ id }) => id).toSorted());
    expectRanked(await column(shop, "scheduled"));
  });
}
