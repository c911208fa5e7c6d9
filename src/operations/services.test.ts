import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { errorOf } from "../testing/api.ts";
import { addCard, edit, read } from "../testing/cards.ts";
import { openWorkshop, type Workshop } from "../testing/workshop.ts";

const brakes = { code: "BRAKE1", name: "Brakes", priceCents: 12_000, minutes: 60 };

const codes = async ({ manager }: Workshop, query: Record<string, string | number>) =>
  (await manager.ok("listServices", { query })).items.map(({ code }) => code);

describe("the list", () => {
  it("[SV1] an absent and an empty search list everything", async () => {
    const shop = await openWorkshop();
    expect(await codes(shop, {})).toEqual(["OIL001", "TIRE001"]);
    expect(await codes(shop, { search: "" })).toEqual(["OIL001", "TIRE001"]);
    expect(await codes(shop, { search: "  " })).toEqual(["OIL001", "TIRE001"]);
    expect(await shop.manager.ok("listServices", { query: { search: "" } })).toMatchObject({ total: 2 });
  });

  it("[SV1] a search finds code, name and description in any case", async () => {
    const shop = await openWorkshop();
    await shop.manager.ok("createService", { body: { ...brakes, description: "Pads and\ndiscs" } });
    expect(await codes(shop, { search: "oIl" })).toEqual(["OIL001"]);
    expect(await codes(shop, { search: "rotation" })).toEqual(["TIRE001"]);
    expect(await codes(shop, { search: "DISCS" })).toEqual(["BRAKE1"]);
    expect(await codes(shop, { search: "%" })).toEqual([]);
  });

  it("[SV1] lists the active or the retired alone when asked to", async () => {
    const shop = await openWorkshop();
    await shop.manager.ok("createService", { body: { ...brakes, active: false } });
    expect(await codes(shop, { active: "false" })).toEqual(["BRAKE1"]);
    expect(await codes(shop, { active: "true" })).toEqual(["OIL001", "TIRE001"]);
  });

  it("[SV1] pages through all by code, each once", async () => {
    const shop = await openWorkshop();
    for (const code of ["zz", "AB", "ab-2", "a_1"])
      await shop.manager.ok("createService", { body: { ...brakes, code } });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await shop.manager.ok("listServices", {
        query: { limit: 2, ...(cursor !== undefined && { cursor }) },
      });
      expect(page.total).toBe(6);
      seen.push(...page.items.map(({ code }) => code));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(await codes(shop, {}));
    expect(new Set(seen).size).toBe(6);
  });
});

describe("codes", () => {
  it("[SV2] of twenty creations of one code at once, in any case, one succeeds", async () => {
    const shop = await openWorkshop();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        shop.manager.send("createService", { body: { ...brakes, code: n % 2 ? "brake1" : "BRAKE1", name: `No ${n}` } }),
      ),
    );
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.length).toBe(19);
    for (const response of refused)
      expect(errorOf(response)).toMatchObject({ code: "conflict", reason: "duplicate_code" });
    expect((await codes(shop, { search: "brake1" })).length).toBe(1);
  });

  it("[SV2] a service cannot take another's code, but may write its own otherwise", async () => {
    const shop = await openWorkshop();
    const { id } = await shop.manager.ok("createService", { body: brakes });
    const before = shop.everything();
    expect(
      await shop.manager.refused("editService", { id, body: { expectedVersion: 1, code: "oil001" } }),
    ).toMatchObject({
      code: "conflict",
      reason: "duplicate_code",
    });
    expect(shop.everything()).toBe(before);
    expect((await shop.manager.ok("editService", { id, body: { expectedVersion: 1, code: "brake1" } })).code).toBe(
      "brake1",
    );
  });

  it("[SV2] a removed service's code is free again", async () => {
    const { manager } = await openWorkshop();
    const { id } = await manager.ok("createService", { body: brakes });
    await manager.ok("removeService", { id, query: { expectedVersion: 1 } });
    const again = await manager.ok("createService", { body: { ...brakes, code: "Brake1" } });
    expect(again.id).not.toBe(id);
    expect((await manager.refused("getService", { id })).code).toBe("not_found");
  });
});

describe("cards that use a service", () => {
  it("[SV3] stay as they are when it is removed, and can still be edited", async () => {
    const { manager } = await openWorkshop();
    const { id } = await manager.ok("createService", { body: brakes });
    const card = await addCard(manager, { serviceCodes: ["BRAKE1", "OIL001"] });
    await manager.ok("removeService", { id, query: { expectedVersion: 1 } });
    expect(await read(manager, card)).toEqual(card);
    const edited = await edit(manager, card, { serviceCodes: ["brake1"] });
    expect(edited.services).toEqual(card.services.slice(0, 1));
    const error = await manager.refused("editAppointment", {
      id: (await addCard(manager)).id,
      body: { expectedVersion: 1, serviceCodes: ["BRAKE1"] },
    });
    expect(error).toMatchObject({ code: "invalid_request", issues: [{ path: "serviceCodes.0" }] });
  });

  it("[SV3] stay as they are when it is retired, which no other card can take on", async () => {
    const { manager } = await openWorkshop();
    const { id } = await manager.ok("createService", { body: brakes });
    const card = await addCard(manager, { serviceCodes: ["BRAKE1"] });
    await manager.ok("editService", { id, body: { expectedVersion: 1, active: false } });
    expect((await edit(manager, card, { serviceCodes: ["BRAKE1"], notes: "x" })).services).toEqual(card.services);
    expect(
      await manager.refused("editAppointment", {
        id: (await addCard(manager)).id,
        body: { expectedVersion: 1, serviceCodes: ["BRAKE1"] },
      }),
    ).toMatchObject({ issues: [{ path: "serviceCodes.0", message: "names a retired service" }] });
  });
});

describe("editing", () => {
  it("[SV2] changes what is sent, clears a description by null, and refuses a stale version", async () => {
    const { manager, advance, now } = await openWorkshop();
    const created = await manager.ok("createService", { body: { ...brakes, description: "Pads" } });
    advance(1_000);
    const edited = await manager.ok("editService", { id: created.id, body: { expectedVersion: 1, description: null } });
    const { description, ...rest } = created;
    expect(edited).toEqual({ ...rest, version: 2, updatedAt: now() });
    const stale = { expectedVersion: 1, name: "x" };
    expect(await manager.refused("editService", { id: created.id, body: stale })).toMatchObject({ current: edited });
    expect(await manager.refused("removeService", { id: created.id, query: { expectedVersion: 1 } })).toMatchObject({
      code: "version_conflict",
      current: edited,
    });
  });

  it("[SV2] a shop has room for a limited number of services", async () => {
    const { manager, store, service } = await openWorkshop();
    const [first] = await store.listServices("north");
    const full = { ...store, listServices: async () => Array.from({ length: limits.shopMaxServices }, () => first) };
    Object.assign(service.ports, { store: full });
    expect(await manager.refused("createService", { body: brakes })).toMatchObject({ issues: [{ path: "code" }] });
  });
});
