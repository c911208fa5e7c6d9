import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { sendRaw } from "../../src/testing/raw-http.ts";
import { sqlite } from "../live/support/databases.ts";
import { apiOf, type Board, comeBackAs, cookieHeader, newCard, signedIn, signIn, startBoard } from "./support/board.ts";
import { createVisitor, type Visited, type Visitor } from "./support/visitor.ts";

const host = "127.0.0.1";
const callback = "/auth/callback";

/** That a visit ended in a small page with words, a way to try again and an id, and that nobody was signed in by it. */
async function expectPage(board: Board, visitor: Visitor, visited: Visited, status: number, words: RegExp) {
  expect([visited.status, visited.text]).toEqual([status, expect.stringMatching(words)]);
  expect(visited.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const policy = visited.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe-inline");
  expect(visited.text).toMatch(new RegExp(`href="${board.url}/auth/login|href="/auth/login`));
  expect(visited.text).toContain(visited.headers.get("x-correlation-id"));
  expect(visited.text).not.toMatch(/<script|Error:|node_modules| at /);
  expect(visitor.cookies(host).has("session")).toBe(false);
  expect(board.sessionsMade()).toBe(0);
}

/** The callback's address with one parameter changed, or left out. */
function changed(url: string, name: string, value?: string): string {
  const { href, searchParams } = new URL(url);
  if (value === undefined) searchParams.delete(name);
  else searchParams.set(name, value);
  return `${href.split("?")[0]}?${searchParams}`;
}

describe("a callback that fails", () => {
  it("[AU2] with a state that is wrong, missing or no state at all", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const url = await comeBackAs(board, visitor, "manager");
    for (const state of [
      undefined,
      "",
      "x",
      "A".repeat(43),
      "__proto__",
      "é",
      "x; Domain=evil.test",
      "x\r\nSet-Cookie: a=b",
    ])
      await expectPage(board, visitor, await visitor.send(changed(url, "state", state)), 400, /another browser/);
    await expectPage(board, visitor, await visitor.send(board.url + callback), 400, /another browser/);
  });

  it("[AU2] with another sign-in's state", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const [mine, other] = [await comeBackAs(board, visitor, "manager"), await comeBackAs(board, visitor, "manager")];
    const otherState = new URL(other).searchParams.get("state") ?? "";
    await expectPage(board, visitor, await visitor.send(changed(mine, "state", otherState)), 400, /cannot be trusted/);
    expect(board.log.join("")).toContain("invalid_grant");
  });

  it("[AU2] with a nonce that is not this sign-in's", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const tamper = (authorization: URL) => authorization.searchParams.set("nonce", "N".repeat(43));
    const url = await comeBackAs(board, visitor, "manager", { tamper });
    await expectPage(board, visitor, await visitor.send(url), 400, /cannot be trusted/);
    expect(board.log.join("")).toContain("OAUTH_JWT_CLAIM_COMPARISON_FAILED");
  });

  it("[AU2] with a challenge that is not of this sign-in's verifier", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const tamper = (authorization: URL) => authorization.searchParams.set("code_challenge", "C".repeat(43));
    const url = await comeBackAs(board, visitor, "manager", { tamper });
    await expectPage(board, visitor, await visitor.send(url), 400, /cannot be trusted/);
    expect(board.log.join("")).toContain("invalid_grant");
  });

  it("[AU2] with a code that another one got, or that is made up, missing or sent twice", async () => {
    const board = await startBoard(sqlite);
    const thief = createVisitor();
    const stolen = new URL(await comeBackAs(board, thief, "manager")).searchParams.get("code") ?? "";
    for (const code of [stolen, "made-up", undefined, ""]) {
      const visitor = createVisitor();
      const url = await comeBackAs(board, visitor, "viewer");
      await expectPage(board, visitor, await visitor.send(changed(url, "code", code)), 400, /cannot be trusted/);
    }
    const visitor = createVisitor();
    const url = await comeBackAs(board, visitor, "viewer");
    await expectPage(board, visitor, await visitor.send(`${url}&code=${stolen}`), 400, /not valid/);
  });

  it("[AU2] with another issuer's name", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const url = changed(await comeBackAs(board, visitor, "viewer"), "iss", "https://evil.test");
    await expectPage(board, visitor, await visitor.send(url), 400, /cannot be trusted/);
  });

  it("[AU2] in another browser than the one that began", async () => {
    const board = await startBoard(sqlite);
    const [visitor, other] = [createVisitor(), createVisitor()];
    const url = await comeBackAs(board, visitor, "manager");
    await expectPage(board, other, await other.send(url), 400, /another browser/);
    const [name = ""] = [...visitor.cookies(host).keys()].filter((key) => key.startsWith("signin-"));
    other.cookies(host).set(name, "F".repeat(43));
    await expectPage(board, other, await other.send(url), 400, /another browser/);
    // Nor has anybody used it up by that.
    expect((await visitor.send(url)).status).toBe(302);
  });

  it("[AU2] by which the person has stopped", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const url = await comeBackAs(board, visitor, "cancel", { query: "?returnTo=/?view=services" });
    expect(new URL(url).searchParams.get("error")).toBe("access_denied");
    const page = await visitor.send(url);
    await expectPage(board, visitor, page, 400, /was stopped/);
    expect(page.text).toContain(`href="${board.url}/auth/login?returnTo=%2F%3Fview%3Dservices"`);
    expect(board.log.join("")).toContain("access_denied");
  });

  it("[AU2] after more than ten minutes", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const url = await comeBackAs(board, visitor, "manager");
    board.advance(limits.signInValidMs);
    await expectPage(board, visitor, await visitor.send(url), 400, /took too long/);
  });

  it("[AU4] for one whose claim maps to no role: 403", async () => {
    const board = await startBoard(sqlite);
    const claims = [
      undefined,
      "",
      "nobody",
      "constructor",
      "__proto__",
      ["nobody"],
      [],
      7,
      { office: true },
      [["office"]],
    ];
    for (const [index, roles] of claims.entries()) {
      const visitor = createVisitor();
      board.issuer.people.set(`stranger-${index}`, { name: "Stranger", ...(roles !== undefined && { roles }) });
      const page = await signIn(board, visitor, `stranger-${index}`);
      await expectPage(board, visitor, page, 403, /no role on this board/);
      expect(page.text).toContain("account=other");
    }
  });

  it("[AU5] for one of a shop that is not here: 403", async () => {
    const board = await startBoard(sqlite, { variables: { OIDC_SHOP_CLAIM: "shop" } });
    for (const [index, shop] of [undefined, "south", "", 7, "../north", ["north"]].entries()) {
      const visitor = createVisitor();
      board.issuer.people.set(`far-${index}`, { name: "Far", roles: "office", ...(shop !== undefined && { shop }) });
      await expectPage(board, visitor, await signIn(board, visitor, `far-${index}`), 403, /belong to no shop/);
    }
  });

  it("[AU2] a second time, though the first has succeeded", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const url = await comeBackAs(board, visitor, "manager");
    const begun = new Map(visitor.cookies(host));
    expect((await visitor.send(url)).status).toBe(302);
    const session = visitor.cookies(host).get("session");
    // Also for one who has kept the cookie of the sign-in.
    for (const [name, value] of begun) visitor.cookies(host).set(name, value);
    const again = await visitor.send(url);
    expect([again.status, again.text]).toEqual([400, expect.stringContaining("is used already")]);
    expect([board.sessionsMade(), visitor.cookies(host).get("session")]).toEqual([1, session]);
    expect((await apiOf(board, visitor).ok("getMe")).role).toBe("manager");
  });

  it("[AU2] of ten at once with one code, one signs in", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const url = await comeBackAs(board, visitor, "manager");
    const answers = await Promise.all(Array.from({ length: 10 }, () => visitor.send(url)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([302, ...Array.from({ length: 9 }, () => 400)]);
    expect(board.sessionsMade()).toBe(1);
  });

  it("[AU2] in JSON for a program, and with the correlation id that it gave", async () => {
    const board = await startBoard(sqlite);
    const headers = { accept: "application/json", "x-correlation-id": "my-own-id" };
    const { status, text } = await createVisitor().send(`${board.url}${callback}?state=x`, { headers });
    expect([status, JSON.parse(text).error]).toMatchObject([
      400,
      { code: "invalid_request", correlationId: "my-own-id" },
    ]);
  });
});

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
      await expectPage(board, visitor, await visitor.send(`${board.url}/auth/login${query}`), 400, /not valid/);
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
    await expectPage(board, visitor, away, 503, /does not answer/);
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
    await expectPage(board, visitor, await visitor.send(url), 503, /does not answer/);
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
