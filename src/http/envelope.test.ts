import { errorStatus, PROTOCOL_VERSION, type Route, routes } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { StoreUnavailable } from "../store/store.ts";
import { apiAs, errorOf, requestTo, textOf } from "../testing/api.ts";
import { addCard, addCardIn, cardBody } from "../testing/cards.ts";
import { day, host, openWorkshop, origin } from "../testing/workshop.ts";
import type { HttpResponse } from "./message.ts";

const unknownId = "01K0000000000000000000N0NE";

describe("the envelope", () => {
  it("[HT1] wraps a success in ok and data, and nothing else", async () => {
    const { manager } = await openWorkshop();
    const response = await manager.send("getShop");
    expect(Object.keys(JSON.parse(textOf(response)))).toEqual(["ok", "data"]);
    expect(JSON.parse(textOf(response))).toMatchObject({ ok: true, data: { id: "north" } });
  });

  it("[HT1] wraps a failure in ok and an error with code, message and correlation id", async () => {
    const { manager } = await openWorkshop();
    const response = await manager.send("getAppointment", { id: unknownId });
    const body = JSON.parse(textOf(response));
    expect(Object.keys(body)).toEqual(["ok", "error"]);
    expect(body).toEqual({
      ok: false,
      error: { code: "not_found", message: expect.any(String), correlationId: response.headers["x-correlation-id"] },
    });
  });

  it("[HT1] serves the contract itself without the envelope", async () => {
    const { anonymous } = await openWorkshop();
    const document = JSON.parse(textOf(await anonymous.send("getOpenApi")));
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths).length).toBe(new Set(Object.values(routes).map(({ path }) => path)).size);
  });

  it("[HT1] answers health and readiness to anybody", async () => {
    const { anonymous, now } = await openWorkshop();
    const health = { status: "up", version: "1.2.3", time: now() };
    expect(await anonymous.ok("getHealth")).toEqual(health);
    expect(await anonymous.ok("getHealthz")).toEqual(health);
    expect(await anonymous.ok("getReadiness")).toEqual({ status: "ready", time: now() });
  });
});

describe("codes and statuses", () => {
  it("[HT2] gives each failure its code and status", async () => {
    const { manager, anonymous, service } = await openWorkshop();
    const card = await addCardIn(manager, "completed");
    const broken = {
      ...service.ports,
      store: { ...service.ports.store, readShop: () => Promise.reject(new Error("x")) },
    };
    const asleep = () => Promise.reject(new StoreUnavailable("asleep"));
    const down = { ...service.ports, store: { ...service.ports.store, ping: asleep } };
    const id = card.id;
    const body = { expectedVersion: card.version, newStatus: "scheduled" };
    const owner = { shopId: "north", user: { id: "o", name: "O" }, role: "manager" as const };
    const json = { "content-type": "application/json" };
    const big = Buffer.alloc(65_537, " ");
    const answers: Record<string, HttpResponse> = {
      invalid_request: await manager.send("getBoard"),
      unauthenticated: await anonymous.send("getShop"),
      forbidden: await manager.request({ path: "/health", headers: { host: "evil.test" } }),
      not_found: await manager.request({ path: "/nowhere" }),
      method_not_allowed: await manager.request({ method: "PUT", path: "/health" }),
      conflict: await manager.send("createAppointment", { body: cardBody({ id }) }),
      version_conflict: await manager.send("moveAppointment", { id, body: { ...body, expectedVersion: 1 } }),
      invalid_transition: await manager.send("moveAppointment", { id, body }),
      payload_too_large: await manager.request({
        ...requestTo("createAppointment", {}),
        headers: json,
        body: big,
      }),
      unsupported_media_type: await manager.send("createAppointment", {
        body: {},
        headers: { "content-type": "text/plain" },
      }),
      internal: await apiAs({ ...service, ports: broken, authenticate: () => owner }, { host }).send("getShop"),
      unavailable: await apiAs({ ...service, ports: down }, { host }).send("getReadiness"),
    };
    for (const [code, response] of Object.entries(answers)) {
      const error = errorOf(response);
      expect(error.code).toBe(code);
      expect(response.status).toBe(errorStatus[error.code]);
      expect(response.headers["retry-after"]).toBe(code === "unavailable" ? "1" : undefined);
    }
  });

  it("[HT2] names the ways that are open when a transition is not", async () => {
    const { manager } = await openWorkshop();
    const { id, version } = await addCardIn(manager, "completed");
    const error = await manager.refused("moveAppointment", {
      id,
      body: { newStatus: "scheduled", expectedVersion: version },
    });
    expect(error).toMatchObject({
      code: "invalid_transition",
      from: "completed",
      to: "scheduled",
      allowed: ["ready"],
    });
  });

  it("[HT2] shows the whole item on a version conflict", async () => {
    const { manager } = await openWorkshop();
    const card = await addCardIn(manager, "ready");
    const error = await manager.refused("moveAppointment", {
      id: card.id,
      body: { newStatus: "ready", expectedVersion: 1 },
    });
    expect(error).toMatchObject({ code: "version_conflict", current: card });
  });

  it("[HT2] names the methods that an address takes", async () => {
    const { manager } = await openWorkshop();
    const response = await manager.request({ method: "PUT", path: requestTo("getAppointment", { id: "x" }).path });
    expect(response.headers.allow).toBe("GET, PATCH, DELETE, HEAD");
  });

  it("[HT2] finds nothing under a path that is almost right", async () => {
    const { manager } = await openWorkshop();
    const { id } = await addCard(manager);
    const shop = routes.getShop.path;
    const card = requestTo("getAppointment", { id }).path;
    for (const path of [`${shop}/`, `/${shop}`, shop.toUpperCase(), `${card}/`, `${card}/histories`, "", "*", "//"])
      expect(errorOf(await manager.request({ path })).code, path).toBe("not_found");
  });
});

