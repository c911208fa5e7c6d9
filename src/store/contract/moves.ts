import { type Appointment, isAllowed, type Status, sourcesOf, statuses } from "@status-board/contracts";
import { ulid } from "ulid";
import { expect } from "vitest";
import { moved } from "../../domain/appointment.ts";
import { type Anchor, place } from "../../domain/place.ts";
import type { Workshop, WorkshopTest } from "./workshop.ts";
import * as workshop from "./workshop.ts";

const { addCard, addCards, anna, bob, column, columnIds, everything, move, moveOk, stored } = workshop;

/** Moves: the condition, the new card, its place and its memory. */
export function moveContract(it: WorkshopTest): void {
  it("[MV2] moves a card to exactly what the domain makes of it", async (shop) => {
    const card = await addCard(shop);
    const others = await addCards(shop, 3, { status: "in_progress" });
    const before = await stored(shop, card.id);
    shop.advance(1_000);
    const mutation = { id: "m1", hash: "h1" };
    const anchor: Anchor = { kind: "position", position: 1 };
    const { rank } = place(others, card.id, anchor, () => 0.5);
    const result = await move(shop, card, "in_progress", { anchor, by: bob, mutation, random: () => 0.5 });
    const expected = moved(before, { to: "in_progress", rank, mutation, by: bob, at: shop.now() });
    expect(result).toStrictEqual({ kind: "moved", current: expected });
    expect(await stored(shop, card.id)).toStrictEqual(expected);
    expect((await column(shop, "in_progress"))[1]).toStrictEqual(expected.card);
    expect(await columnIds(shop, "scheduled")).toEqual([]);
  });

  it("[CA1] gives a card that moves nowhere a new version all the same", async (shop) => {
    const card = await addCard(shop);
    const { card: after } = await moveOk(shop, card, "scheduled");
    expect(after.version).toBe(2);
    expect(await columnIds(shop, "scheduled")).toEqual([card.id]);
  });

  refusals(it);
  places(it);
  memory(it);

  it("[CA4] sets the check times by the target column alone, for every transition", async (shop) => {
    const checkInAt = "2031-03-02T07:00:00.000Z";
    const checkOutAt = "2031-03-02T17:00:00.000Z";
    for (const times of [{}, { checkInAt }, { checkInAt, checkOutAt }])
      for (const [from, to] of transitions) await expectCheckTimes(shop, from, to, times);
  });
}

type CheckTimes = Pick<Appointment, "checkInAt" | "checkOutAt">;
const transitions = statuses.flatMap((from) =>
  statuses.filter((to) => isAllowed(from, to)).map((to): [Status, Status] => [from, to]),
);

async function expectCheckTimes(shop: Workshop, from: Status, to: Status, times: CheckTimes): Promise<void> {
  const now = shop.now();
  const expected: Record<Status, CheckTimes> = {
    scheduled: {},
    no_show: {},
    in_progress: { checkInAt: times.checkInAt ?? now },
    ready: { checkInAt: times.checkInAt ?? now },
    completed: { ...times, checkOutAt: times.checkOutAt ?? now },
  };
  const { card } = await moveOk(shop, await addCard(shop, { status: from, ...times }), to);
  const { checkInAt, checkOutAt } = card;
  expect({ from, to, checkInAt, checkOutAt }).toEqual({ from, to, ...expected[to] });
  expect((await stored(shop, card.id)).card).toStrictEqual(card);
}

