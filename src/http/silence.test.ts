import { type Route, routes } from "@status-board/contracts";
import { expect, it } from "vitest";
import { StoreUnavailable } from "../store/store.ts";
import { apiAs, errorOf, textOf } from "../testing/api.ts";
import { addCard, cardBody, move } from "../testing/cards.ts";
import { day, host, openWorkshop, origin } from "../testing/workshop.ts";

const inside = /node_modules|\.ts\b|at .*:\d+:\d+|sqlite|board\.sqlite|SELECT|INSERT|arn:aws|\/tmp|\/work|Error:/i;

it("[HT6] answers nothing of the inside when the database fails or the program errs", async () => {
  const { service, log } = await openWorkshop();
  const secret = "SELECT item FROM appointment in /var/data/board.sqlite of arn:aws:dynamodb:table/board";
  for (const error of [new Error(secret), new StoreUnavailable(secret), new TypeError(secret), secret]) {
    const store = { ...service.ports.store, readBoard: () => Promise.reject(error), ping: () => Promise.reject(error) };
    const owner = { shopId: "north", user: { id: "o", name: "O" }, role: "manager" as const };
    const api = apiAs({ ...service, ports: { ...service.ports, store }, authenticate: () => owner }, { host });
    for (const routeId of ["getBoard", "getStats", "getReadiness"] as const) {
      const query = routeId === "getReadiness" ? {} : { date: day };
      const response = await api.send(routeId, { query });
      const unavailable = error instanceof StoreUnavailable || routeId === "getReadiness";
      expect(errorOf(response).code).toBe(unavailable ? "unavailable" : "internal");
      expect(JSON.stringify([textOf(response), response.headers])).not.toMatch(inside);
    }
  }
  expect(log().join("")).toContain("request failed");
});

it("[HT6] answers nothing of the inside to any operation called wrongly", async () => {
  const { manager } = await openWorkshop();
  for (const [, route] of Object.entries<Route>(routes)) {
    if (route.path.endsWith("api.json")) continue;
    for (const body of [undefined, Buffer.from("{"), Buffer.from('{"a":"SEL"}')]) {
      const request = { method: route.method, path: route.path.replace("{id}", "01K0000000000000000000N0NE"), body };
      expect(textOf(await manager.request({ ...request, query: "x=1" }))).not.toMatch(inside);
    }
  }
});

it("[HT6] logs one line a request: route, status, duration, conflicts", async () => {
  const { manager, log } = await openWorkshop();
  const card = await addCard(manager);
  await manager.refused("removeAppointment", { id: card.id, query: { expectedVersion: 9 } });
  await manager.request({ path: "/nowhere" });
  expect(log().map((line) => JSON.parse(line))).toEqual(
    [
      { route: "createAppointment", status: 201, conflicts: 0 },
      { route: "removeAppointment", status: 409, conflicts: 1, error: "version_conflict" },
      { route: "none", status: 404, conflicts: 0, error: "not_found" },
    ].map((line) => ({
      ...line,
      level: "info",
      time: expect.any(String),
      release: "1.2.3",
      correlationId: expect.stringMatching(/^minted-/),
      durationMs: expect.any(Number),
      msg: "request",
    })),
  );
});

it("[HT6] logs no URL, query, cookie, token or customer's data, whatever comes of the request", async () => {
  const { manager, as, log, service } = await openWorkshop();
  const secrets = ["Zoë", "Quandt", "B-XY 123", "+49301234", "zoe@example.test", "hush-cookie", "hush-query", "/api/"];
  const customer = { name: "Zoë Quandt", phone: "+49301234", email: "zoe@example.test" };
  const headers = { cookie: "session=hush-cookie", origin };
  const card = await addCard(manager, { customer });
  await move(manager, card, "ready");
  await manager.send("createAppointment", { body: cardBody({ customer, id: card.id }), headers });
  await manager.send("createAppointment", { body: cardBody({ customer, paidCents: -1 }), headers });
  await manager.send("editAppointment", { id: card.id, body: { expectedVersion: 1, customer }, headers });
  await manager.send("listServices", { query: { search: "hush-query" }, headers });
  await manager.request({ path: "/hush-query", query: "hush-query=1", headers });
  await as("viewer").send("createAppointment", { body: cardBody({ customer }), headers });
  await manager.send("getShop", { headers: { ...headers, host: "hush-query" } });
  const broken = {
    ...service.ports,
    store: { ...service.ports.store, createAppointment: () => Promise.reject(new Error("disk")) },
  };
  const owner = { shopId: "north", user: { id: "owner", name: "Owner" }, role: "manager" as const };
  const failing = apiAs({ ...service, ports: broken, authenticate: () => owner }, { host });
  expect((await failing.send("createAppointment", { body: cardBody({ customer }), headers })).status).toBe(500);
  const lines = log().join("");
  expect(log().length).toBe(11);
  for (const secret of [...secrets, card.id, "north/manager"]) expect(lines).not.toContain(secret);
});
