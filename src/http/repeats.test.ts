import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { addCard, addCardIn, cardBody, columnIds, move, read } from "../testing/cards.ts";
import { nextDay, openWorkshop, tom } from "../testing/workshop.ts";

const service = { code: "BRAKE1", name: "Brakes", priceCents: 12_000, minutes: 60 };

describe("repeats", () => {
  it("[HT5] a move's repeat answers the present card, whatever version it expects, and moves nothing", async () => {
    const { manager, as, everything } = await openWorkshop();
    const { id } = await addCard(manager);
    const body = { newStatus: "ready", expectedVersion: 1, mutationId: "drag-1" };
    await manager.ok("moveAppointment", { id, body });
    const now = await as("advisor").ok("editAppointment", { id, body: { expectedVersion: 2, notes: "later" } });
    const before = everything();
    for (const expectedVersion of [1, 3, 99])
      expect(await manager.ok("moveAppointment", { id, body: { ...body, expectedVersion } })).toEqual(now);
    expect(everything()).toBe(before);
  });

  it("[HT5] an edit's repeat has no second effect", async () => {
    const { manager, everything } = await openWorkshop();
    const { id } = await addCard(manager);
    const body = { expectedVersion: 1, notes: "call first", mutationId: "edit-1" };
    const edited = await manager.ok("editAppointment", { id, body });
    const before = everything();
    expect(await manager.ok("editAppointment", { id, body: { ...body, expectedVersion: 2 } })).toEqual(edited);
    expect(everything()).toBe(before);
  });

  it("[HT5] a removal's repeat succeeds, while any other write finds nothing", async () => {
    const { manager, everything } = await openWorkshop();
    const { id } = await addCard(manager);
    await move(manager, await read(manager, { id }), "ready", { mutationId: "drag-1" });
    const query = { expectedVersion: 2, mutationId: "gone-1" };
    const removed = await manager.ok("removeAppointment", { id, query });
    expect(removed).toEqual({ id, version: 3 });
    const before = everything();
    expect(await manager.ok("removeAppointment", { id, query: { ...query, expectedVersion: 3 } })).toEqual(removed);
    const body = { newStatus: "ready", expectedVersion: 1, mutationId: "drag-1" };
    expect((await manager.refused("moveAppointment", { id, body })).code).toBe("not_found");
    for (const other of [{ expectedVersion: 2 }, { expectedVersion: 2, mutationId: "gone-2" }])
      expect((await manager.refused("removeAppointment", { id, query: other })).code).toBe("not_found");
    expect(everything()).toBe(before);
  });

  it("[HT5] an undo's repeat has no second effect", async () => {
    const { manager, everything } = await openWorkshop();
    const { id } = await addCard(manager);
    await manager.ok("moveAppointment", { id, body: { newStatus: "ready", expectedVersion: 1, mutationId: "drag-1" } });
    const undo = (expectedVersion: number) =>
      manager.ok("undoMove", { id, body: { mutationId: "drag-1", expectedVersion } });
    const undone = await undo(2);
    const before = everything();
    expect(await undo(2)).toEqual(undone);
    expect(await undo(3)).toEqual(undone);
    expect(everything()).toBe(before);
  });

  it("[HT5] the writes to a service and to the shop can be repeated as well", async () => {
    const { manager, everything } = await openWorkshop();
    const { id } = await manager.ok("createService", { body: service });
    const priced = { expectedVersion: 1, priceCents: 1, mutationId: "price-1" };
    const edited = await manager.ok("editService", { id, body: priced });
    const named = { expectedVersion: 1, name: "Best Garage", mutationId: "name-1" };
    const shop = await manager.ok("editShop", { body: named });
    const before = everything();
    expect(await manager.ok("editService", { id, body: { ...priced, expectedVersion: 2 } })).toEqual(edited);
    expect(await manager.ok("editShop", { body: { ...named, expectedVersion: 2 } })).toEqual(shop);
    expect(everything()).toBe(before);
    const query = { expectedVersion: 2, mutationId: "gone-1" };
    const removed = await manager.ok("removeService", { id, query });
    expect(await manager.ok("removeService", { id, query: { ...query, expectedVersion: 9 } })).toEqual(removed);
    expect((await manager.refused("editService", { id, body: priced })).code).toBe("not_found");
  });

  it("[HT5] a service creation's repeat is found by its code", async () => {
    const { manager, everything } = await openWorkshop();
    const body = { ...service, mutationId: "new-1" };
    const created = await manager.ok("createService", { body });
    const before = everything();
    const repeat = await manager.send("createService", { body });
    expect(JSON.parse(String(repeat.body))).toEqual({ ok: true, data: created });
    for (const [other, reason] of [
      [{ ...body, mutationId: "new-2" }, "duplicate_code"],
      [service, "duplicate_code"],
      [{ ...body, name: "Other brakes" }, "mutation_reused"],
    ] as const)
      expect(await manager.refused("createService", { body: other })).toMatchObject({ code: "conflict", reason });
    expect(everything()).toBe(before);
  });

  it("[HT5] a service creation's repeat answers 200", async () => {
    const { manager } = await openWorkshop();
    const body = { ...service, mutationId: "new-1" };
    expect((await manager.send("createService", { body })).status).toBe(201);
    expect((await manager.send("createService", { body })).status).toBe(200);
  });

  it("[HT5] a service creation's repeat after its removal is not_found, and makes nothing", async () => {
    const { manager } = await openWorkshop();
    const body = { ...service, mutationId: "new-1" };
    const { id } = await manager.ok("createService", { body });
    await manager.ok("removeService", { id, query: { expectedVersion: 1 } });
    expect((await manager.refused("createService", { body })).code).toBe("not_found");
    expect((await manager.ok("listServices", { query: { search: "BRAKE" } })).total).toBe(0);
    await manager.ok("createService", { body: { ...body, mutationId: "new-2" } });
  });

  it("[HT5] two of one mutation at once have one effect", async () => {
    const { manager } = await openWorkshop();
    const { id } = await addCard(manager);
    const body = { newStatus: "ready", expectedVersion: 1, mutationId: "drag-1" };
    const answers = await Promise.all(Array.from({ length: 10 }, () => manager.ok("moveAppointment", { id, body })));
    expect(new Set(answers.map(({ version }) => version))).toEqual(new Set([2]));
  });
});

