import type { HistoryItem } from "@status-board/contracts";
import { ulid } from "ulid";
import { expect } from "vitest";
import { addCard, anna, bob, remove } from "../contract/workshop.ts";
import type { HistoryLine } from "../live-store.ts";
import type { LiveTest, LiveWorkshop } from "./workshop.ts";

const lineOf = (id: string, item: Pick<HistoryItem, "version"> & Partial<HistoryItem>): HistoryLine => ({
  id,
  item: { at: "2031-03-03T08:00:00.000Z", by: anna, change: "edited", ...item },
});

const versionsOf = async ({ live, shop }: LiveWorkshop, id: string) =>
  (await live.readHistory(shop.shopId, id))?.map(({ version }) => version);

/** Cards' histories. */
export function historyContract(it: LiveTest): void {
  it("[LV2] reads a card's history oldest first, whole, in whatever order it was written", async (workshop) => {
    const { live, shop } = workshop;
    const { id } = await addCard(shop);
    expect(await live.readHistory(shop.shopId, id)).toEqual([]);
    const moved = lineOf(id, { version: 2, change: "moved", from: "scheduled", to: "ready", by: bob });
    await live.addHistory(shop.shopId, [moved, lineOf(id, { version: 10 })]);
    await live.addHistory(shop.shopId, [lineOf(id, { version: 1, change: "created" })]);
    const more = Array.from({ length: 110 }, (_, index) => lineOf(id, { version: 110 - index }));
    await live.addHistory(shop.shopId, more.slice(0, 55));
    await live.addHistory(shop.shopId, more.slice(55));
    expect(await versionsOf(workshop, id)).toEqual(more.map((_, index) => index + 1));
    const history = await live.readHistory(shop.shopId, id);
    expect(history?.slice(0, 2)).toStrictEqual([lineOf(id, { version: 1, change: "created" }).item, moved.item]);
  });

  it("[LV7] keeps the first line of a version, however often and by whomever it is written", async (workshop) => {
    const { live, rival, shop } = workshop;
    const { id } = await addCard(shop);
    const first = lineOf(id, { version: 1, change: "created" });
    await live.addHistory(shop.shopId, [first]);
    const others = [lineOf(id, { version: 1, by: bob }), lineOf(id, { version: 2 }), lineOf(id, { version: 2 })];
    await Promise.all([live, rival, live].map((one) => one.addHistory(shop.shopId, others)));
    await live.addHistory(shop.shopId, []);
    const { item: second } = lineOf(id, { version: 2 });
    expect(await rival.readHistory(shop.shopId, id)).toStrictEqual([first.item, second]);
  });

  it("[CA6] keeps the history of a removed card, and knows none of an id that never was", async (workshop) => {
    const { live, shop } = workshop;
    const { id } = await addCard(shop);
    await remove(shop, id);
    await live.addHistory(shop.shopId, [lineOf(id, { version: 2, change: "removed" })]);
    shop.advance(30 * 86_400_000);
    expect(await versionsOf(workshop, id)).toEqual([2]);
    expect(await live.readHistory(shop.shopId, ulid())).toBeUndefined();
  });

  it("[AU5] keeps the histories of two shops with the same ids apart", async (workshop) => {
    const { live, shop } = workshop;
    const other = await workshop.neighbour();
    const { id } = await addCard(shop);
    await live.addHistory(shop.shopId, [lineOf(id, { version: 1 })]);
    expect(await live.readHistory(other.shop.shopId, id)).toBeUndefined();
    await addCard(other.shop, { id });
    expect(await live.readHistory(other.shop.shopId, id)).toEqual([]);
    await live.addHistory(other.shop.shopId, [lineOf(id, { version: 2 })]);
    expect(await versionsOf(workshop, id)).toEqual([1]);
    expect(await versionsOf(other, id)).toEqual([2]);
  });
}
