import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { sqlite } from "../live/support/databases.ts";
import { apiOf, comeBackAs, signIn, startBoard } from "./support/board.ts";
import { expectPage, host } from "./support/failure.ts";
import { createVisitor } from "./support/visitor.ts";

const callback = "/auth/callback";

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
      expectPage(board, visitor, await visitor.send(changed(url, "state", state)), 400, /another browser/);
    expectPage(board, visitor, await visitor.send(board.url + callback), 400, /another browser/);
  });

  it("[AU2] with another sign-in's state", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const [mine, other] = [await comeBackAs(board, visitor, "manager"), await comeBackAs(board, visitor, "manager")];
    const otherState = new URL(other).searchParams.get("state") ?? "";
    expectPage(board, visitor, await visitor.send(changed(mine, "state", otherState)), 400, /cannot be trusted/);
    expect(board.log.join("")).toContain("invalid_grant");
  });

  it("[AU2] with a nonce that is not this sign-in's", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const tamper = (authorization: URL) => authorization.searchParams.set("nonce", "N".repeat(43));
    const url = await comeBackAs(board, visitor, "manager", { tamper });
    expectPage(board, visitor, await visitor.send(url), 400, /cannot be trusted/);
    expect(board.log.join("")).toContain("OAUTH_JWT_CLAIM_COMPARISON_FAILED");
  });

  it("[AU2] with a challenge that is not of this sign-in's verifier", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const tamper = (authorization: URL) => authorization.searchParams.set("code_challenge", "C".repeat(43));
    const url = await comeBackAs(board, visitor, "manager", { tamper });
    expectPage(board, visitor, await visitor.send(url), 400, /cannot be trusted/);
    expect(board.log.join("")).toContain("invalid_grant");
  });

  it("[AU2] with a code that another one got, or that is made up, missing or sent twice", async () => {
    const board = await startBoard(sqlite);
    const thief = createVisitor();
    const stolen = new URL(await comeBackAs(board, thief, "manager")).searchParams.get("code") ?? "";
    for (const code of [stolen, "made-up", undefined, ""]) {
      const visitor = createVisitor();
      const url = await comeBackAs(board, visitor, "viewer");
      expectPage(board, visitor, await visitor.send(changed(url, "code", code)), 400, /cannot be trusted/);
    }
    const visitor = createVisitor();
    const url = await comeBackAs(board, visitor, "viewer");
    expectPage(board, visitor, await visitor.send(`${url}&code=${stolen}`), 400, /not valid/);
  });

  it("[AU2] with another issuer's name", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const url = changed(await comeBackAs(board, visitor, "viewer"), "iss", "https://evil.test");
    expectPage(board, visitor, await visitor.send(url), 400, /cannot be trusted/);
  });

  it("[AU2] in another browser than the one that began", async () => {
    const board = await startBoard(sqlite);
    const [visitor, other] = [createVisitor(), createVisitor()];
    const url = await comeBackAs(board, visitor, "manager");
    expectPage(board, other, await other.send(url), 400, /another browser/);
    const [name = ""] = [...visitor.cookies(host).keys()].filter((key) => key.startsWith("signin-"));
    other.cookies(host).set(name, "F".repeat(43));
    expectPage(board, other, await other.send(url), 400, /another browser/);
    // Nor has anybody used it up by that.
    expect((await visitor.send(url)).status).toBe(302);
  });

  it("[AU2] by which the person has stopped", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const url = await comeBackAs(board, visitor, "cancel", { query: "?returnTo=/?view=services" });
    expect(new URL(url).searchParams.get("error")).toBe("access_denied");
    const page = await visitor.send(url);
    expectPage(board, visitor, page, 400, /was stopped/);
    expect(page.text).toContain(`href="${board.url}/auth/login?returnTo=%2F%3Fview%3Dservices"`);
    expect(board.log.join("")).toContain("access_denied");
  });

  it("[AU2] after more than ten minutes", async () => {
    const board = await startBoard(sqlite);
    const visitor = createVisitor();
    const url = await comeBackAs(board, visitor, "manager");
    board.advance(limits.signInValidMs);
    expectPage(board, visitor, await visitor.send(url), 400, /took too long/);
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
      expectPage(board, visitor, page, 403, /no role on this board/);
      expect(page.text).toContain("account=other");
    }
  });

  it("[AU5] for one of a shop that is not here: 403", async () => {
    const board = await startBoard(sqlite, { variables: { OIDC_SHOP_CLAIM: "shop" } });
    for (const [index, shop] of [undefined, "south", "", 7, "../north", ["north"]].entries()) {
      const visitor = createVisitor();
      board.issuer.people.set(`far-${index}`, { name: "Far", roles: "office", ...(shop !== undefined && { shop }) });
      expectPage(board, visitor, await signIn(board, visitor, `far-${index}`), 403, /belong to no shop/);
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
