import { ulid } from "ulid";
import { expect } from "vitest";
import { nextCard, type Tombstone, tombstoneOf, undone } from "../../domain/appointment.ts";
import { recall } from "../../domain/mutation.ts";
import type { WorkshopTest } from "./workshop.ts";
import * as workshop from "./workshop.ts";

const { addCard, anna, bob, cardOf, columnIds, day, edit, everything, itemOf, moveOk, remove, stored } = workshop;

/** Edits, undos and removals: what a decision makes of a card on its own board. */
export function changeContract(it: WorkshopTest): void {
  it("[AP2] writes what was decided, one version on, with its place untouched", async (shop) => {
    const first = await addCard(shop);
    const card = await addCard(shop);
    await addCard(shop);
    const order = await columnIds(shop, "scheduled");
    const item = nextCard(card, { notes: "new", paidCents: 100 }, bob, shop.now());
    const mutation = { id: "m1", hash: "h1" };
    const result = await shop.store.changeAppointment({
      shopId: shop.shopId,
      id: card.id,
      decide: () => ({ kind: "write", item, mutation }),
      random: Math.random,
    });
    const current = { kind: "card", card: item, memory: [{ ...mutation, version: 2 }] };
    expect(result).toStrictEqual({ kind: "written", current });
    expect(await stored(shop, card.id)).toStrictEqual(current);
    expect(await columnIds(shop, "scheduled")).toEqual(order);
    expect((await stored(shop, first.id)).card.version).toBe(1);
  });

  it("[AP2] drops the fields that the new card has not", async (shop) => {
    const { id } = await addCard(shop, { notes: "old", promisedAt: `${day}T12:00:00.000Z` });
    const { notes, promisedAt, ...rest } = (await stored(shop, id)).card;
    const item = { ...rest, version: 2, vehicle: {}, services: [] };
    const decide = () => ({ kind: "write" as const, item });
    await shop.store.changeAppointment({ shopId: shop.shopId, id, decide, random: Math.random });
    expect((await stored(shop, id)).card).toStrictEqual(item);
  });

  it("[HT2] hands a decision the item as it stands, and a refusal's outcome back, with no effect", async (shop) => {
    const card = await addCard(shop);
    const current = await moveOk(shop, card, "in_progress", { mutation: { id: "m1", hash: "h1" } });
    const before = await everything(shop);
    const seen: unknown[] = [];
    const result = await shop.store.changeAppointment({
      shopId: shop.shopId,
      id: card.id,
      decide: (item) => {
        seen.push(item);
        return { kind: "refuse", outcome: "because" };
      },
      random: Math.random,
    });
    expect(result).toStrictEqual({ kind: "refused", outcome: "because" });
    expect(seen).toStrictEqual([current]);
    expect(await everything(shop)).toStrictEqual(before);
  });

  it("[HT2] answers not_found for an id that never was, without asking for a decision", async (shop) => {
    const decide = () => {
      throw new Error("there is nothing to decide on");
    };
    const change = { shopId: shop.shopId, id: ulid(), decide, random: Math.random };
    expect(await shop.store.changeAppointment(change)).toEqual({ kind: "not_found" });
    expect(await shop.store.readAppointment(shop.shopId, ulid())).toBeUndefined();
  });

  it("[CA1] raises the version by exactly 1 with every write, whatever it is", async (shop) => {
    const { id } = await addCard(shop);
    const versions = [
      (await edit(shop, id, { notes: "new" })).card.version,
      (await edit(shop, id, {})).card.version,
      (await moveOk(shop, { id, version: 3 }, "ready")).card.version,
      (await edit(shop, id, { date: workshop.nextDay })).card.version,
      (await moveOk(shop, { id, version: 5 }, "completed")).card.version,
    ];
    expect(versions).toEqual([2, 3, 4, 5, 6]);
    expect(await remove(shop, id)).toEqual({ kind: "removed", version: 7 });
  });

  it("[HT5] remembers an edit's mutation among the last 4, and shifts nothing without one", async (shop) => {
    const { id } = await addCard(shop);
    await moveOk(shop, { id, version: 1 }, "ready", { mutation: { id: "m1", hash: "h1" } });
    for (const name of ["e1", "e2", "e3"]) await edit(shop, id, {}, { id: name, hash: "h" });
    const { memory } = await edit(shop, id, { notes: "plain" });
    expect(memory.map((entry) => [entry.id, entry.version])).toEqual([
      ["e3", 5],
      ["e2", 4],
      ["e1", 3],
      ["m1", 2],
    ]);
    expect((await edit(shop, id, {}, { id: "e4", hash: "h" })).memory.map((entry) => entry.id)).toEqual([
      "e4",
      "e3",
      "e2",
      "e1",
    ]);
  });

  it("[MV7] drops the way back with every change that is no move", async (shop) => {
    const { id } = await addCard(shop);
    await moveOk(shop, { id, version: 1 }, "ready", { mutation: { id: "m1", hash: "h1" } });
    expect(await edit(shop, id, { notes: "new" })).not.toHaveProperty("undo");
    expect(await stored(shop, id)).not.toHaveProperty("undo");
  });

  it("[MV7] puts an undone card back where it stood, and remembers the undo", async (shop) => {
    const neighbours = [await addCard(shop), await addCard(shop), await addCard(shop)];
    const [, card] = neighbours;
    if (card === undefined) throw new Error("three cards were made");
    const current = await moveOk(shop, card, "completed", { mutation: { id: "m1", hash: "h1" } });
    const request = { mutationId: "m1", by: anna, role: "manager", at: shop.now() } as const;
    const mutation = { id: "undo:m1", hash: "h2" };
    const result = await shop.store.changeAppointment({
      shopId: shop.shopId,
      id: card.id,
      decide: (item) => {
        const back = undone(cardOf(item), request);
        return back.kind === "undone"
          ? { kind: "write", item: back.card, mutation }
          : { kind: "refuse", outcome: back };
      },
      random: Math.random,
    });
    const memory = [{ ...mutation, version: 3 }, ...current.memory];
    const expected = { kind: "card", card: { ...card, version: 3, updatedAt: shop.now() }, memory };
    expect(result).toStrictEqual({ kind: "written", current: expected });
    expect(await stored(shop, card.id)).toStrictEqual(expected);
    expect(await columnIds(shop, "scheduled")).toEqual(neighbours.map(({ id }) => id));
  });

  removals(it);
}

