import { setImmediate } from "node:timers/promises";
import type { Appointment } from "@status-board/contracts";
import { expect } from "vitest";
import { nextCard } from "../../domain/appointment.ts";
import type { Workshop, WorkshopTest } from "./workshop.ts";
import * as workshop from "./workshop.ts";

const { addCard, addCards, anna, cardOf, columnIds, day, edit, everything, moveOk, nextDay, remove, stored } = workshop;

/** The answer to an edit that takes a card to another day, where `maxCards` are a full board. */
const reschedule = (shop: Workshop, id: string, date: string, maxCards?: number) =>
  shop.store.changeAppointment({
    shopId: shop.shopId,
    id,
    decide: (current) => ({ kind: "write", item: nextCard(cardOf(current).card, { date }, anna, shop.now()) }),
    random: Math.random,
    ...(maxCards === undefined ? {} : { maxCards }),
  });

const removedFrom = async (shop: Workshop, date: string) => (await shop.store.readBoard(shop.shopId, date)).removed;

/** A card that goes to another day's board, in one transaction (AP3). */
export function rescheduleContract(it: WorkshopTest): void {
  it("[AP3] takes a card to the end of its column on the new day, with its memory", async (shop) => {
    const there = await addCards(shop, 3, { date: nextDay, status: "ready" });
    const [card, stays] = await addCards(shop, 2);
    if (!card || !stays) throw new Error("two cards were made");
    const before = await moveOk(shop, card, "ready", { mutation: { id: "m1", hash: "h1" } });
    const current = await edit(shop, card.id, { date: nextDay, notes: "later" }, { id: "e1", hash: "h2" });
    const { rank } = current.card;
    const expected = nextCard(before.card, { date: nextDay, notes: "later", rank }, anna, shop.now());
    const memory = [{ id: "e1", hash: "h2", version: 3 }, ...before.memory];
    expect(current).toStrictEqual({ kind: "card", card: expected, memory });
    expect(await stored(shop, card.id)).toStrictEqual(current);
    expect(await columnIds(shop, "ready", nextDay)).toEqual([...there.map(({ id }) => id), card.id]);
    workshop.expectRanked(await workshop.column(shop, "ready", nextDay));
    expect(await columnIds(shop, "ready")).toEqual([]);
    expect(await columnIds(shop, "scheduled")).toEqual([stays.id]);
    expect(await removedFrom(shop, day)).toEqual([{ id: card.id, version: 3 }]);
    expect(await removedFrom(shop, nextDay)).toEqual([]);
  });

  it("[CA6] replaces the tombstone whole when the card returns", async (shop) => {
    const { id } = await addCard(shop);
    await edit(shop, id, { date: nextDay });
    await edit(shop, id, { date: day });
    expect(await columnIds(shop, "scheduled")).toEqual([id]);
    expect(await removedFrom(shop, day)).toEqual([]);
    expect(await removedFrom(shop, nextDay)).toEqual([{ id, version: 3 }]);
    shop.advance(8 * 86_400_000);
    expect(await columnIds(shop, "scheduled")).toEqual([id]);
    expect(await removedFrom(shop, nextDay)).toEqual([]);
    expect((await stored(shop, id)).card.version).toBe(3);
  });

  it("[CA6] lets a card return to a board where its tombstone has expired", async (shop) => {
    const { id } = await addCard(shop);
    await edit(shop, id, { date: nextDay });
    shop.advance(8 * 86_400_000);
    await edit(shop, id, { date: day });
    expect(await columnIds(shop, "scheduled")).toEqual([id]);
    expect(await removedFrom(shop, day)).toEqual([]);
    expect(await removedFrom(shop, nextDay)).toEqual([{ id, version: 3 }]);
  });

  it("[AP3] lets a rescheduled card be moved, edited, rescheduled again and removed", async (shop) => {
    const { id } = await addCard(shop);
    await edit(shop, id, { date: nextDay });
    const moved = await moveOk(shop, { id, version: 2 }, "in_progress");
    expect(moved.card.date).toBe(nextDay);
    expect((await edit(shop, id, { notes: "here" })).card.date).toBe(nextDay);
    const thirdDay = "2031-03-05";
    await edit(shop, id, { date: thirdDay });
    expect(await columnIds(shop, "in_progress", thirdDay)).toEqual([id]);
    expect(await remove(shop, id)).toEqual({ kind: "removed", version: 6 });
    expect(await removedFrom(shop, day)).toEqual([{ id, version: 2 }]);
    expect(await removedFrom(shop, nextDay)).toEqual([{ id, version: 5 }]);
    expect(await removedFrom(shop, thirdDay)).toEqual([{ id, version: 6 }]);
    expect(await shop.store.readAppointment(shop.shopId, id)).toBeUndefined();
  });

  it("[AP1] keeps a creation's hash with the id wherever the card goes, and after it has gone", async (shop) => {
    const card = workshop.newCard(shop);
    await workshop.create(shop, card, { hash: "first" });
    const current = await edit(shop, card.id, { date: nextDay });
    const again = () => workshop.create(shop, card, { hash: "second" });
    expect(await again()).toStrictEqual({ kind: "id_taken", hash: "first", current });
    await remove(shop, card.id);
    expect(await again()).toStrictEqual({ kind: "id_taken", hash: "first" });
    expect(await columnIds(shop, "scheduled")).toEqual([]);
  });

  it("[CA7] refuses to take a card to a full board, and changes nothing", async (shop) => {
    await addCards(shop, 2, { date: nextDay });
    const card = await addCard(shop);
    const before = await everything(shop);
    expect(await reschedule(shop, card.id, nextDay, 2)).toEqual({ kind: "board_full" });
    expect(await everything(shop)).toStrictEqual(before);
    expect((await reschedule(shop, card.id, nextDay, 3)).kind).toBe("written");
  });

  it("[CA7] refuses neither an edit on a full board nor a reschedule without a limit", async (shop) => {
    const [card] = await addCards(shop, 2);
    await addCards(shop, 2, { date: nextDay });
    const id = card?.id ?? "";
    expect((await reschedule(shop, id, day, 2)).kind).toBe("written");
    expect((await reschedule(shop, id, nextDay)).kind).toBe("written");
    expect(await columnIds(shop, "scheduled", nextDay)).toHaveLength(3);
  });

  it("[AP3] shows cards on their way never on both boards, never on none, and always by their id", async (shop) => {
    const cards = await addCards(shop, 12);
    await addCards(shop, 3, { date: nextDay });
    const ids = cards.map(({ id }) => id);
    let travelling = true;
    const journeys = Promise.all(cards.map(({ id }) => reschedule(shop, id, nextDay))).finally(() => {
      travelling = false;
    });
    const watches = Promise.all([
      watch(
        () => travelling,
        () => expectNotOnNone(shop, ids),
      ),
      watch(
        () => travelling,
        () => expectNotOnBoth(shop, ids),
      ),
      watch(
        () => travelling,
        () => expectReadable(shop, cards),
      ),
    ]);
    const results = await journeys;
    await watches;
    expect(results.map(({ kind }) => kind)).toEqual(cards.map(() => "written"));
    expect((await columnIds(shop, "scheduled", nextDay)).toSorted()).toEqual(expect.arrayContaining(ids));
    expect(await columnIds(shop, "scheduled")).toEqual([]);
  });

  it("[AP3] lets one of two reschedules from one version win, and keeps one card", async (shop) => {
    const card = await addCard(shop);
    const attempt = (date: string) =>
      shop.store.changeAppointment({
        shopId: shop.shopId,
        id: card.id,
        decide: (current) =>
          cardOf(current).card.version === 1
            ? { kind: "write", item: nextCard(cardOf(current).card, { date }, anna, shop.now()) }
            : { kind: "refuse", outcome: "stale" },
        random: Math.random,
      });
    const days = ["2031-03-04", "2031-03-05", "2031-03-06"];
    expect(await workshop.tally(days.map(attempt))).toEqual({ written: 1, refused: 2 });
    const places = await Promise.all([day, ...days].map((date) => columnIds(shop, "scheduled", date)));
    expect(places.flat()).toEqual([card.id]);
  });
}