describe("the order of judgement", () => {
  const move = (change: object) => ({ newStatus: "scheduled", expectedVersion: 1, ...change });

  it("[HT2] a malformed id comes before role and input", async () => {
    const { as } = await openWorkshop();
    for (const id of ["1", "01k0000000000000000000none", `${unknownId}0`, "%30", "__proto__", "..", "💥"])
      expect(await as("viewer").refused("moveAppointment", { id, body: { wrong: true } })).toMatchObject({
        code: "not_found",
      });
  });

  it("[HT2] the route's role comes before input and not_found", async () => {
    const { as } = await openWorkshop();
    expect(await as("viewer").refused("moveAppointment", { id: unknownId, body: { wrong: true } })).toMatchObject({
      code: "forbidden",
    });
  });

  it("[HT2] the input comes before not_found, repeat and version_conflict", async () => {
    const { manager } = await openWorkshop();
    const body = { wrong: true };
    expect((await manager.refused("moveAppointment", { id: unknownId, body })).code).toBe("invalid_request");
    const { id } = await addCard(manager);
    await manager.ok("moveAppointment", { id, body: move({ mutationId: "m" }) });
    for (const wrong of [{ mutationId: "m", afterId: id }, { afterId: id }])
      expect((await manager.refused("moveAppointment", { id, body: move(wrong) })).code).toBe("invalid_request");
  });

  it("[HT2] not_found comes before version_conflict and forbidden by status", async () => {
    const { as } = await openWorkshop();
    const body = move({ newStatus: "completed", expectedVersion: 7, mutationId: "m" });
    expect((await as("technician").refused("moveAppointment", { id: unknownId, body })).code).toBe("not_found");
  });

  it("[HT2] a repeat comes before version_conflict and forbidden by status", async () => {
    const { manager, as } = await openWorkshop();
    const { id } = await addCardIn(manager, "ready");
    const body = move({ newStatus: "completed", expectedVersion: 2, mutationId: "m" });
    const moved = await manager.ok("moveAppointment", { id, body });
    expect(await as("technician").ok("moveAppointment", { id, body })).toEqual(moved);
    expect(await as("technician").refused("moveAppointment", { id, body: { ...body, position: 3 } })).toMatchObject({
      code: "conflict",
      reason: "mutation_reused",
    });
  });

  it("[HT2] version_conflict comes before forbidden by status and invalid_transition", async () => {
    const { manager, as } = await openWorkshop();
    const { id } = await addCardIn(manager, "no_show");
    const stale = move({ newStatus: "completed", expectedVersion: 1 });
    expect((await as("technician").refused("moveAppointment", { id, body: stale })).code).toBe("version_conflict");
    expect((await manager.refused("moveAppointment", { id, body: stale })).code).toBe("version_conflict");
  });

  it("[HT2] forbidden by status comes before invalid_transition", async () => {
    const { manager, as } = await openWorkshop();
    const { id, version } = await addCardIn(manager, "no_show");
    const body = move({ newStatus: "completed", expectedVersion: version });
    expect((await as("technician").refused("moveAppointment", { id, body })).code).toBe("forbidden");
    expect((await manager.refused("moveAppointment", { id, body })).code).toBe("invalid_transition");
  });
});