function removals(it: WorkshopTest): void {
  it("[CA6] leaves exactly the domain's tombstone of a removed card", async (shop) => {
    const card = await addCard(shop);
    const before = await moveOk(shop, card, "ready", { mutation: { id: "m1", hash: "h1" } });
    const mutation = { id: "gone", hash: "h2" };
    expect(await remove(shop, card.id, mutation)).toEqual({ kind: "removed", version: 3 });
    expect(await shop.store.readAppointment(shop.shopId, card.id)).toBeUndefined();
    const expected: Tombstone = tombstoneOf(before, { by: bob, at: shop.now(), mutation });
    expect(await itemOf(shop, card.id)).toStrictEqual(expected);
    const board = await shop.store.readBoard(shop.shopId, day);
    expect(board.cards).toEqual([]);
    expect(board.removed).toEqual([{ id: card.id, version: 3 }]);
  });

  it("[HT5] finds a removal's own repeat in the tombstone", async (shop) => {
    const { id } = await addCard(shop);
    const mutation = { id: "gone", hash: "h" };
    await remove(shop, id, mutation);
    const again = await remove(shop, id, mutation);
    if (again.kind !== "refused") throw new Error(`expected a refusal, but: ${again.kind}`);
    expect(recall(again.outcome.memory, mutation)).toBe("repeat");
  });

  it("[CA6] hides a tombstone after 7 days, also from a board that was read before", async (shop) => {
    const { id } = await addCard(shop);
    await addCard(shop);
    await remove(shop, id);
    const removed = async () => (await shop.store.readBoard(shop.shopId, day)).removed;
    shop.advance(7 * 86_400_000 - 2_000);
    expect(await removed()).toEqual([{ id, version: 2 }]);
    expect(await removed()).toEqual([{ id, version: 2 }]);
    shop.advance(4_000);
    expect(await removed()).toEqual([]);
    expect(await columnIds(shop, "scheduled")).toHaveLength(1);
  });

  it("[CA6] knows nothing any more of a tombstone that has expired", async (shop) => {
    const { id } = await addCard(shop);
    await remove(shop, id, { id: "gone", hash: "h" });
    shop.advance(8 * 86_400_000);
    expect(await remove(shop, id)).toEqual({ kind: "not_found" });
    expect(await workshop.move(shop, { id, version: 2 }, "ready")).toEqual({ kind: "not_found" });
    expect(await shop.store.readAppointment(shop.shopId, id)).toBeUndefined();
  });

  it("[CA6] leaves the other cards of the column as they are", async (shop) => {
    const cards = await workshop.addCards(shop, 5);
    const [, , third] = cards;
    if (third === undefined) throw new Error("five cards were made");
    await remove(shop, third.id);
    const rest = cards.filter((card) => card !== third);
    expect(await workshop.column(shop, "scheduled")).toStrictEqual(rest);
    expect(cardOf(await itemOf(shop, cards[0]?.id ?? "")).card).toStrictEqual(cards[0]);
  });
}
