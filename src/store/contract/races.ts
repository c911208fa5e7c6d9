import type { Appointment } from "@status-board/contracts";
import { expect } from "vitest";
import { nextCard } from "../../domain/appointment.ts";
import type { Anchor } from "../../domain/place.ts";
import type { Workshop, WorkshopTest } from "./workshop.ts";
import * as workshop from "./workshop.ts";

const { addCard, addCards, anna, cardOf, column, columnIds, edit, expectRanked, move, stored, tally } = workshop;

/** An edit that holds only from the version in hand. */
const editFrom = (shop: Workshop, { id, version }: Appointment, notes: string) =>
  shop.store.changeAppointment({
    shopId: shop.shopId,
    id,
    decide: (current) => {
      const { card } = cardOf(current);
      return card.version === version
        ? { kind: "write", item: nextCard(card, { notes }, anna, shop.now()) }
        : { kind: "refuse", outcome: "stale" };
    },
    random: Math.random,
  });

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** Writes that arrive at once. */
export function raceContract(it: WorkshopTest): void {
  it("[MV3] lets exactly one of 50 moves of one card from one version win", async (shop) => {
    const card = await addCard(shop);
    const moves = times(50, (index) => move(shop, card, "ready", { mutation: { id: `m${index}`, hash: "h" } }));
    expect(await tally(moves)).toEqual({ moved: 1, refused: 49 });
    const winner = (await Promise.all(moves)).find(({ kind }) => kind === "moved");
    const current = await stored(shop, card.id);
    expect(winner).toStrictEqual({ kind: "moved", current });
    expect(current.card.version).toBe(2);
    expect(current.memory).toHaveLength(1);
  });

  it("[MV4] gives a move that is sent 20 times at once one effect", async (shop) => {
    const card = await addCard(shop);
    const mutation = { id: "m1", hash: "h" };
    expect(await tally(times(20, () => move(shop, card, "ready", { mutation })))).toEqual({ moved: 1, refused: 19 });
    expect((await stored(shop, card.id)).memory).toEqual([{ ...mutation, version: 2 }]);
  });

  it("[MV3] moves 50 different cards at once without a conflict", async (shop) => {
    const cards = await addCards(shop, 50);
    expect(await tally(cards.map((card) => move(shop, card, "ready")))).toEqual({ moved: 50 });
    expect((await columnIds(shop, "ready")).toSorted()).toEqual(cards.map(({ id }) => id).toSorted());
    expectRanked(await column(shop, "ready"));
  });

  it("[MV5] keeps all cards that are put at one place at once, in one order for all", async (shop) => {
    const [first, last] = await addCards(shop, 2, { status: "ready" });
    const cards = await addCards(shop, 10);
    const anchor: Anchor = { kind: "after", id: first?.id ?? "" };
    expect(await tally(cards.map((card) => move(shop, card, "ready", { anchor })))).toEqual({ moved: 10 });
    const reads = await Promise.all(times(5, () => columnIds(shop, "ready")));
    for (const ids of reads) expect(ids).toEqual(reads[0]);
    expect(reads[0]?.slice(1, -1).toSorted()).toEqual(cards.map(({ id }) => id).toSorted());
    expect([reads[0]?.at(0), reads[0]?.at(-1)]).toEqual([first?.id, last?.id]);
    expectRanked(await column(shop, "ready"));
  });

  it("[MV5] keeps both of two cards that chance gives one rank, and makes room between them", async (shop) => {
    await addCard(shop, { status: "ready" });
    const cards = await addCards(shop, 2);
    await tally(cards.map((card) => move(shop, card, "ready", { random: () => 0.5 })));
    for (const { id } of cards) await edit(shop, id, { rank: "z" });
    const [, upper] = cards.map(({ id }) => id).toSorted();
    const between = await addCard(shop);
    expect((await move(shop, between, "ready", { anchor: { kind: "before", id: upper ?? "" } })).kind).toBe("moved");
    expect((await columnIds(shop, "ready")).slice(1)).toEqual(
      cards
        .map(({ id }) => id)
        .toSorted()
        .toSpliced(1, 0, between.id),
    );
  });

  it("[MV2] lets one of an edit and a move from one version win, and loses neither's effect", async (shop) => {
    for (const card of await addCards(shop, 10)) {
      const [edited, moved] = await Promise.all([editFrom(shop, card, "edited"), move(shop, card, "ready")]);
      expect([`edit ${edited.kind}`, `move ${moved.kind}`]).toSatisfy(
        (kinds: string[]) => kinds.join() === "edit written,move refused" || kinds.join() === "edit refused,move moved",
      );
      const after = await stored(shop, card.id);
      expect(after.card.version).toBe(2);
      expect([after.card.status, after.card.notes]).toEqual(
        moved.kind === "moved" ? ["ready", card.notes] : ["scheduled", "edited"],
      );
    }
  });

  it("[AP2] lets one of 20 edits from one version win", async (shop) => {
    const card = await addCard(shop);
    expect(await tally(times(20, (index) => editFrom(shop, card, `note ${index}`)))).toEqual({
      written: 1,
      refused: 19,
    });
    expect((await stored(shop, card.id)).card.version).toBe(2);
  });

  it("[CA1] asks a decision again after a lost race, so that edits of any version all hold", async (shop) => {
    const { id } = await addCard(shop);
    const edits = await Promise.all(times(3, (index) => edit(shop, id, {}, { id: `e${index}`, hash: "h" })));
    expect(edits.map(({ card }) => card.version).toSorted()).toEqual([2, 3, 4]);
    expect((await stored(shop, id)).memory).toHaveLength(3);
  });

  it("[CA6] lets one of a removal and a move win, and leaves a card or a tombstone, never both", async (shop) => {
    for (const card of await addCards(shop, 5)) {
      const [removed, moved] = await Promise.all([workshop.remove(shop, card.id), move(shop, card, "ready")]);
      expect(removed).toEqual({ kind: "removed", version: moved.kind === "moved" ? 3 : 2 });
      expect(await shop.store.readAppointment(shop.shopId, card.id)).toBeUndefined();
    }
    const board = await shop.store.readBoard(shop.shopId, workshop.day);
    expect([board.cards.length, board.removed.length]).toEqual([0, 5]);
  });

  it("[MV5] loses nothing when a re-spacing and moves of its neighbours come at once", async (shop) => {
    const neighbours = await addCards(shop, 8, { status: "ready" });
    for (const { id } of neighbours) await edit(shop, id, { rank: "V" });
    const tight = await column(shop, "ready");
    const guests = await addCards(shop, 2);
    const anchor: Anchor = { kind: "position", position: 4 };
    const [firstMove, secondMove, ...others] = await Promise.all([
      ...guests.map((card) => move(shop, card, "ready", { anchor })),
      ...tight.slice(0, 3).map((card) => move(shop, card, "completed")),
    ]);
    expect([firstMove?.kind, secondMove?.kind]).toEqual(["moved", "moved"]);
    const left = tight.filter((_, index) => others[index]?.kind === "moved").map(({ id }) => id);
    expect((await columnIds(shop, "completed")).toSorted()).toEqual(left.toSorted());
    for (const result of others)
      if (result.kind === "refused") expect(cardOf(result.current).card.updatedBy.id).toBe("system");
    const ready = await column(shop, "ready");
    expect(ready).toHaveLength(10 - left.length);
    expectRanked(ready);
    const stayed = tight.map(({ id }) => id).filter((id) => !left.includes(id));
    expect(ready.map(({ id }) => id).filter((id) => stayed.includes(id))).toEqual(stayed);
  });
}