function refusals(it: WorkshopTest): void {
  it("[MV2] refuses a move from a stale version with the current card, and changes nothing", async (shop) => {
    const card = await addCard(shop);
    const current = await moveOk(shop, card, "in_progress", { mutation: { id: "m1", hash: "h1" } });
    const before = await everything(shop);
    for (const version of [1, 3, 2_147_483_647])
      expect(await move(shop, { id: card.id, version }, "ready")).toStrictEqual({ kind: "refused", current });
    expect(await everything(shop)).toStrictEqual(before);
  });

  it("[MV1] refuses a move out of a column that is not among its sources", async (shop) => {
    const card = await addCard(shop, { status: "completed" });
    const current = await stored(shop, card.id);
    const before = await everything(shop);
    for (const from of [["scheduled", "in_progress"], ["ready"], []] as const)
      expect(await move(shop, card, "ready", { from })).toStrictEqual({ kind: "refused", current });
    expect(await everything(shop)).toStrictEqual(before);
  });

  it("[AU4] keeps a technician's move out of the front desk's columns", async (shop) => {
    const from = sourcesOf("ready", "technician");
    const closed = await addCard(shop, { status: "completed" });
    expect((await move(shop, closed, "ready", { from })).kind).toBe("refused");
    const open = await addCard(shop, { status: "in_progress" });
    expect((await move(shop, open, "ready", { from })).kind).toBe("moved");
  });

  it("[MV4] refuses a mutation that the card remembers, whatever version it expects", async (shop) => {
    const card = await addCard(shop);
    const mutation = { id: "m1", hash: "h1" };
    await moveOk(shop, card, "in_progress", { mutation });
    const current = await moveOk(shop, { id: card.id, version: 2 }, "ready");
    for (const version of [1, 2, 3]) {
      const item = { id: card.id, version };
      expect(await move(shop, item, "ready", { mutation })).toStrictEqual({ kind: "refused", current });
      const reused = { ...mutation, hash: "other" };
      expect(await move(shop, item, "ready", { mutation: reused })).toStrictEqual({ kind: "refused", current });
    }
    expect(await stored(shop, card.id)).toStrictEqual(current);
  });

  it("[HT5] knows each of the last 4 mutations, and forgets the one before", async (shop) => {
    const { id } = await addCard(shop);
    for (let version = 1; version <= 5; version++)
      await moveOk(shop, { id, version }, "scheduled", { mutation: { id: `m${version}`, hash: "h" } });
    const attempt = (name: string) =>
      move(shop, { id, version: 6 }, "scheduled", { mutation: { id: name, hash: "h" } });
    for (const name of ["m2", "m3", "m4", "m5"]) expect((await attempt(name)).kind).toBe("refused");
    expect((await attempt("m1")).kind).toBe("moved");
  });

  it("[HT2] answers not_found for an id that never was", async (shop) => {
    await addCard(shop);
    expect(await move(shop, { id: ulid(), version: 1 }, "ready")).toEqual({ kind: "not_found" });
  });

  it("[CA6] refuses a move of a removed card with its tombstone", async (shop) => {
    const card = await addCard(shop);
    await workshop.remove(shop, card.id, { id: "gone", hash: "h" });
    const current = await workshop.itemOf(shop, card.id);
    expect(current?.kind).toBe("tombstone");
    for (const version of [1, 2])
      expect(await move(shop, { id: card.id, version }, "ready")).toStrictEqual({ kind: "refused", current });
    expect(await columnIds(shop, "ready")).toEqual([]);
  });
}

