import { describe, expect, it } from "vitest";
import { addCard, addCardIn, cardBody, columnIds, edit, move, read } from "../testing/cards.ts";
import { day, eva, nextDay, openWorkshop, tom } from "../testing/workshop.ts";

const id = "01K0000000000000000000N0RS";
const tomorrow = { start: `${nextDay}T09:00:00.000Z`, end: `${nextDay}T10:00:00.000Z` };

describe("creation", () => {
  it("[AP1] makes the card that was asked for, at the end of scheduled", async () => {
    const { manager, now } = await openWorkshop();
    await addCard(manager);
    const body = cardBody({
      id,
      promisedAt: `${day}T17:00:00+01:00`,
      technicianId: tom.id,
      notes: "call",
      paidCents: 5,
    });
    const card = await manager.ok("createAppointment", { body });
    expect(card).toEqual({
      ...{ id, date: day, version: 1, status: "scheduled", rank: card.rank },
      ...{ start: body.start, end: body.end, promisedAt: `${day}T16:00:00.000Z` },
      ...{ customer: { name: "Zoë Quandt" }, vehicle: { make: "Škoda", plate: "B-XY 123" } },
      services: [{ code: "OIL001", name: "Oil change", priceCents: 4_900, minutes: 30 }],
      ...{ technician: tom, notes: "call", totalCents: 4_900, paidCents: 5 },
      ...{ createdAt: now(), updatedAt: now(), updatedBy: { id: "manager", name: "Name of manager" } },
    });
    expect((await columnIds(manager, "scheduled")).at(-1)).toBe(id);
    expect(await read(manager, card)).toEqual(card);
  });

  it("[AP1] the same id with the same body answers 201 with the card as it is now", async () => {
    const { manager, everything, as } = await openWorkshop();
    const body = cardBody({ id });
    const moved = await move(manager, await manager.ok("createAppointment", { body }), "ready");
    const before = everything();
    expect(await manager.ok("createAppointment", { body })).toEqual(moved);
    expect(await as("advisor").ok("createAppointment", { body: { ...body, start: `${day}T10:00:00+01:00` } })).toEqual(
      moved,
    );
    expect(everything()).toBe(before);
  });

  it("[AP1] the same body is answered with the card although what it names has gone since", async () => {
    const { manager, everything } = await openWorkshop();
    const body = cardBody({ id, technicianId: tom.id });
    const card = await manager.ok("createAppointment", { body });
    const [service] = (await manager.ok("listServices", { query: { search: "OIL001" } })).items;
    await manager.ok("removeService", { id: service?.id ?? "", query: { expectedVersion: 1 } });
    await manager.ok("editShop", { body: { expectedVersion: 1, technicians: [eva] } });
    const before = everything();
    expect(await manager.ok("createAppointment", { body })).toEqual(card);
    expect((await manager.refused("createAppointment", { body: { ...body, notes: "x" } })).code).toBe(
      "invalid_request",
    );
    expect((await manager.refused("createAppointment", { body: cardBody({ technicianId: tom.id }) })).code).toBe(
      "invalid_request",
    );
    expect(everything()).toBe(before);
  });

  it("[AP1] the same id with another body is id_reused", async () => {
    const { manager, everything } = await openWorkshop();
    await addCard(manager, { id });
    const before = everything();
    for (const change of [{ notes: "x" }, { serviceCodes: [] }, tomorrow])
      expect(await manager.refused("createAppointment", { body: cardBody({ id, ...change }) })).toMatchObject({
        code: "conflict",
        reason: "id_reused",
      });
    expect(everything()).toBe(before);
  });

  it("[AP1] after a removal the id is id_deleted for good, also when the tombstone is gone", async () => {
    const { manager, advance } = await openWorkshop();
    await addCard(manager, { id });
    await manager.ok("removeAppointment", { id, query: { expectedVersion: 1 } });
    for (const change of [{}, { notes: "x" }]) {
      expect(await manager.refused("createAppointment", { body: cardBody({ id, ...change }) })).toMatchObject({
        code: "conflict",
        reason: "id_deleted",
      });
      advance(8 * 86_400_000);
    }
  });

  it("[AP1] of ten creations of one id at once, one makes the card and all get it", async () => {
    const { manager } = await openWorkshop();
    const cards = await Promise.all(Array.from({ length: 10 }, () => addCard(manager, { id })));
    for (const card of cards) expect(card).toEqual(cards[0]);
    expect(await columnIds(manager, "scheduled")).toEqual([id]);
  });
});