describe("reuse and memory", () => {
  it("[HT5] the same id with other input is mutation_reused, from another operation too", async () => {
    const { manager, everything } = await openWorkshop();
    const { id } = await addCard(manager);
    const body = { newStatus: "ready", expectedVersion: 1, mutationId: "m" };
    await manager.ok("moveAppointment", { id, body });
    const before = everything();
    const reused = { code: "conflict", reason: "mutation_reused" };
    expect(await manager.refused("moveAppointment", { id, body: { ...body, newStatus: "no_show" } })).toMatchObject(
      reused,
    );
    expect(await manager.refused("moveAppointment", { id, body: { ...body, position: 0 } })).toMatchObject(reused);
    const other = { expectedVersion: 2, mutationId: "m" };
    expect(await manager.refused("editAppointment", { id, body: { ...other, notes: "x" } })).toMatchObject(reused);
    expect(await manager.refused("removeAppointment", { id, query: other })).toMatchObject(reused);
    expect(everything()).toBe(before);
  });

  it("[HT5] one mutation id on two cards is two mutations", async () => {
    const { manager } = await openWorkshop();
    for (const card of [await addCard(manager), await addCard(manager)])
      expect((await move(manager, card, "ready", { mutationId: "m" })).version).toBe(2);
  });

  it("[HT5] input that was written otherwise but means the same is a repeat", async () => {
    const { manager } = await openWorkshop();
    const { id } = await addCard(manager);
    const body = {
      expectedVersion: 1,
      mutationId: "m",
      notes: "x",
      start: "2031-03-03T10:00:00.000Z",
      end: "2031-03-03T11:00:00Z",
    };
    const edited = await manager.ok("editAppointment", { id, body });
    const again = {
      end: "2031-03-03T12:00:00+01:00",
      start: "2031-03-03T10:00:00Z",
      notes: " x ",
      mutationId: "m",
      expectedVersion: 1,
    };
    expect(await manager.ok("editAppointment", { id, body: again })).toEqual(edited);
  });

  it("[HT5] an item remembers its last four mutations; writes without one shift nothing", async () => {
    const { manager } = await openWorkshop();
    let card = await addCard(manager);
    const first = { newStatus: "scheduled", expectedVersion: 1, mutationId: "m-0" };
    card = await manager.ok("moveAppointment", { id: card.id, body: first });
    for (let n = 1; n < limits.mutationsRemembered; n++) {
      card = await move(manager, card, "scheduled", { mutationId: `m-${n}` });
      card = await move(manager, card, "scheduled");
      card = await manager.ok("editAppointment", {
        id: card.id,
        body: { expectedVersion: card.version, notes: `${n}` },
      });
    }
    expect(await manager.ok("moveAppointment", { id: card.id, body: first })).toEqual(card);
    await move(manager, card, "scheduled", { mutationId: "m-4" });
    expect((await manager.refused("moveAppointment", { id: card.id, body: first })).code).toBe("version_conflict");
  });

  it("[HT5] a reschedule takes the memory along, and its own repeat finds the card", async () => {
    const { manager, everything } = await openWorkshop();
    let card = await addCardIn(manager, "in_progress");
    const before = { newStatus: "ready", expectedVersion: card.version, mutationId: "drag-1" };
    card = await manager.ok("moveAppointment", { id: card.id, body: before });
    const times = { start: `${nextDay}T09:00:00Z`, end: `${nextDay}T10:00:00Z` };
    const body = { expectedVersion: card.version, mutationId: "shift-1", ...times };
    card = await manager.ok("editAppointment", { id: card.id, body });
    expect(card).toMatchObject({ date: nextDay, status: "ready" });
    const stored = everything();
    expect(await manager.ok("moveAppointment", { id: card.id, body: before })).toEqual(card);
    expect(await manager.ok("editAppointment", { id: card.id, body })).toEqual(card);
    expect(everything()).toBe(stored);
    expect(await columnIds(manager, "ready", nextDay)).toEqual([card.id]);
  });

  it("[HT5] a refused write is not remembered", async () => {
    const { manager } = await openWorkshop();
    const { id } = await addCard(manager);
    const body = { newStatus: "completed", expectedVersion: 1, mutationId: "m" };
    expect((await manager.refused("moveAppointment", { id, body })).code).toBe("invalid_transition");
    await manager.ok("moveAppointment", { id, body: { ...body, newStatus: "ready" } });
  });

  it("[HT5] takes no mutation id but 1 to 64 visible ASCII characters, not beginning with undo:", async () => {
    const { manager } = await openWorkshop();
    const { id } = await addCard(manager);
    for (const mutationId of ["", " ", "a b", "ü", "x".repeat(65), "undo:m", "a\n", 7, null])
      expect(
        await manager.refused("moveAppointment", { id, body: { newStatus: "ready", expectedVersion: 1, mutationId } }),
      ).toMatchObject({ code: "invalid_request", issues: [{ path: "mutationId" }] });
    for (const mutationId of ["~", "x".repeat(64), "UNDO:m"])
      await move(manager, await read(manager, { id }), "scheduled", { mutationId });
  });

  it("[HT5] a creation is repeated by its id, and takes no mutation id", async () => {
    const { manager } = await openWorkshop();
    const error = await manager.refused("createAppointment", {
      body: cardBody({ mutationId: "m", technicianId: tom.id }),
    });
    expect(error).toMatchObject({ code: "invalid_request", issues: [{ path: "mutationId" }] });
  });
});
