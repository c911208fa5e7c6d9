import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { sendRaw } from "../../src/testing/raw-http.ts";
import { sqlite } from "../live/support/databases.ts";
import { apiOf, comeBackAs, cookieHeader, newCard, signedIn, signIn, startBoard } from "./support/board.ts";
import { expectPage, host } from "./support/failure.ts";
import { createVisitor } from "./support/visitor.ts";

describe("the way in", () => {
  it("[HT2] takes GET alone, so that a look at it uses nothing up", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const url = await comeBackAs(board, visitor, "viewer");
    for (const address of [url, `${board.url}/auth/login`])
      for (const method of ["HEAD", "POST", "PUT", "DELETE"]) {
        const { status, headers } = await visitor.send(address, { method, headers: { origin: board.url } });
        expect([method, status, headers.get("allow")]).toEqual([method, 405, "GET"]);
      }
    expect((await visitor.send(url)).status).toBe(302);
  });

  it("[HT3] names a parameter that is unknown, wrong or repeated, in a page", async () => {
    const board = await startBoard(sqlite);
    for (const query of ["?foo=1", "?returnTo=/&returnTo=/x", "?account=mine", "?returnTo=%zz"]) {
      const visitor = createVisitor();
      expectPage(board, visitor, await visitor.send(`${board.url}/auth/login${query}`), 400, /not valid/);
      expect(visitor.cookies(host).size).toBe(0);
    }
  });

  it("[AU2] drops whatever would lead elsewhere, and comes back to the board", async () => {
    const board = await startBoard(sqlite);
    const elsewhere = [
      "https://evil.test/",
      "//evil.test",
      "///evil.test",
      "/\\evil.test",
      "\\\\evil.test",
      "/\t/evil.test",
      "/\n/evil.test",
      "/.//evil.test",
      "/x/..//evil.test",
      "/%2e//evil.test",
      "javascript:alert(1)",
      "evil.test",
      " //evil.test",
      "/auth/logout",
      "/x/../auth/login",
      `/${"x".repeat(limits.returnToMaxCharacters)}`,
      "",
    ];
    for (const returnTo of elsewhere) {
      const answer = await signIn(board, createVisitor(), "viewer", `?${new URLSearchParams({ returnTo })}`);
      expect([returnTo, answer.status, answer.headers.get("location")]).toEqual([returnTo, 302, "/"]);
    }
  });

  it("[AU3] answers to no other host name", async () => {
    const board = await startBoard(sqlite);
    const { port } = new URL(board.url);
    const lines = `GET /auth/login HTTP/1.1\r\nhost: evil.test\r\nconnection: close\r\n\r\n`;
    expect((await sendRaw(Number(port), lines)).status).toBe(403);
  });
});

describe("a cookie", () => {
  it("[AU2] that is forged, cut, altered or of another form is nobody's", async () => {
    const board = await startBoard(sqlite);
    const { visitor, api } = await signedIn(board, "manager");
    const good = visitor.cookies(host).get("session") ?? "";
    const altered = (good.startsWith("A") ? "B" : "A") + good.slice(1);
    const forgeries = [altered, good.slice(1), `${good}A`, "", "A".repeat(43), "x".repeat(8_000), "undefined", "'; --"];
    for (const value of forgeries) {
      const forger = createVisitor();
      forger.cookies(host).set("session", value);
      expect((await apiOf(board, forger).refused("getMe")).code).toBe("unauthenticated");
    }
    const forger = createVisitor();
    forger.cookies(host).set("__Host-session", good);
    expect((await apiOf(board, forger).refused("getMe")).code).toBe("unauthenticated");
    await api.ok("getMe");
  });

  it("[AU3] does not let another site's page write, nor a page of no origin", async () => {
    const board = await startBoard(sqlite);
    const { visitor, api } = await signedIn(board, "manager");
    const cookie = cookieHeader(board, visitor);
    const write = (headers: Record<string, string>, path: string) =>
      fetch(board.url + path, {
        method: "POST",
        headers: { cookie, "content-type": "application/json", ...headers },
        body: path === "/auth/logout" ? null : JSON.stringify(newCard()),
      });
    for (const path of ["/api/admin/appointments", "/auth/logout", "/api/admin/live/ticket"])
      for (const origin of [
        "https://evil.test",
        "null",
        `${board.url}.evil.test`,
        board.url.replace("http:", "https:"),
        undefined,
      ]) {
        const { status } = await write(origin === undefined ? {} : { origin }, path);
        expect([path, origin, status]).toEqual([path, origin, 403]);
      }
    expect((await write({ origin: board.url }, "/api/admin/appointments")).status).toBe(201);
    const noCookie = await fetch(`${board.url}/auth/logout`, { method: "POST" });
    expect(noCookie.status).toBe(403);
    await api.ok("getMe");
  });
});

