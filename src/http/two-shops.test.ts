import { type Appointment, type Device, type RouteId, routes, type Service } from "@status-board/contracts";
import { expect, it } from "vitest";
import { type Api, type Call, errorOf, textOf } from "../testing/api.ts";
import { addCard, cardBody, columnIds, move } from "../testing/cards.ts";
import { day, eva, nextDay, openWorkshop, type Workshop } from "../testing/workshop.ts";

const shared = "01K00000000000000000SHARED";
const ours = "01K0000000000000000000N0RS";

interface Two extends Workshop {
  north: Api;
  south: Api;
}

/** Two shops, each with a card of the id that both have; the north has one more, which is its own. */
async function openTwoShops(): Promise<Two> {
  const shop = await openWorkshop();
  await shop.addShop("south");
  const two = {
    ...shop,
    north: shop.as("manager", { user: "nora" }),
    south: shop.as("manager", { user: "sam", shop: "south" }),
  };
  await addCard(two.north, { id: shared, customer: { name: "Customer of the north" } });
  await addCard(two.south, { id: shared, customer: { name: "Customer of the south" } });
  await addCard(two.north, { id: ours, customer: { name: "Customer of the north" } });
  return two;
}

const firstService = async (api: Api): Promise<Service> => {
  const [service] = (await api.ok("listServices")).items;
  if (service === undefined) throw new Error("the shop has no services");
  return service;
};

/** The data of the north that a stranger may never see. */
const northern = /nor(th|a)|N0RS/i;

/** The rows of one shop in everything that the database holds. */
const rowsOf = ({ rows }: Workshop, shop: string): unknown =>
  Object.entries(rows()).flatMap(([table, all]) =>
    all.filter((row) => (row.shop ?? row.id) === shop).map(({ seq, ...row }) => ({ table, ...row })),
  );

/**
 * Every operation as a stranger may call it with ids of the north's, and what must come of it. Those of the north's own card come
 * before the stranger makes one of that id himself.
 */
function strangersCalls(
  card: Appointment,
  service: Service,
  device: Device,
): Record<RouteId, { call: Call; code?: string }> {
  const { id } = card;
  const expectedVersion = 1;
  return {
    getAppointment: { call: { id }, code: "not_found" },
    editAppointment: { call: { id, body: { expectedVersion, notes: "x" } }, code: "not_found" },
    removeAppointment: { call: { id, query: { expectedVersion } }, code: "not_found" },
    moveAppointment: { call: { id, body: { expectedVersion, newStatus: "ready" } }, code: "not_found" },
    undoMove: { call: { id, body: { expectedVersion, mutationId: "m" } }, code: "not_found" },
    getService: { call: { id: service.id }, code: "not_found" },
    editService: { call: { id: service.id, body: { expectedVersion, name: "x" } }, code: "not_found" },
    removeService: { call: { id: service.id, query: { expectedVersion } }, code: "not_found" },
    getHistory: { call: { id }, code: "not_found" },
    getChanges: { call: { query: { date: day, epoch: "another", since: "0" } }, code: "revision_gone" },
    createTicket: { call: {} },
    getBoard: { call: { query: { date: day } } },
    getStats: { call: { query: { date: day } } },
    listServices: { call: {} },
    listDevices: { call: {} },
    renameDevice: { call: { id: device.id, body: { name: "Mine" } }, code: "not_found" },
    revokeDevice: { call: { id: device.id }, code: "not_found" },
    createPairing: { call: { body: { name: "Phone", role: "viewer" } } },
    claimPairing: { call: { body: { code: "AAAAAAAA" } }, code: "invalid_request" },
    getWaysIn: { call: {} },
    getMe: { call: {} },
    signOut: { call: {} },
    getShop: { call: {} },
    getHealth: { call: {} },
    getHealthz: { call: {} },
    getReadiness: { call: {} },
    getOpenApi: { call: {} },
    getAsyncApi: { call: {} },
    createAppointment: { call: { body: cardBody({ id: ours, customer: { name: "Mine" } }) } },
    createService: { call: { body: { code: "OWN1", name: "Own", priceCents: 1, minutes: 1 } } },
    editShop: { call: { body: { expectedVersion, currency: "CHF" } } },
  };
}