describe("editing and removing", () => {
  it("[AP2] a stale version changes nothing and shows the card", async () => {
    const { manager, everything } = await openWorkshop();
    const card = await addCard(manager);
    const current = await edit(manager, card, { notes: "newer" });
    const before = everything();
    const stale = { code: "version_conflict", current };
    for (const expectedVersion of [1, 3])
      expect(
        await manager.refused("editAppointment", { id: card.id, body: { expectedVersion, notes: "x" } }),
      ).toMatchObject(stale);
    expect(await manager.refused("removeAppointment", { id: card.id, query: { expectedVersion: 1 } })).toMatchObject(
      stale,
    );
    expect(everything()).toBe(before);
  });

  it("[AP2] a write without expectedVersion is refused", async () => {
    const { manager } = await openWorkshop();
    const card = await addCard(manager);
    const wanted = { code: "invalid_request", issues: [{ path: "expectedVersion", message: "is required" }] };
    expect(await manager.refused("editAppointment", { id: card.id, body: { notes: "x" } })).toMatchObject(wanted);
    expect(await manager.refused("removeAppointment", { id: card.id })).toMatchObject({
      issues: [{ path: "expectedVersion" }],
    });
  });

  it("[AP2] changes what is sent and nothing else; null clears what is optional", async () => {
    const { manager, now, advance, as } = await openWorkshop();
    const card = await addCard(manager, {
      promisedAt: `${day}T16:00:00Z`,
      technicianId: tom.id,
      notes: "x",
      paidCents: 7,
    });
    advance(5_000);
    const next = { version: 2, updatedAt: now(), updatedBy: { id: "advisor", name: "Name of advisor" } };
    expect(await edit(as("advisor"), card, { notes: "y" })).toEqual({ ...card, notes: "y", ...next });
    const { promisedAt, technician, notes, ...rest } = card;
    const cleared = { promisedAt: null, technicianId: null, notes: null, paidCents: null };
    expect(await edit(as("advisor"), { ...card, version: 2 }, cleared)).toEqual({
      ...rest,
      ...next,
      paidCents: 0,
      version: 3,
    });
  });

  it("[AP2] replaces customer and vehicle whole", async () => {
    const { manager } = await openWorkshop();
    const card = await addCard(manager, { customer: { name: "Zoë", phone: "1" }, vehicle: { make: "VW", year: 2020 } });
    const edited = await edit(manager, card, { customer: { name: "Zoé" }, vehicle: {} });
    expect(edited).toMatchObject({ customer: { name: "Zoé" }, vehicle: {} });
    expect(edited.customer).not.toHaveProperty("phone");
  });

  it("[AP2] allows no services at all, a vehicle of which nothing is known, and no length", async () => {
    const { manager } = await openWorkshop();
    const card = await addCard(manager, { serviceCodes: [], vehicle: {}, end: `${day}T09:00:00Z` });
    expect(card).toMatchObject({ services: [], totalCents: 0, vehicle: {}, end: card.start });
  });

  it("[AP2] refuses unknown and repeated codes, unknown technicians, and an end before the start", async () => {
    const { manager, everything } = await openWorkshop();
    const card = await addCard(manager);
    const before = everything();
    for (const [change, path] of [
      [{ serviceCodes: ["OIL001", "NONE1"] }, "serviceCodes.1"],
      [{ serviceCodes: ["OIL001", "oil001"] }, "serviceCodes.1"],
      [{ technicianId: "01K0000000000000000000N0NE" }, "technicianId"],
      [{ end: `${day}T08:59:00Z` }, "end"],
      [{ start: `${day}T10:00:00.001Z` }, "end"],
    ] as const) {
      const issues = [{ path }];
      const body = { expectedVersion: 1, ...change };
      expect(await manager.refused("editAppointment", { id: card.id, body })).toMatchObject({ issues });
      expect(await manager.refused("createAppointment", { body: cardBody(change) })).toMatchObject({ issues });
    }
    expect(everything()).toBe(before);
  });
});

describe("a new day", () => {
  it("[AP3] moves the card to the end of its column there, in its status, and leaves a tombstone", async () => {
    const { manager } = await openWorkshop();
    const waiting = await addCardIn(manager, "ready", tomorrow);
    const card = await addCardIn(manager, "ready");
    const moved = await edit(manager, card, tomorrow);
    expect(moved).toMatchObject({ date: nextDay, status: "ready", version: 3, checkInAt: card.checkInAt });
    expect(await columnIds(manager, "ready", nextDay)).toEqual([waiting.id, card.id]);
    const left = await manager.ok("getBoard", { query: { date: day } });
    expect(left.columns.ready.items).toEqual([]);
    expect(left.removed).toEqual([{ id: card.id, version: 3 }]);
    expect(await read(manager, card)).toEqual(moved);
  });

  it("[AP3] a card that returns replaces its tombstone, and leaves one where it was", async () => {
    const { manager } = await openWorkshop();
    const card = await addCard(manager);
    const there = await edit(manager, card, tomorrow);
    const back = await edit(manager, there, { start: card.start, end: card.end });
    expect(back).toMatchObject({ date: day, version: 3 });
    expect(await columnIds(manager, "scheduled")).toEqual([card.id]);
    expect((await manager.ok("getBoard", { query: { date: day } })).removed).toEqual([]);
    expect((await manager.ok("getBoard", { query: { date: nextDay } })).removed).toEqual([{ id: card.id, version: 3 }]);
  });

  it("[AP3] no reader ever finds the card on both boards or on none", async () => {
    const { manager, store } = await openWorkshop();
    let card = await addCard(manager);
    const home = { start: card.start, end: card.end };
    const boardsWithCard = async () => {
      // Both reads happen in one turn of the event loop, in which no write commits.
      const boards = await Promise.all([day, nextDay].map((date) => store.readBoard("north", date)));
      return boards.filter(({ cards }) => cards.length === 1).length;
    };
    for (let round = 0; round < 20; round++) {
      const write = edit(manager, card, round % 2 ? home : tomorrow);
      let writing = true;
      const done = write.finally(() => {
        writing = false;
      });
      while (writing) {
        expect(await boardsWithCard()).toBe(1);
        await new Promise(setImmediate);
      }
      card = await done;
    }
    expect(card.version).toBe(21);
  });
});
