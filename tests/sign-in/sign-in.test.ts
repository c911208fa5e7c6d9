import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { hashOfSecret } from "../../src/auth/secrets.ts";
import { databases, sqlite } from "../live/support/databases.ts";
import { apiOf, comeBackAs, roleMap, signedIn, signIn, startBoard } from "./support/board.ts";
import { createVisitor } from "./support/visitor.ts";

const host = "127.0.0.1";

describe.each(databases)("signing in, on $name", (database) => {
  it("[AU2] leads to the issuer and back to where one was, with a session of one's own", async () => {
    const board = await startBoard(database);
    const visitor = createVisitor();
    expect((await apiOf(board, visitor).refused("getMe")).code).toBe("unauthenticated");
    const returnTo = "/?date=2031-03-03&technician=tom#top";
    const answer = await signIn(board, visitor, "advisor", `?returnTo=${encodeURIComponent(returnTo)}`);
    expect([answer.status, answer.headers.get("location")]).toEqual([302, returnTo]);
    expect(await apiOf(board, visitor).ok("getMe")).toMatchObject({
      user: { id: "advisor", name: "Ms advisor" },
      shop: { id: "north" },
      role: "advisor",
    });
    expect(board.sessionsMade()).toBe(1);
  });

  it("[AU2] lasts 12 h to the moment, and no longer", async () => {
    const board = await startBoard(database);
    const { api } = await signedIn(board, "viewer");
    board.advance(limits.sessionValidMs - 60_000);
    await api.ok("getMe");
    board.advance(60_000);
    expect((await api.refused("getMe")).code).toBe("unauthenticated");
  });

  it("[AU2] ends at once when the session is revoked", async () => {
    const board = await startBoard(database);
    const { api, visitor } = await signedIn(board, "manager");
    await api.ok("getShop");
    const token = visitor.cookies(host).get("session") ?? "";
    await board.store.sessions.endSession(hashOfSecret(token));
    expect((await api.refused("getShop")).code).toBe("unauthenticated");
  });

  it("[AU2] ends at once by signing out, and for this browser alone", async () => {
    const board = await startBoard(database);
    const [mine, other] = [await signedIn(board, "manager"), await signedIn(board, "manager")];
    const before = mine.visitor.cookies(host).get("session");
    const headers = { origin: board.url };
    const left = await mine.visitor.send(`${board.url}/auth/logout`, { method: "POST", headers });
    expect([left.status, JSON.parse(left.text)]).toEqual([200, { ok: true, data: { signedOut: true } }]);
    expect(mine.visitor.cookies(host).has("session")).toBe(false);
    // The cookie's owner may have kept a copy.
    mine.visitor.cookies(host).set("session", before ?? "");
    expect((await mine.api.refused("getMe")).code).toBe("unauthenticated");
    await other.api.ok("getMe");
    expect((await mine.visitor.send(`${board.url}/auth/logout`, { method: "POST", headers })).status).toBe(200);
  });
});

