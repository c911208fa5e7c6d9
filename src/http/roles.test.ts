import {
  publicBoardSchema,
  publicStatsSchema,
  type Role,
  type Route,
  type RouteId,
  roles,
  routes,
  type Status,
  statuses,
} from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { dataAs, errorOf } from "../testing/api.ts";
import { addCard, addCardIn, move, read } from "../testing/cards.ts";
import { nextDay, openWorkshop } from "../testing/workshop.ts";

const unknownId = "01K0000000000000000000N0NE";
const all = Object.entries<Route>(routes) as [RouteId, Route][];

/** Who may do what, written out once more by hand. */
const readers: readonly Role[] = ["viewer", "technician", "advisor", "manager"];
const staff: readonly Role[] = ["technician", "advisor", "manager"];
const office: readonly Role[] = ["advisor", "manager"];
const head: readonly Role[] = ["manager"];
const allowed: Record<RouteId, readonly Role[] | "public"> = {
  getBoard: readers,
  getChanges: readers,
  getMe: readers,
  createTicket: readers,
  getStats: readers,
  getAppointment: staff,
  getHistory: staff,
  moveAppointment: staff,
  undoMove: staff,
  listServices: staff,
  getService: staff,
  getShop: staff,
  createAppointment: office,
  editAppointment: office,
  removeAppointment: office,
  createService: head,
  editService: head,
  removeService: head,
  editShop: head,
  listDevices: head,
  createPairing: head,
  renameDevice: head,
  revokeDevice: head,
  claimPairing: "public",
  getWaysIn: "public",
  signOut: "public",
  getHealth: "public",
  getHealthz: "public",
  getReadiness: "public",
  getOpenApi: "public",
  getAsyncApi: "public",
};

describe("routes", () => {
  it("[AU4] judges the route's role before anything else, for every role and operation", async () => {
    const { as, everything } = await openWorkshop();
    const before = everything();
    for (const [routeId] of all)
      for (const role of roles) {
        const response = await as(role).send(routeId, { id: unknownId, query: { wrong: 1 } });
        const may = allowed[routeId] === "public" || allowed[routeId].includes(role);
        expect(errorOf(response).code, `${role} ${routeId}`).toBe(may ? "invalid_request" : "forbidden");
      }
    expect(everything()).toBe(before);
  });

  it("[AU4] refuses who has not signed in everything that is not public", async () => {
    const { anonymous } = await openWorkshop();
    for (const [routeId] of all) {
      const response = await anonymous.send(routeId, { id: unknownId, query: { wrong: 1 } });
      const code = allowed[routeId] === "public" ? "invalid_request" : "unauthenticated";
      expect(errorOf(response).code, routeId).toBe(code);
    }
  });
});

describe("a technician", () => {
  const shopFloor: readonly Status[] = ["scheduled", "in_progress", "ready"];
  const forward = { scheduled: ["in_progress", "ready"], in_progress: ["ready"], ready: [] };
  const back = { scheduled: [], in_progress: ["scheduled"], ready: ["in_progress"] };

  it("[AU4] moves and reorders among scheduled, in_progress and ready, and touches no other column", async () => {
    const { as, manager, rowsWritten } = await openWorkshop();
    const technician = as("technician");
    for (const from of statuses)
      for (const to of statuses) {
        const { id, version } = await addCardIn(manager, from);
        const before = rowsWritten();
        const response = await technician.send("moveAppointment", {
          id,
          body: { newStatus: to, expectedVersion: version },
        });
        const open = shopFloor.includes(from) && shopFloor.includes(to);
        const key = from === "in_progress" || from === "ready" ? from : "scheduled";
        const step = from === to || [...forward[key], ...back[key]].some((next) => next === to);
        const expected = open ? (step ? "moved" : "invalid_transition") : "forbidden";
        const actual = response.status === 200 ? "moved" : errorOf(response).code;
        expect(actual, `${from} to ${to}`).toBe(expected);
        if (actual !== "moved") expect(rowsWritten()).toBe(before);
      }
  });

  it("[AU4] is told only of the ways that are open to him", async () => {
    const { as, manager } = await openWorkshop();
    const { id, version } = await addCardIn(manager, "ready");
    const body = { newStatus: "scheduled", expectedVersion: version };
    expect(await as("technician").refused("moveAppointment", { id, body })).toMatchObject({ allowed: ["in_progress"] });
    expect(await manager.refused("moveAppointment", { id, body })).toMatchObject({
      allowed: ["in_progress", "completed"],
    });
  });

  it("[AU4] may not undo what led out of his columns, even where he was the mover once", async () => {
    const { as, manager } = await openWorkshop();
    const sameUser = { user: "kim" };
    const card = await addCardIn(manager, "ready");
    const moved = await move(as("advisor", sameUser), card, "completed", { mutationId: "m" });
    const undo = { id: card.id, body: { mutationId: "m", expectedVersion: moved.version } };
    expect((await as("technician", sameUser).refused("undoMove", undo)).code).toBe("forbidden");
    expect((await as("advisor", sameUser).ok("undoMove", undo)).status).toBe("ready");
  });
});

it("[AU4] an advisor creates, edits, closes and cancels, and edits neither services nor shop", async () => {
  const { as } = await openWorkshop();
  const advisor = as("advisor");
  const card = await addCard(advisor);
  const edited = await advisor.ok("editAppointment", { id: card.id, body: { expectedVersion: 1, notes: "x" } });
  const closed = await move(advisor, await move(advisor, edited, "ready"), "completed");
  expect(closed.updatedBy).toEqual({ id: "advisor", name: "Name of advisor" });
  await advisor.ok("removeAppointment", { id: card.id, query: { expectedVersion: closed.version } });
  const body = { expectedVersion: 1, name: "Mine now" };
  expect((await advisor.refused("editShop", { body })).code).toBe("forbidden");
});

it("[AU4] a viewer reads the board of any day and changes nothing", async () => {
  const { as, manager } = await openWorkshop();
  const card = await addCard(manager);
  const board = await as("viewer").send("getBoard", { query: { date: card.date } });
  expect(dataAs(publicBoardSchema, board).columns.scheduled.count).toBe(1);
  const stats = await as("viewer").send("getStats", { query: { date: nextDay } });
  expect(dataAs(publicStatsSchema, stats).jobsToday).toBe(0);
  const body = { newStatus: "ready", expectedVersion: 1 };
  expect((await as("viewer").refused("moveAppointment", { id: card.id, body })).code).toBe("forbidden");
  expect(await read(manager, card)).toEqual(card);
});
