import { limits } from "@status-board/contracts";
import { expect } from "vitest";
import { addCard, addCards, edit, moveOk, nextDay, remove } from "../contract/workshop.ts";
import type { ChangeEntry, Revision } from "../live-store.ts";
import { changed, entriesOf, type LiveTest, type LiveWorkshop, plenty, reset } from "./workshop.ts";

/** As many revisions, each of one new card. */
async function newRevisions({ shop, changeOf }: LiveWorkshop, count: number): Promise<Revision[]> {
  const cards = await addCards(shop, count);
  return Promise.all(cards.map(async ({ id }) => changed(shop, await changeOf(id))));
}

const opsBytes = (entry: ChangeEntry): number =>
  entry.kind === "changes" ? Buffer.byteLength(JSON.stringify(entry.ops)) : 0;

/** Revisions: their numbers, and what is read back of them. */
export function appendContract(it: LiveTest): void {
  it("[LV2] has a board without any change at revision 0", async ({ live, shop, board }) => {
    const { epoch } = await shop.store.readBoard(board.shopId, board.date);
    expect(await live.head(board)).toStrictEqual({ epoch, rev: 0 });
    expect(await live.entries(board, 0, plenty)).toEqual([]);
  });

  it("[LV2] numbers revisions from 1 in their order, and reads back what was published", async (workshop) => {
    const { live, rival, shop, board, changeOf } = workshop;
    const [one, two, three] = await addCards(shop, 3);
    if (!one || !two || !three) throw new Error("three cards were added");
    await moveOk(shop, one, "ready");
    await remove(shop, two.id);
    const first = changed(shop, await changeOf(one.id), await changeOf(two.id));
    shop.advance(1_000);
    const more = [reset(shop), changed(shop, await changeOf(three.id))];
    const { epoch } = await live.head(board);
    expect(await live.append(board, [first])).toStrictEqual({ epoch, firstRev: 1 });
    expect(await live.append(board, more)).toStrictEqual({ epoch, firstRev: 2 });
    const published = [...entriesOf([first], 1), ...entriesOf(more, 2)];
    expect(published[0]).toMatchObject({ ops: [{ op: "upsert" }, { op: "remove" }] });
    for (const reader of [live, rival]) {
      expect(await reader.head(board)).toStrictEqual({ epoch, rev: 3 });
      expect(await reader.entries(board, 0, plenty)).toStrictEqual(published);
      expect(await reader.entries(board, 2, plenty)).toStrictEqual(published.slice(2));
      expect(await reader.entries(board, 3, plenty)).toEqual([]);
    }
  });

  it("[LV2] sees at once what another publisher appended", async ({ live, rival, shop, board }) => {
    for (let rev = 1; rev <= 6; rev++) {
      const [writer, reader] = rev % 2 === 0 ? [live, rival] : [rival, live];
      expect((await writer.append(board, [reset(shop)])).firstRev).toBe(rev);
      expect((await reader.head(board)).rev).toBe(rev);
      expect(await reader.entries(board, rev - 1, plenty)).toHaveLength(1);
    }
  });

  it("[LV2] numbers what two publishers append at once without a hole, each one's in a row", async (workshop) => {
    const { live, rival, board } = workshop;
    const revisions = await newRevisions(workshop, 24);
    const batches = Array.from({ length: 12 }, (_, index) => revisions.slice(2 * index, 2 * index + 1 + (index % 2)));
    const answers = await Promise.all(
      batches.map((batch, index) => (index % 4 < 2 ? live : rival).append(board, batch)),
    );
    const published = batches.flatMap((batch, index) => entriesOf(batch, answers[index]?.firstRev ?? 0));
    const inOrder = published.toSorted((one, other) => one.rev - other.rev);
    expect(inOrder.map(({ rev }) => rev)).toEqual(Array.from({ length: 18 }, (_, index) => index + 1));
    expect(await live.entries(board, 0, plenty)).toStrictEqual(inOrder);
    expect((await rival.head(board)).rev).toBe(18);
  });

  it("[LV3] reads entries as long as their ops stay within the bytes asked for, and always the first", async (workshop) => {
    const { live, board } = workshop;
    const revisions = await newRevisions(workshop, 4);
    await live.append(board, revisions);
    const published = entriesOf(revisions, 1);
    const bytes = published.map(opsBytes);
    const [, second = 0, third = 0] = bytes;
    const read = (maxBytes: number) => live.entries(board, 1, maxBytes);
    expect(await read(second + third)).toStrictEqual(published.slice(1, 3));
    expect(await read(second + third - 1)).toStrictEqual(published.slice(1, 2));
    expect(await read(1)).toStrictEqual(published.slice(1, 2));
    expect(await read(plenty)).toStrictEqual(published.slice(1));
  });

  it("[LV3] reads revisions back that are as large as they may be", async ({ live, shop, board, changeOf }) => {
    const cards = await Promise.all(Array.from({ length: 4 }, () => addCard(shop, { notes: "ä".repeat(3_000) })));
    const revision = changed(shop, ...(await Promise.all(cards.map(({ id }) => changeOf(id)))));
    const revisions = Array.from({ length: limits.batchMaxRevisions }, () => revision);
    await live.append(board, revisions);
    expect(await live.entries(board, 0, plenty)).toStrictEqual(entriesOf(revisions, 1));
  });

  it("[LV2] keeps entries for 48 hours and heads for good", async ({ live, rival, shop, board }) => {
    const { epoch } = await live.head(board);
    await live.append(board, [reset(shop), reset(shop)]);
    shop.advance(limits.changeKeptMs - 1_000);
    await live.append(board, [reset(shop)]);
    expect(await live.entries(board, 0, plenty)).toHaveLength(3);
    shop.advance(1_000);
    expect(await live.entries(board, 0, plenty)).toBeUndefined();
    expect(await live.entries(board, 1, plenty)).toBeUndefined();
    expect((await live.entries(board, 2, plenty))?.map(({ rev }) => rev)).toEqual([3]);
    shop.advance(limits.changeKeptMs);
    expect(await live.entries(board, 2, plenty)).toBeUndefined();
    expect(await live.entries(board, 3, plenty)).toEqual([]);
    expect(await rival.head(board)).toStrictEqual({ epoch, rev: 3 });
    expect(await rival.append(board, [reset(shop)])).toStrictEqual({ epoch, firstRev: 4 });
  });

  it("[LV2] counts each board's revisions for itself", async ({ live, shop, board }) => {
    const other = { ...board, date: nextDay };
    await live.append(board, [reset(shop), reset(shop)]);
    expect((await live.append(other, [reset(shop)])).firstRev).toBe(1);
    expect((await live.head(board)).rev).toBe(2);
    expect(await live.entries(other, 0, plenty)).toHaveLength(1);
  });

  it("[AU5] keeps the revisions of two shops apart", async (workshop) => {
    const { live, shop, board, changeOf } = workshop;
    const other = await workshop.neighbour();
    const card = await addCard(shop);
    const mine = changed(shop, await changeOf(card.id));
    await addCard(other.shop, { id: card.id });
    await edit(other.shop, card.id, { notes: "theirs" });
    const theirs = [reset(shop), changed(shop, await other.changeOf(card.id))];
    await live.append(board, [mine]);
    expect((await live.append(other.board, theirs)).firstRev).toBe(1);
    expect((await live.head(board)).rev).toBe(1);
    expect(await live.entries(board, 0, plenty)).toStrictEqual(entriesOf([mine], 1));
    expect(await live.entries(other.board, 0, plenty)).toStrictEqual(entriesOf(theirs, 1));
  });
}