describe("signing in", () => {
  it("[AU2] sends the issuer a challenge, a state and a nonce, each different each time", async () => {
    const board = await startBoard(sqlite);
    const seen = { state: new Set(), nonce: new Set(), code_challenge: new Set() };
    for (let count = 0; count < 3; count++) {
      const { status, headers } = await createVisitor().send(`${board.url}/auth/login`);
      const url = new URL(headers.get("location") ?? "");
      expect([status, url.origin]).toEqual([302, board.issuer.url]);
      const given = Object.fromEntries(url.searchParams);
      expect(given).toMatchObject({
        response_type: "code",
        client_id: "board",
        code_challenge_method: "S256",
        redirect_uri: `${board.url}/auth/callback`,
        scope: "openid profile email",
      });
      for (const [name, values] of Object.entries(seen)) {
        expect(given[name]).toMatch(/^[A-Za-z0-9_-]{43}$/);
        values.add(given[name]);
      }
    }
    for (const values of Object.values(seen)) expect(values.size).toBe(3);
  });

  it("[AU2] sets cookies that no script reads, for ten minutes and for 12 h, and clears the first", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    await signIn(board, visitor, "viewer");
    const ours = visitor.setCookies.filter((header) => /^(session|signin-)/.test(header));
    expect(
      ours.map((header) => header.replace(/=[A-Za-z0-9_-]{43};/, "=SECRET;").replace(/-[\w-]{8}=/, "-N=")),
    ).toEqual([
      "signin-N=SECRET; Max-Age=600; Path=/; HttpOnly; SameSite=Lax",
      "signin-N=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
      "session=SECRET; Max-Age=43200; Path=/; HttpOnly; SameSite=Lax",
    ]);
    expect([...visitor.cookies(host).keys()]).toEqual(["session"]);
  });

  it("[AU2] over https all cookies are Secure and of this host alone", async () => {
    const board = await startBoard(sqlite, { variables: { PUBLIC_URL: "https://board.test" } });
    const { status, headers } = await createVisitor().send(`${board.url}/auth/login`);
    expect(status).toBe(302);
    expect(new URL(headers.get("location") ?? "").searchParams.get("redirect_uri")).toBe(
      "https://board.test/auth/callback",
    );
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-signin-[\w-]{8}=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
    ]);
  });

  it("[AU2] stores neither token nor state, but their hashes", async () => {
    const board = await startBoard(sqlite);
    const { visitor } = await signedIn(board, "viewer");
    const token = visitor.cookies(host).get("session") ?? "";
    const now = new Date().toISOString();
    expect(await board.store.sessions.findSession(token, now)).toBeUndefined();
    expect(await board.store.sessions.findSession(hashOfSecret(token), now)).toMatchObject({ role: "viewer" });
    expect(board.log.join("")).not.toContain(token);
  });

  it("[AU2] gives a new session each time, and ends the browser's former one", async () => {
    const board = await startBoard(sqlite);
    const { visitor, api } = await signedIn(board, "viewer");
    const former = visitor.cookies(host).get("session");
    visitor.cookies("localhost").clear();
    const answer = await signIn(board, visitor, "manager");
    expect(answer.status).toBe(302);
    expect(visitor.cookies(host).get("session")).not.toBe(former);
    expect((await apiOf(board, visitor).ok("getMe")).role).toBe("manager");
    expect((await api.refused("getMe")).code).toBe("unauthenticated");
  });

  it("[AU2] takes no session id that somebody else has set before", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const planted = "A".repeat(43);
    visitor.cookies(host).set("session", planted);
    await signIn(board, visitor, "manager");
    const api = apiOf(board, visitor);
    visitor.cookies(host).set("session", planted);
    expect((await apiOf(board, visitor).refused("getMe")).code).toBe("unauthenticated");
    await api.ok("getMe");
  });

  it("[AU2] works in two tabs at once", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const first = await comeBackAs(board, visitor, "advisor", { query: "?returnTo=/?tab=1" });
    const second = await comeBackAs(board, visitor, "advisor", { query: "?returnTo=/?tab=2" });
    for (const [url, tab] of [
      [second, 2],
      [first, 1],
    ] as const) {
      const answer = await visitor.send(url);
      expect([answer.status, answer.headers.get("location")]).toEqual([302, `/?tab=${tab}`]);
    }
    expect((await apiOf(board, visitor).ok("getMe")).role).toBe("advisor");
  });

  it("[AU2] a browser that only ever begins collects no more than a few cookies", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    for (let count = 0; count < 20; count++) await visitor.send(`${board.url}/auth/login`);
    expect(visitor.cookies(host).size).toBeLessThanOrEqual(5);
    expect((await signIn(board, visitor, "viewer")).status).toBe(302);
  });

  it("[AU2] asks for another account when one is wanted", async () => {
    const board = await startBoard(sqlite);
    const { headers } = await createVisitor().send(`${board.url}/auth/login?account=other`);
    expect(new URL(headers.get("location") ?? "").searchParams.get("prompt")).toBe("login");
  });

  it("[AU4] takes the role from the issuer's claim, by the mapping", async () => {
    const board = await startBoard(sqlite);
    for (const role of Object.values(roleMap)) {
      const { api } = await signedIn(board, role);
      expect((await api.ok("getMe")).role).toBe(role);
    }
  });

  it("[AU5] takes the shop from a claim where one is configured", async () => {
    const board = await startBoard(sqlite, { variables: { OIDC_SHOP_CLAIM: "shop" } });
    const south = { id: "south", name: "South", timeZone: "UTC", currency: "EUR", locale: "de-DE", technicians: [] };
    await board.store.store.createShop({ ...south, version: 1 }, "2099-12-31");
    board.issuer.people.set("ana", { name: "Ana", roles: "desk", shop: "south" });
    const { api } = await signedIn(board, "ana");
    expect(await api.ok("getMe")).toMatchObject({ shop: { id: "south" }, role: "advisor" });
    expect((await api.ok("getBoard", { query: { date: "2031-03-03" } })).columns.scheduled.count).toBe(0);
  });

  it("[AU2] as a client with a secret shows it in the way that the issuer takes", async () => {
    const client_secret = "a secret / with + odd : characters";
    for (const token_endpoint_auth_method of ["client_secret_basic", "client_secret_post"] as const) {
      const board = await startBoard(sqlite, { variables: { OIDC_CLIENT_SECRET: client_secret } });
      board.issuer.admit(`${board.url}/auth/callback`, { token_endpoint_auth_method, client_secret });
      expect((await signIn(board, createVisitor(), "viewer")).status).toBe(302);
      board.issuer.admit(`${board.url}/auth/callback`, { token_endpoint_auth_method, client_secret: "another" });
      expect((await signIn(board, createVisitor(), "viewer")).status).toBe(400);
      expect(board.log.join("")).toMatch(/"reason":"(invalid_client|OAUTH_WWW_AUTHENTICATE_CHALLENGE)"/);
      expect(board.log.join("")).not.toContain("odd");
    }
  });
});