it("[AU5] every operation answers a stranger 404, or with his own data, and never touches the other shop", async () => {
  const two = await openTwoShops();
  const card = await two.north.ok("getAppointment", { id: ours });
  const { code } = await two.north.ok("createPairing", { body: { name: "Phone of the north", role: "manager" } });
  await two.anonymous.ok("claimPairing", { body: { code } });
  const [device] = (await two.north.ok("listDevices")).items;
  if (device === undefined) throw new Error("the device was not paired");
  const calls = strangersCalls(card, await firstService(two.north), device);
  expect(Object.keys(calls).toSorted()).toEqual(Object.keys(routes).toSorted());
  const before = rowsOf(two, "north");
  const entries = Object.entries(calls) as [RouteId, { call: Call; code?: string }][];
  for (const [routeId, { call, code }] of entries) {
    const response = await two.south.send(routeId, call);
    if (code === undefined) expect(response.status, textOf(response)).toBe(routes[routeId].status);
    else expect(errorOf(response).code, routeId).toBe(code);
    if (routeId !== "getOpenApi" && routeId !== "getAsyncApi" && routeId !== "createAppointment")
      expect(textOf(response), routeId).not.toMatch(northern);
  }
  expect(rowsOf(two, "north")).toEqual(before);
});

it("[AU5] with the same ids in both shops, each one reads and writes its own", async () => {
  const two = await openTwoShops();
  const before = rowsOf(two, "north");
  const move = { id: shared, body: { newStatus: "ready", expectedVersion: 1, mutationId: "m" } };
  await two.south.ok("moveAppointment", move);
  await two.south.ok("undoMove", { id: shared, body: { mutationId: "m", expectedVersion: 2 } });
  await two.south.ok("editAppointment", {
    id: shared,
    body: { expectedVersion: 3, technicianId: eva.id, mutationId: "e" },
  });
  const stale = await two.south.refused("removeAppointment", { id: shared, query: { expectedVersion: 1 } });
  expect(stale).toMatchObject({ current: { customer: { name: "Customer of the south" }, version: 4 } });
  expect(rowsOf(two, "north")).toEqual(before);
  // The mutation ids that the south's card remembers are new to the north's.
  expect((await two.north.ok("moveAppointment", move)).version).toBe(2);
  await two.south.ok("removeAppointment", { id: shared, query: { expectedVersion: 4 } });
  expect((await two.north.ok("getAppointment", { id: shared })).version).toBe(2);
});

it("[AU5] an anchor of the other shop's is none: the card goes to the end", async () => {
  const two = await openTwoShops();
  const [first, second] = [await addCard(two.south), await addCard(two.south)];
  await move(two.south, await two.south.ok("getAppointment", { id: shared }), "scheduled", { beforeId: ours });
  expect(await columnIds(two.south, "scheduled")).toEqual([first.id, second.id, shared]);
});

it("[AU5] the bytes of a board that are remembered for one shop are never served to the other", async () => {
  const two = await openTwoShops();
  const boardOf = async (api: Api) => textOf(await api.send("getBoard", { query: { date: day } }));
  for (let round = 0; round < 3; round++) {
    for (const [api, mine, theirs] of [
      [two.north, "Customer of the north", "Customer of the south"],
      [two.south, "Customer of the south", "Customer of the north"],
    ] as const) {
      const text = await boardOf(api);
      expect(text).toContain(mine);
      expect(text).not.toContain(theirs);
      expect(await boardOf(api)).toBe(text);
    }
    await addCard(two.north, { customer: { name: "Customer of the north" } });
  }
  expect(await two.south.ok("getBoard", { query: { date: nextDay } })).toMatchObject({
    columns: { scheduled: { items: [], count: 0 } },
  });
});

it("[AU5] a code that one shop uses is free in the other, and its price stays there", async () => {
  const two = await openTwoShops();
  const service = await firstService(two.north);
  await two.north.ok("editService", { id: service.id, body: { expectedVersion: 1, priceCents: 1 } });
  expect((await addCard(two.south, { serviceCodes: [service.code] })).totalCents).toBe(service.priceCents);
  await two.south.ok("createService", { body: { code: "ONLY-SOUTH", name: "x", priceCents: 1, minutes: 1 } });
  expect(
    (await two.north.refused("createAppointment", { body: cardBody({ serviceCodes: ["ONLY-SOUTH"] }) })).code,
  ).toBe("invalid_request");
});
