import { type Appointment, limits } from "@status-board/contracts";
import { ulid } from "ulid";
import { expect } from "vitest";
import { moved, respaced, type StoredCard } from "../../domain/appointment.ts";
import { type Anchor, place } from "../../domain/place.ts";
import type { Workshop, WorkshopTest } from "./workshop.ts";
import * as workshop from "./workshop.ts";

const { addCard, addCards, anna, bob, column, columnIds, edit, everything, expectRanked, move, moveOk, stored } =
  workshop;

/** A column whose two cards in the middle stand so close that nothing fits between them any more. */
async function tightColumn(shop: Workshop, size: number): Promise<{ cards: Appointment[]; gap: Anchor }> {
  const cards = await addCards(shop, size, { status: "ready" });
  const at = Math.floor(size / 2);
  const [lower, upper] = [cards[at - 1], cards[at]];
  if (!lower || !upper) throw new Error("the column is too short");
  const prefix = lower.rank.padEnd(limits.rankMaxCharacters - 1, "0");
  await edit(shop, lower.id, { rank: `${prefix}1` });
  await edit(shop, upper.id, { rank: `${prefix}2` });
  return { cards: await column(shop, "ready"), gap: { kind: "before", id: upper.id } };
}

const storedAll = (shop: Workshop, cards: readonly Appointment[]): Promise<StoredCard[]> =>
  Promise.all(cards.map(({ id }) => stored(shop, id)));

/** What becomes of a column where ranks leave no room (MV5). */
export function respacingContract(it: WorkshopTest): void {
  for (const size of [2, 9, 40])
    it(`[MV5] re-spaces up to 25 neighbours for a move into a tight column of ${size}`, async (shop) => {
      const { cards, gap } = await tightColumn(shop, size);
      const card = await addCard(shop);
      const before = await storedAll(shop, cards);
      const own = await stored(shop, card.id);
      const placed = place(cards, card.id, gap, () => 0);
      expect(placed.respaced).toHaveLength(Math.min(size, limits.respacedMaxCards));
      shop.advance(1_000);
      const current = await moveOk(shop, card, "ready", { anchor: gap, by: bob, random: () => 0 });
      const at = shop.now();
      expect(current).toStrictEqual(moved(own, { to: "ready", rank: placed.rank, by: bob, at }));
      const newRanks = new Map(placed.respaced.map(({ id, rank }) => [id, rank]));
      const expected = before.map((item) => {
        const rank = newRanks.get(item.card.id);
        return rank === undefined ? item : respaced(item, rank, at);
      });
      expect(await storedAll(shop, cards)).toStrictEqual(expected);
      const order = cards.map(({ id }) => id).toSpliced(Math.floor(size / 2), 0, card.id);
      expect(await columnIds(shop, "ready")).toEqual(order);
      expectRanked(await column(shop, "ready"));
    });

  it("[MV5] makes room between equal ranks, also for a card of the same column", async (shop) => {
    const cards = await addCards(shop, 6);
    for (const { id } of cards) await edit(shop, id, { rank: "V" });
    const [first, ...rest] = await columnIds(shop, "scheduled");
    if (first === undefined) throw new Error("six cards were made");
    const anchor: Anchor = { kind: "after", id: rest[1] ?? "" };
    const { card } = await moveOk(shop, { id: first, version: 2 }, "scheduled", { anchor });
    expect(card.version).toBe(3);
    expect(await columnIds(shop, "scheduled")).toEqual(rest.toSpliced(2, 0, first));
    const versions = (await column(shop, "scheduled")).map(({ version }) => version);
    expect(versions).toEqual([3, 3, 3, 3, 3, 3]);
    expectRanked(await column(shop, "scheduled"));
  });

  it("[MV5] leaves a neighbour's memory as it is and its way back usable", async (shop) => {
    const [lower, upper] = await addCards(shop, 2, { status: "ready" });
    if (!lower || !upper) throw new Error("two cards were made");
    const prefix = lower.rank.padEnd(limits.rankMaxCharacters - 4, "0");
    await edit(shop, lower.id, { rank: `${prefix}0001` }, { id: "e1", hash: "h" });
    // Room for exactly one card, so that the next one finds none.
    await edit(shop, upper.id, { rank: `${prefix}1002` });
    const between: Anchor = { kind: "after", id: lower.id };
    const neighbour = await addCard(shop);
    await moveOk(shop, neighbour, "ready", { anchor: between, mutation: { id: "m1", hash: "h" } });
    const before = await storedAll(shop, [lower, neighbour, upper]);
    const card = await addCard(shop);
    await moveOk(shop, card, "ready", { anchor: between, by: bob, mutation: { id: "m2", hash: "h" } });
    const after = await storedAll(shop, [lower, neighbour, upper]);
    expect(after).toStrictEqual(before.map((item, index) => respaced(item, after[index]?.card.rank ?? "", shop.now())));
    expect(after[1]?.undo).toMatchObject({ mutationId: "m1", version: 3, by: anna.id });
    expect(await columnIds(shop, "ready")).toEqual([lower.id, card.id, neighbour.id, upper.id]);
  });

  it("[MV2] changes nothing at all when a move that needed room is refused", async (shop) => {
    const { gap } = await tightColumn(shop, 9);
    const card = await addCard(shop);
    const mutation = { id: "m1", hash: "h" };
    const current = await moveOk(shop, card, "scheduled", { mutation });
    const gone = await addCard(shop);
    await workshop.remove(shop, gone.id);
    const before = await everything(shop);
    const refused = { kind: "refused", current };
    expect(await move(shop, card, "ready", { anchor: gap })).toStrictEqual(refused);
    expect(await move(shop, current.card, "ready", { anchor: gap, from: ["no_show"] })).toStrictEqual(refused);
    expect(await move(shop, current.card, "ready", { anchor: gap, mutation })).toStrictEqual(refused);
    expect((await move(shop, gone, "ready", { anchor: gap })).kind).toBe("refused");
    expect((await move(shop, { id: ulid(), version: 1 }, "ready", { anchor: gap })).kind).toBe("not_found");
    expect(await everything(shop)).toStrictEqual(before);
    expect((await move(shop, current.card, "ready", { anchor: gap })).kind).toBe("moved");
  });

  it("[MV5] makes room at the end of a column for a new and a rescheduled card", async (shop) => {
    const { date } = await addCard(shop);
    const last = await addCard(shop);
    await edit(shop, last.id, { rank: "z".repeat(limits.rankMaxCharacters) });
    const added = await addCard(shop);
    const guest = await addCard(shop, { date: workshop.nextDay });
    await edit(shop, guest.id, { date });
    expect((await columnIds(shop, "scheduled")).slice(1)).toEqual([last.id, added.id, guest.id]);
    expectRanked(await column(shop, "scheduled"));
  });
}
