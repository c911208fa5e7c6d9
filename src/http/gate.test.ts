import { routes } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { errorOf, requestTo } from "../testing/api.ts";
import { addCard, cardBody } from "../testing/cards.ts";
import { day, host, openWorkshop, origin } from "../testing/workshop.ts";

describe("Host", () => {
  it("[AU3] answers to the names on the list, with any port and in any case", async () => {
    const { manager } = await openWorkshop();
    for (const name of [host, `${host}:8443`, host.toUpperCase()])
      expect((await manager.send("getShop", { headers: { host: name } })).status).toBe(200);
  });

  it("[AU3] refuses every other name, on public operations and unknown paths too", async () => {
    const { manager, everything } = await openWorkshop();
    const before = everything();
    const names = [
      undefined,
      "",
      "evil.test",
      `${host}.`,
      `${host}.evil.test`,
      `${host}@evil.test`,
      `evil.test:${host}`,
    ];
    for (const name of [...names, `${host}:1:2`, `${host}, evil.test`, [host, "evil.test"], "localhost", "127.0.0.1"]) {
      const headers = { host: name };
      for (const path of ["/health", "/nowhere"]) {
        const response = await manager.request({ path, headers });
        expect(errorOf(response).code, String(name)).toBe("forbidden");
        expect(response.headers).not.toHaveProperty("access-control-allow-origin");
      }
      expect((await manager.refused("createAppointment", { body: cardBody(), headers })).code).toBe("forbidden");
    }
    expect(everything()).toBe(before);
  });
});

describe("Origin", () => {
  it("[AU3] lets a listed origin read the answer, by name and never by *", async () => {
    const { manager } = await openWorkshop();
    const response = await manager.send("getBoard", { query: { date: day }, headers: { origin } });
    expect(response.headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      vary: "Origin",
    });
    const failed = await manager.send("getBoard", { headers: { origin } });
    expect(failed).toMatchObject({ status: 400, headers: { "access-control-allow-origin": origin } });
  });

  it("[AU3] tells caches that the answer depends on the origin, also when none was sent", async () => {
    const { manager } = await openWorkshop();
    const { headers } = await manager.send("getShop");
    expect(headers).toMatchObject({ vary: "Origin" });
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  it("[AU3] refuses an origin that is not listed, null among them, reads too", async () => {
    const { manager, everything } = await openWorkshop();
    const { id } = await addCard(manager);
    const before = everything();
    const strangers = ["null", "", "https://evil.test", `${origin}.evil.test`, `${origin}:8443`, "http://board.test"];
    for (const stranger of [...strangers, `${origin}/`, "*", `${origin}, https://evil.test`]) {
      const headers = { origin: stranger };
      for (const response of [
        await manager.send("getBoard", { query: { date: day }, headers }),
        await manager.send("removeAppointment", { id, query: { expectedVersion: 1 }, headers }),
        await manager.request({ ...requestTo("createAppointment"), method: "OPTIONS", headers }),
      ]) {
        expect(errorOf(response).code, stranger).toBe("forbidden");
        expect(JSON.stringify(response.headers)).not.toContain("access-control");
      }
    }
    expect(everything()).toBe(before);
  });

  it("[AU3] a write that bears a cookie must name its origin; a read need not", async () => {
    const { manager, everything } = await openWorkshop();
    const { id } = await addCard(manager);
    const before = everything();
    const cookie = "session=abc";
    const writes = [
      manager.refused("createAppointment", { body: cardBody(), headers: { cookie } }),
      manager.refused("editAppointment", { id, body: { expectedVersion: 1, notes: "x" }, headers: { cookie } }),
      manager.refused("removeAppointment", { id, query: { expectedVersion: 1 }, headers: { cookie } }),
    ];
    for (const error of await Promise.all(writes)) expect(error.code).toBe("forbidden");
    expect(everything()).toBe(before);
    await manager.ok("getBoard", { query: { date: day }, headers: { cookie } });
    await manager.ok("createAppointment", { body: cardBody(), headers: { cookie, origin } });
  });
});

describe("preflight", () => {
  it("[AU3] tells a listed origin which methods and headers it may use", async () => {
    const { anonymous } = await openWorkshop();
    const { path } = requestTo("editAppointment", { id: "01K0000000000000000000N0NE" });
    const response = await anonymous.request({ method: "OPTIONS", path, headers: { origin } });
    expect(response).toMatchObject({ status: 204, body: "" });
    expect(response.headers["access-control-allow-origin"]).toBe(origin);
    expect(response.headers["access-control-allow-methods"]?.split(", ")).toEqual(
      expect.arrayContaining(["GET", "PATCH", "DELETE"]),
    );
    expect(response.headers["access-control-allow-headers"]).toContain("content-type");
  });

  it("[AU3] finds no preflight where there is no operation", async () => {
    const { anonymous } = await openWorkshop();
    for (const path of ["/nowhere", `${routes.getShop.path}/x`])
      expect((await anonymous.request({ method: "OPTIONS", path, headers: { origin } })).status).toBe(404);
  });
});
