import { limits, type Status } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { addCard, addCardIn, cardBody, columnIds, edit, move, read } from "../testing/cards.ts";
import { day, nextDay, openWorkshop, tom } from "../testing/workshop.ts";

describe("the version", () => {
  it("[CA1] starts at 1 and rises by exactly 1 with every accepted write, even one that alters nothing", async () => {
    const { manager } = await openWorkshop();
    let card = await addCard(manager, { notes: "x" });
    expect(card.version).toBe(1);
    card = await edit(manager, card, { notes: "x" });
    card = await edit(manager, card, {});
    card = await move(manager, card, "scheduled", { mutationId: "m" });
    expect(card.version).toBe(4);
    card = await manager.ok("undoMove", { id: card.id, body: { mutationId: "m", expectedVersion: 4 } });
    card = await edit(manager, card, { start: `${nextDay}T09:00:00Z`, end: `${nextDay}T09:00:00Z` });
    expect(card.version).toBe(6);
    const removed = await manager.ok("removeAppointment", { id: card.id, query: { expectedVersion: 6 } });
    expect(removed.version).toBe(7);
  });

  it("[CA1] does not rise with a refused write", async () => {
    const { manager } = await openWorkshop();
    const card = await addCard(manager);
    await manager.refused("moveAppointment", { id: card.id, body: { newStatus: "completed", expectedVersion: 1 } });
    await manager.refused("editAppointment", { id: card.id, body: { expectedVersion: 1, technicianId: card.id } });
    expect(await read(manager, card)).toEqual(card);
  });
});

describe("the date", () => {
  it("[CA2] is the shop's own day of the start", async () => {
    const { manager } = await openWorkshop();
    const at = (start: string) => addCard(manager, { start, end: start }).then(({ date }) => date);
    expect(await at("2031-03-03T22:59:59.999Z")).toBe("2031-03-03");
    expect(await at("2031-03-03T23:00:00.000Z")).toBe("2031-03-04");
    expect(await at("2031-07-03T21:59:59.999Z")).toBe("2031-07-03");
    expect(await at("2031-07-03T22:00:00.000Z")).toBe("2031-07-04");
    expect(await at("2031-03-04T07:00:00+14:00")).toBe("2031-03-03");
    expect(await at("2031-03-30T00:59:59.999Z")).toBe("2031-03-30");
  });

  it("[CA2] the same start sent again moves nothing, however it is written", async () => {
    const { manager } = await openWorkshop();
    const cards = [await addCard(manager), await addCard(manager)];
    const [first] = cards;
    const edited = first && (await edit(manager, first, { start: `${day}T10:00:00+01:00` }));
    expect(edited).toMatchObject({ date: day, rank: first?.rank, start: first?.start, version: 2 });
    expect(await columnIds(manager, "scheduled")).toEqual(cards.map(({ id }) => id));
  });

  it("[CA2] another time of the same day keeps the card's place", async () => {
    const { manager } = await openWorkshop();
    const card = await addCard(manager);
    await addCard(manager);
    const edited = await edit(manager, card, { start: `${day}T11:00:00Z`, end: `${day}T12:00:00Z` });
    expect(edited).toMatchObject({ date: day, rank: card.rank });
  });
});

describe("services on a card", () => {
  it("[CA3] the server adds up what they cost", async () => {
    const { manager } = await openWorkshop();
    const card = await addCard(manager, { serviceCodes: ["tire001", "OIL001"] });
    expect(card.services.map(({ code }) => code)).toEqual(["TIRE001", "OIL001"]);
    expect(card.totalCents).toBe(12_900);
    expect((await edit(manager, card, { serviceCodes: ["OIL001"] })).totalCents).toBe(4_900);
  });

  it("[CA3] a later price rewrites no card; codes that are on it keep the line they copied", async () => {
    const { manager } = await openWorkshop();
    const card = await addCard(manager, { serviceCodes: ["OIL001"] });
    const [oil] = (await manager.ok("listServices", { query: { search: "OIL001" } })).items;
    const change = { priceCents: 9_900, name: "Oil, the better one", minutes: 45 };
    await manager.ok("editService", { id: oil?.id ?? "", body: { expectedVersion: 1, ...change } });
    expect(await read(manager, card)).toEqual(card);
    const both = await edit(manager, card, { serviceCodes: ["TIRE001", "oil001"] });
    expect(both.services[1]).toEqual(card.services[0]);
    expect(both.totalCents).toBe(12_900);
    const without = await edit(manager, both, { serviceCodes: [] });
    const again = await edit(manager, without, { serviceCodes: ["OIL001"] });
    expect(again.services).toEqual([{ code: "OIL001", ...change }]);
    expect(again.totalCents).toBe(9_900);
  });
});

describe("check times", () => {
  it("[CA4] are set and cleared by the column alone", async () => {
    const { manager, advance, now } = await openWorkshop();
    let card = await addCard(manager);
    const step = async (to: Status) => {
      advance(60_000);
      card = await move(manager, card, to);
      return { in: card.checkInAt, out: card.checkOutAt };
    };
    expect(await step("in_progress")).toEqual({ in: now(), out: undefined });
    const arrived = now();
    expect(await step("ready")).toEqual({ in: arrived, out: undefined });
    expect(await step("completed")).toEqual({ in: arrived, out: now() });
    const left = now();
    expect(await step("completed")).toEqual({ in: arrived, out: left });
    expect(await step("ready")).toEqual({ in: arrived, out: undefined });
    expect(await step("in_progress")).toEqual({ in: arrived, out: undefined });
    expect(await step("scheduled")).toEqual({ in: undefined, out: undefined });
    expect(await step("no_show")).toEqual({ in: undefined, out: undefined });
    expect(await step("scheduled")).toEqual({ in: undefined, out: undefined });
    expect(await step("ready")).toEqual({ in: now(), out: undefined });
  });
});