function places(it: WorkshopTest): void {
  const landing = async (shop: Workshop, anchorOf: (ids: readonly string[]) => Anchor): Promise<number> => {
    const ids = (await addCards(shop, 3, { status: "ready" })).map(({ id }) => id);
    const card = await addCard(shop);
    await moveOk(shop, card, "ready", { anchor: anchorOf(ids) });
    const now = await columnIds(shop, "ready");
    expect(now.filter((id) => id !== card.id)).toEqual(ids);
    workshop.expectRanked(await column(shop, "ready"));
    return now.indexOf(card.id);
  };
  const after = (id: string | undefined): Anchor => ({ kind: "after", id: id ?? "" });
  const before = (id: string | undefined): Anchor => ({ kind: "before", id: id ?? "" });
  const cases: [string, (ids: readonly string[]) => Anchor, number][] = [
    ["the end", () => ({ kind: "end" }), 3],
    ["position 0", () => ({ kind: "position", position: 0 }), 0],
    ["position 2", () => ({ kind: "position", position: 2 }), 2],
    ["a position beyond the end", () => ({ kind: "position", position: 4_000_000_000 }), 3],
    ["after the first", ([id]) => after(id), 1],
    ["after the last", (ids) => after(ids[2]), 3],
    ["before the first", ([id]) => before(id), 0],
    ["before the last", (ids) => before(ids[2]), 2],
    ["after a card that is not there", () => after(ulid()), 3],
    ["before a card that is not there", () => before(ulid()), 3],
  ];
  for (const [name, anchorOf, expected] of cases)
    it(`[MV6] brings a card to another column: ${name}`, async (shop) => {
      expect(await landing(shop, anchorOf)).toBe(expected);
    });

  it("[MV6] counts positions in the card's own column without the card", async (shop) => {
    const [a, b, c] = await addCards(shop, 3);
    if (!a || !b || !c) throw new Error("three cards were made");
    const first = await moveOk(shop, a, "scheduled", { anchor: { kind: "position", position: 1 } });
    expect(await columnIds(shop, "scheduled")).toEqual([b.id, a.id, c.id]);
    await moveOk(shop, first.card, "scheduled", { anchor: { kind: "position", position: 2 } });
    expect(await columnIds(shop, "scheduled")).toEqual([b.id, c.id, a.id]);
    await moveOk(shop, c, "scheduled", { anchor: { kind: "before", id: b.id } });
    expect(await columnIds(shop, "scheduled")).toEqual([c.id, b.id, a.id]);
  });

  it("[MV6] takes an anchor that stands in another column, on another day or is removed for the end", async (shop) => {
    const [first] = await addCards(shop, 3, { status: "ready" });
    const elsewhere = await addCard(shop, { status: "no_show" });
    const tomorrow = await addCard(shop, { status: "ready", date: workshop.nextDay });
    const gone = await addCard(shop, { status: "ready" });
    await workshop.remove(shop, gone.id);
    for (const { id } of [elsewhere, tomorrow, gone]) {
      const card = await addCard(shop);
      await moveOk(shop, card, "ready", { anchor: { kind: "before", id } });
      const ids = await columnIds(shop, "ready");
      expect([ids[0], ids.at(-1)]).toEqual([first?.id, card.id]);
    }
  });
}

function memory(it: WorkshopTest): void {
  it("[HT5] remembers the last 4 mutations, newest first, with the versions they made", async (shop) => {
    const { id } = await addCard(shop);
    for (let version = 1; version <= 6; version++)
      await moveOk(shop, { id, version }, "scheduled", { mutation: { id: `m${version}`, hash: `h${version}` } });
    expect((await stored(shop, id)).memory).toStrictEqual(
      [6, 5, 4, 3].map((made) => ({ id: `m${made}`, hash: `h${made}`, version: made + 1 })),
    );
  });

  it("[HT5] shifts nothing for a move without a mutation", async (shop) => {
    const { id } = await addCard(shop);
    const named = await moveOk(shop, { id, version: 1 }, "in_progress", { mutation: { id: "m1", hash: "h1" } });
    const plain = await moveOk(shop, named.card, "ready");
    expect(plain.memory).toStrictEqual([{ id: "m1", hash: "h1", version: 2 }]);
    expect((await stored(shop, id)).memory).toStrictEqual(plain.memory);
  });

  it("[MV7] keeps the way back of a move with a mutation, and only of the last move", async (shop) => {
    const card = await addCard(shop, { status: "in_progress", checkInAt: "2031-03-02T07:00:00.000Z" });
    const { rank } = card;
    const at = shop.now();
    const first = await moveOk(shop, card, "completed", { mutation: { id: "m1", hash: "h1" } });
    const undo = { mutationId: "m1", version: 2, at, by: anna.id, status: "in_progress", rank };
    expect(first.undo).toStrictEqual({ ...undo, checkInAt: "2031-03-02T07:00:00.000Z" });
    expect((await stored(shop, card.id)).undo).toStrictEqual(first.undo);
    const second = await moveOk(shop, first.card, "ready");
    expect(second).not.toHaveProperty("undo");
    expect(await stored(shop, card.id)).toStrictEqual(second);
  });
}