/** Looks again and again, and lets the event loop turn in between: a store may read without ever giving way. */
async function watch(goesOn: () => boolean, look: () => Promise<void>): Promise<void> {
  do {
    await look();
    await setImmediate();
  } while (goesOn());
}

/** The old board first: what has left it by then must stand on the new one. */
async function expectNotOnNone(shop: Workshop, ids: readonly string[]): Promise<void> {
  const before = new Set(await columnIds(shop, "scheduled", day));
  const after = new Set(await columnIds(shop, "scheduled", nextDay));
  expect(ids.filter((id) => !before.has(id) && !after.has(id))).toEqual([]);
}

/** The new board first: what has come to it by then must have left the old one. */
async function expectNotOnBoth(shop: Workshop, ids: readonly string[]): Promise<void> {
  const after = new Set(await columnIds(shop, "scheduled", nextDay));
  const before = new Set(await columnIds(shop, "scheduled", day));
  expect(ids.filter((id) => before.has(id) && after.has(id))).toEqual([]);
}

async function expectReadable(shop: Workshop, cards: readonly Appointment[]): Promise<void> {
  for (const { id } of cards) {
    const { card } = await stored(shop, id);
    expect([card.date, card.version]).toEqual(card.version === 1 ? [day, 1] : [nextDay, 2]);
  }
}