describe("removal", () => {
  it("[CA6] raises the version, hides the card, and shows its tombstone on the board", async () => {
    const { manager } = await openWorkshop();
    const card = await addCard(manager);
    expect(await manager.ok("removeAppointment", { id: card.id, query: { expectedVersion: 1 } })).toEqual({
      id: card.id,
      version: 2,
    });
    const board = await manager.ok("getBoard", { query: { date: day } });
    expect(board.columns.scheduled).toEqual({ items: [], count: 0 });
    expect(board.removed).toEqual([{ id: card.id, version: 2 }]);
    expect((await manager.refused("getAppointment", { id: card.id })).code).toBe("not_found");
  });

  it("[CA6] every write to a removed card finds nothing", async () => {
    const { manager, everything } = await openWorkshop();
    const { id } = await addCard(manager);
    await manager.ok("removeAppointment", { id, query: { expectedVersion: 1 } });
    const before = everything();
    for (const expectedVersion of [1, 2]) {
      for (const newStatus of ["scheduled", "ready", "completed"])
        expect((await manager.refused("moveAppointment", { id, body: { newStatus, expectedVersion } })).code).toBe(
          "not_found",
        );
      expect((await manager.refused("editAppointment", { id, body: { expectedVersion } })).code).toBe("not_found");
      expect((await manager.refused("undoMove", { id, body: { expectedVersion, mutationId: "m" } })).code).toBe(
        "not_found",
      );
      expect((await manager.refused("removeAppointment", { id, query: { expectedVersion } })).code).toBe("not_found");
    }
    expect(
      (await manager.refused("moveAppointment", { id, body: { newStatus: "removed", expectedVersion: 2 } })).code,
    ).toBe("invalid_request");
    expect(everything()).toBe(before);
  });

  it("[CA6] the tombstone is kept seven days, and its expiry is no change", async () => {
    const { manager, advance, rowsWritten } = await openWorkshop();
    const { id } = await addCard(manager);
    await manager.ok("removeAppointment", { id, query: { expectedVersion: 1 } });
    const removed = async () => (await manager.ok("getBoard", { query: { date: day } })).removed.length;
    advance(limits.tombstoneKeptMs - 1);
    expect(await removed()).toBe(1);
    const before = rowsWritten();
    advance(1);
    expect(await removed()).toBe(0);
    expect(rowsWritten()).toBe(before);
  });
});

describe("limits", () => {
  /** Grows past 8 KB of JSON within every field's own limit: each of these characters takes 3 bytes. */
  const heavy = {
    notes: "€".repeat(limits.notesMaxCharacters),
    customer: { name: "€".repeat(limits.nameMaxCharacters) },
  };

  it("[CA7] refuses what would make a card larger than 8 KB, and names a field", async () => {
    const { manager, everything } = await openWorkshop();
    const names = Array.from({ length: limits.cardMaxServices }, (_, n) => `SERVICE-${n}`);
    for (const code of names)
      await manager.ok("createService", {
        body: { code, name: "€".repeat(limits.nameMaxCharacters), priceCents: 1, minutes: 1 },
      });
    const card = await addCard(manager, heavy);
    const before = everything();
    const body = { expectedVersion: 1, serviceCodes: names };
    for (const error of [
      await manager.refused("editAppointment", { id: card.id, body }),
      await manager.refused("createAppointment", { body: cardBody({ ...heavy, serviceCodes: names }) }),
    ]) {
      expect(error).toMatchObject({ code: "invalid_request", issues: [{ path: expect.stringMatching(/./) }] });
    }
    expect(everything()).toBe(before);
  });

  it("[CA7] a card within the limit stays within 8 KB through every move", async () => {
    const { as, manager } = await openWorkshop();
    const someone = as("manager", { user: "€".repeat(40) });
    let card = await addCard(manager, { ...heavy, technicianId: tom.id });
    for (const to of ["in_progress", "ready", "completed"] as const) card = await move(someone, card, to);
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThanOrEqual(limits.cardMaxBytes);
  });

  it("[CA7] a board takes 500 cards, by creation and by reschedule; those on it can still be worked", async () => {
    const { manager, everything } = await openWorkshop();
    const cards = await Promise.all(Array.from({ length: limits.boardMaxCards }, () => addCard(manager)));
    const visitor = await addCard(manager, { start: `${nextDay}T09:00:00Z`, end: `${nextDay}T09:00:00Z` });
    const before = everything();
    const full = { code: "invalid_request", issues: [{ path: "start" }] };
    expect(await manager.refused("createAppointment", { body: cardBody() })).toMatchObject(full);
    const body = { expectedVersion: 1, start: `${day}T09:00:00Z` };
    expect(await manager.refused("editAppointment", { id: visitor.id, body })).toMatchObject(full);
    expect(everything()).toBe(before);
    const [first] = cards;
    if (first === undefined) throw new Error("no card");
    expect((await edit(manager, first, { notes: "still here" })).version).toBe(2);
    await manager.ok("removeAppointment", { id: first.id, query: { expectedVersion: 2 } });
    expect((await edit(manager, visitor, { start: `${day}T09:00:00Z` })).date).toBe(day);
    expect(
      (await addCardIn(manager, "ready", { start: `${nextDay}T09:00:00Z`, end: `${nextDay}T09:00:00Z` })).date,
    ).toBe(nextDay);
  });
});