describe("the protocol's version", () => {
  it("[HT7] serves a client that states the present version, or none", async () => {
    const { manager } = await openWorkshop();
    for (const headers of [{}, { "x-protocol-version": String(PROTOCOL_VERSION) }]) {
      const response = await manager.send("getShop", { headers });
      expect(response.status).toBe(200);
      expect(response.headers).toMatchObject({
        "x-protocol-version": String(PROTOCOL_VERSION),
        "x-release": "1.2.3",
      });
    }
  });

  it("[HT7] refuses a version that is older, newer or none at all, and writes nothing", async () => {
    const { manager, everything } = await openWorkshop();
    const before = everything();
    for (const stated of ["0", "999999", "1.0", "-1", "", "one", "1, 1", "0x1", "9".repeat(400)]) {
      const headers = { "x-protocol-version": stated };
      const error = await manager.refused("createAppointment", { body: cardBody(), headers });
      expect(error).toMatchObject({ code: "invalid_request", issues: [{ path: "x-protocol-version" }] });
    }
    expect(everything()).toBe(before);
  });
});

describe("headers", () => {
  it("[HT8] every operation's success and failure carries the security headers", async () => {
    const { manager, anonymous } = await openWorkshop();
    const answers: HttpResponse[] = [];
    for (const [routeId, route] of Object.entries<Route>(routes)) {
      const request = { method: route.method, path: route.path.replace("{id}", unknownId) };
      answers.push(await manager.request(request), await anonymous.request(request));
      answers.push(await manager.request({ ...request, method: "OPTIONS", headers: { origin } }));
      answers.push(await manager.request({ ...request, query: `date=${day}`, headers: { host: routeId } }));
    }
    answers.push(await manager.request({ path: "/nowhere" }), await manager.request({ method: "PUT", path: "/ready" }));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 204, 400, 401, 403, 404, 405]));
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "referrer-policy": "no-referrer",
        "x-correlation-id": expect.stringMatching(/^[A-Za-z0-9_.-]{8,64}$/),
        "x-protocol-version": String(PROTOCOL_VERSION),
        "x-release": "1.2.3",
      });
      expect(headers).not.toHaveProperty("x-powered-by");
    }
  });
});

describe("the correlation id", () => {
  it("[HT4] is accepted when well formed, on answer and log line", async () => {
    const { manager, log } = await openWorkshop();
    for (const path of ["/health", "/nowhere"]) {
      const response = await manager.request({ path, headers: { "x-correlation-id": "front-desk.42_a" } });
      expect(response.headers["x-correlation-id"]).toBe("front-desk.42_a");
      expect(JSON.parse(log().at(-1) ?? "")).toMatchObject({ correlationId: "front-desk.42_a" });
    }
  });

  it("[HT4] is minted when absent or not well formed", async () => {
    const { manager, log } = await openWorkshop();
    const hostile = [undefined, "", "short", "a".repeat(65), "with space", "line\nbreak", 'quote"quote', "ünïcödé-id"];
    for (const given of [...hostile, ["repeated-1", "repeated-2"]]) {
      const { headers } = await manager.request({ path: "/health", headers: { "x-correlation-id": given } });
      expect(headers["x-correlation-id"]).toMatch(/^minted-/);
      expect(JSON.parse(log().at(-1) ?? "")).toMatchObject({ correlationId: headers["x-correlation-id"] });
    }
  });
});
