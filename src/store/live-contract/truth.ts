import { expect } from "vitest";
import { addCard, addCards, edit, moveOk, nextDay, remove } from "../contract/workshop.ts";
import { type LiveTest, type LiveWorkshop, reset } from "./workshop.ts";

/** What a board read at the same moment adds up to. */
async function sumOf({ shop, board }: LiveWorkshop) {
  const { epoch, rev, cards } = await shop.store.readBoard(board.shopId, board.date);
  return { epoch, rev, cards: cards.length, versionSum: cards.reduce((sum, { version }) => sum + version, 0) };
}

/** What is published, beside the truth. */
export function truthContract(it: LiveTest): void {
  it("[LV6] gives a board read the newest revision and the same epoch", async ({ live, rival, shop, board }) => {
    const read = () => shop.store.readBoard(board.shopId, board.date);
    await addCard(shop);
    const before = await read();
    const { epoch } = await live.append(board, [reset(shop)]);
    const after = await read();
    expect([before.rev, after.rev, before.epoch, after.epoch]).toEqual([0, 1, epoch, epoch]);
    expect(after.cards).toStrictEqual(before.cards);
    await rival.append(board, [reset(shop), reset(shop)]);
    expect((await read()).rev).toBe(3);
    expect(before.rev).toBe(0);
  });

  it("[WS3] fingerprints the truth: its cards, the sum of their versions, no tombstones", async (workshop) => {
    const { live, rival, shop, board } = workshop;
    const expectAgreement = async (cards: number, versionSum: number) => {
      const fingerprint = await live.fingerprint(board);
      expect(fingerprint).toStrictEqual(await sumOf(workshop));
      expect(fingerprint).toStrictEqual(await rival.fingerprint(board));
      expect(fingerprint).toMatchObject({ cards, versionSum });
    };
    await expectAgreement(0, 0);
    const [moved, left, gone] = await addCards(shop, 3);
    if (!moved || !left || !gone) throw new Error("three cards were added");
    await expectAgreement(3, 3);
    await moveOk(shop, moved, "ready");
    await expectAgreement(3, 4);
    await remove(shop, gone.id);
    await edit(shop, left.id, { date: nextDay });
    await expectAgreement(1, 2);
    await live.append(board, [reset(shop), reset(shop)]);
    expect((await live.fingerprint(board)).rev).toBe(2);
    await edit(shop, left.id, { date: board.date });
    await expectAgreement(2, 5);
  });

  it("[AU5] fingerprints each shop's board for itself", async (workshop) => {
    const { live, shop, board } = workshop;
    const other = await workshop.neighbour();
    const { id } = await addCard(shop);
    await addCard(other.shop, { id });
    await edit(other.shop, id, { notes: "theirs" });
    await live.append(other.board, [reset(shop)]);
    expect(await live.fingerprint(board)).toMatchObject({ rev: 0, cards: 1, versionSum: 1 });
    expect(await live.fingerprint(other.board)).toMatchObject({ rev: 1, cards: 1, versionSum: 2 });
  });
}