describe("roles of people who signed in", () => {
  it("[AU4] do what they may, and nothing else", async () => {
    const board = await startBoard(sqlite);
    const as = async (role: string) => (await signedIn(board, role)).api;
    const [viewer, technician, advisor] = [await as("viewer"), await as("technician"), await as("advisor")];
    const manager = await as("manager");
    const card = newCard();
    for (const api of [viewer, technician])
      expect((await api.refused("createAppointment", { body: card })).code).toBe("forbidden");
    const created = await advisor.ok("createAppointment", { body: card });
    expect(created.updatedBy).toEqual({ id: "advisor", name: "Ms advisor" });
    const move = (newStatus: string, expectedVersion: number) => ({
      id: card.id,
      body: { newStatus, expectedVersion },
    });
    expect((await viewer.refused("moveAppointment", move("ready", 1))).code).toBe("forbidden");
    await technician.ok("moveAppointment", move("ready", 1));
    expect((await technician.refused("moveAppointment", move("completed", 2))).code).toBe("forbidden");
    expect((await viewer.refused("getAppointment", { id: card.id })).code).toBe("forbidden");
    const edit = { body: { expectedVersion: 1, name: "Mine" } };
    for (const api of [viewer, technician, advisor])
      expect((await api.refused("editShop", edit)).code).toBe("forbidden");
    expect((await manager.ok("editShop", edit)).name).toBe("Mine");
  });
});

describe("an issuer that is away", () => {
  it("[AU2] is a page that says so, and no more than that; later it works", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    await board.issuer.goDown();
    const away = await visitor.send(`${board.url}/auth/login?returnTo=/?view=tv`);
    expectPage(board, visitor, away, 503, /does not answer/);
    expect(away.headers.get("retry-after")).toBe("1");
    expect(visitor.cookies(host).size).toBe(0);
    const headers = { accept: "application/json" };
    const json = await visitor.send(`${board.url}/auth/login`, { headers });
    expect([json.status, JSON.parse(json.text).error.code]).toEqual([503, "unavailable"]);
    expect((await fetch(`${board.url}/ready`)).status).toBe(200);
    await board.issuer.comeUp();
    expect((await signIn(board, visitor, "viewer")).status).toBe(302);
  });

  it("[AU2] when people come back from it signs nobody in, and is tried anew", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const url = await comeBackAs(board, visitor, "viewer");
    await board.issuer.goDown();
    expectPage(board, visitor, await visitor.send(url), 503, /does not answer/);
    await board.issuer.comeUp();
    visitor.cookies("localhost").clear();
    expect((await signIn(board, visitor, "viewer")).status).toBe(302);
  });

  it("[AU2] is asked for its configuration once, however many sign in", async () => {
    const board = await startBoard(sqlite);
    expect(board.issuer.requests).toEqual([]);
    await Promise.all(Array.from({ length: 5 }, () => createVisitor().send(`${board.url}/auth/login`)));
    expect(board.issuer.requests).toEqual(["/.well-known/openid-configuration"]);
  });

  it("[AU2] does not matter to those who are signed in", async () => {
    const board = await startBoard(sqlite);
    const { api } = await signedIn(board, "viewer");
    await board.issuer.goDown();
    expect((await api.ok("getMe")).role).toBe("viewer");
  });
});

it("[HT6] nothing of a sign-in stands in the log but that it was", async () => {
  const board = await startBoard(sqlite);
  const visitor = createVisitor();
  const url = await comeBackAs(board, visitor, "manager", { query: "?returnTo=/?search=Keller" });
  const secrets = [...visitor.cookies(host).values(), ...new URL(url).searchParams.values()];
  await visitor.send(url);
  await visitor.send(url);
  await createVisitor().send(`${url}&error=x&error_description=Mr+Keller`);
  const text = board.log.join("");
  for (const secret of [...secrets, ...visitor.cookies(host).values(), "Keller", "Ms manager"])
    expect(text).not.toContain(secret);
  const routes = board.log.map((line) => JSON.parse(line).route).filter(Boolean);
  expect(routes).toEqual(["signIn", "finishSignIn", "finishSignIn", "finishSignIn"]);
});
