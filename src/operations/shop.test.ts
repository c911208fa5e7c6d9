import { roles } from "@status-board/contracts";
import { expect, it } from "vitest";
import { addCard, edit, read } from "../testing/cards.ts";
import { eva, openWorkshop, tom } from "../testing/workshop.ts";

const lea = { id: "01K000000000000000000000EA", name: "Lea" };

it("[SH1] a shop is data that anybody of the staff may read", async () => {
  const { as } = await openWorkshop();
  expect(await as("technician").ok("getShop")).toEqual({
    id: "north",
    name: "Garage north",
    timeZone: "Europe/Berlin",
    currency: "EUR",
    locale: "de-DE",
    technicians: [tom, eva],
    version: 1,
  });
});

it("[SH1] an edit changes what is sent and nothing else, and raises the version by one", async () => {
  const { manager } = await openWorkshop();
  const before = await manager.ok("getShop");
  const change = { name: "Best Garage", technicians: [eva, lea] };
  const after = await manager.ok("editShop", { body: { expectedVersion: 1, ...change } });
  expect(after).toEqual({ ...before, ...change, version: 2 });
  expect(await manager.ok("editShop", { body: { expectedVersion: 2 } })).toEqual({ ...after, version: 3 });
});

it("[SH1] an edit of a stale version changes nothing and shows the shop", async () => {
  const { manager, everything } = await openWorkshop();
  const current = await manager.ok("editShop", { body: { expectedVersion: 1, currency: "CHF" } });
  const before = everything();
  const error = await manager.refused("editShop", { body: { expectedVersion: 1, currency: "USD" } });
  expect(error).toMatchObject({ code: "version_conflict", current });
  expect(everything()).toBe(before);
});

it("[SH1] takes no time zone, and no setting that makes no sense", async () => {
  const { manager, everything } = await openWorkshop();
  const before = everything();
  for (const [change, path] of [
    [{ timeZone: "Europe/Paris" }, "timeZone"],
    [{ id: "south" }, "id"],
    [{ currency: "euro" }, "currency"],
    [{ locale: "not a locale" }, "locale"],
    [{ locale: "" }, "locale"],
    [{ name: "" }, "name"],
    [{ technicians: [tom, tom] }, "technicians.1.id"],
    [{ technicians: [{ id: "Tom", name: "Tom" }] }, "technicians.0.id"],
    [{ technicians: [{ ...tom, role: "chief" }] }, "technicians.0.role"],
    [{ technicians: Array.from({ length: 51 }, () => tom) }, "technicians"],
  ] as const) {
    const error = await manager.refused("editShop", { body: { expectedVersion: 1, ...change } });
    expect(error).toMatchObject({ code: "invalid_request" });
    if (error.code === "invalid_request") expect(error.issues.map((issue) => issue.path)).toContain(path);
  }
  expect(everything()).toBe(before);
});

it("[SH1] cards keep the technician's name that they copied", async () => {
  const { manager } = await openWorkshop();
  const card = await addCard(manager, { technicianId: tom.id });
  await manager.ok("editShop", { body: { expectedVersion: 1, technicians: [{ ...tom, name: "Thomas" }] } });
  expect((await read(manager, card)).technician).toEqual(tom);
  expect((await edit(manager, card, { technicianId: tom.id })).technician).toEqual(tom);
  expect((await addCard(manager, { technicianId: tom.id })).technician).toEqual({ ...tom, name: "Thomas" });
});

it("[AU2] tells each role who it is and what a screen needs to know of the shop", async () => {
  const { as } = await openWorkshop();
  for (const role of roles) {
    const me = await as(role).ok("getMe");
    expect(me).toMatchObject({ role, user: { name: expect.any(String) } });
    expect(me.shop).toEqual({
      id: "north",
      name: "Garage north",
      timeZone: "Europe/Berlin",
      currency: "EUR",
      locale: "de-DE",
    });
  }
});
