import { limits, routes } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import type { Principal } from "../../src/auth/principal.ts";
import { hashOfSecret } from "../../src/auth/secrets.ts";
import { beginSession, type Sessions } from "../../src/auth/sessions.ts";
import { answerHttp } from "../../src/aws/answer-http.ts";
import { onRecords } from "../../src/aws/publish-records.ts";
import { createCore, type LambdaCore } from "../../src/aws/service.ts";
import { type Deployment, openDeployment } from "../../src/aws/testing/deployment.ts";
import { httpEvent } from "../../src/aws/testing/http-events.ts";
import { boardHandlers } from "../../src/http/handlers.ts";
import { createDynamoSessions } from "../../src/store/dynamodb/sessions.ts";
import { type Api, apiAs } from "../../src/testing/api.ts";
import { addCard } from "../../src/testing/cards.ts";
import { day, host, origin } from "../../src/testing/workshop.ts";
import { dynamoError } from "../support/fault-proxy.ts";
import { chooseAt } from "./support/board.ts";
import { startIssuer } from "./support/issuer.ts";
import { createVisitor } from "./support/visitor.ts";

const name = "__Host-session";
const ana: Principal = { shopId: "north", user: { id: "ana", name: "Ana" }, role: "manager" };

interface SignedIn {
  token: string;
  api: Api;
}

/** The functions where people sign in, and a way to be signed in without the issuer. */
async function open(issuer = "https://issuer.test") {
  const deployment = await openDeployment({
    AUTH_MODE: "oidc",
    ALLOW_PUBLIC_NONE: "",
    PUBLIC_URL: origin,
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: "board",
    OIDC_ROLE_MAP: '{"office":"manager"}',
  });
  const { client, tables, core, now } = deployment;
  const sessions: Sessions = createDynamoSessions({ client, ...tables, now, newId: core.service.ports.newId });
  const signIn = async (): Promise<SignedIn> => {
    const token = await beginSession(ana, { sessions, clock: now });
    return { token, api: apiAs(core.service, { host, origin, cookie: `${name}=${token}` }) };
  };
  const publish = onRecords(core, deployment.gateway, async () => {});
  const watchAs = async ({ api }: SignedIn, id: string) => {
    await deployment.connect(id, { ticket: (await api.ok("createTicket")).ticket });
    await deployment.send(id, { action: "subscribe", date: day });
  };
  return { ...deployment, sessions, signIn, publish, watchAs };
}

/** An event of the HTTP API. */
const event = (method: string, path: string, query: string, cookies: readonly string[], headers = {}) =>
  httpEvent({ method, path, query, cookies, headers: { accept: "text/html", ...headers } });

const typesTo = ({ connections }: Deployment, id: string) => connections.messages(id).map(({ type }) => type);

describe("the functions", () => {
  it("[AU2] sign people in and out at a real issuer, with cookies as API Gateway takes them", async () => {
    const issuer = await startIssuer();
    issuer.people.set("ana", { name: "Ana", roles: ["office"] });
    issuer.admit(`${origin}/auth/callback`);
    const answer = answerHttp((await open(issuer.url)).core);
    const left = await answer(event("GET", "/auth/login", "returnTo=%2F%3Fview%3Dtv", []));
    expect([left.statusCode, left.cookies]).toEqual([302, [expect.stringMatching(/^__Host-signin-.*; Secure$/)]]);
    expect(left.headers["set-cookie"]).toBeUndefined();
    const begun = left.cookies?.[0]?.split(";")[0] ?? "";
    const back = new URL(await chooseAt(issuer, createVisitor(), left.headers.location ?? "", "ana"));
    const landed = await answer(event("GET", back.pathname, back.search.slice(1), ["theme=dark", begun]));
    expect([landed.statusCode, landed.headers.location]).toEqual([302, "/?view=tv"]);
    expect(landed.cookies).toHaveLength(2);
    const session = landed.cookies?.[1]?.split(";")[0] ?? "";
    expect(session).toMatch(/^__Host-session=[\w-]{43}$/);
    const asked = await answer(event("GET", "/auth/me", "", ["theme=dark", session]));
    expect(JSON.parse(asked.body)).toMatchObject({ data: { user: { id: "ana", name: "Ana" }, role: "manager" } });
    const gone = await answer(event("POST", "/auth/logout", "", [session], { origin }));
    expect([gone.statusCode, gone.cookies]).toEqual([200, [expect.stringMatching(/^__Host-session=; Max-Age=0;/)]]);
    expect((await answer(event("GET", "/auth/me", "", [session]))).statusCode).toBe(401);
    const again = await answer(event("GET", back.pathname, back.search.slice(1), [begun]));
    expect(again.statusCode).toBe(400);
  });

  it("[WS2] signing out tells each of the session's sockets goodbye, and nothing more", async () => {
    const deployment = await open();
    const [mine, other] = [await deployment.signIn(), await deployment.signIn()];
    for (const id of ["c1=", "c2="]) await deployment.watchAs(mine, id);
    await deployment.watchAs(other, "other=");
    await mine.api.ok("signOut");
    for (const id of ["c1=", "c2="]) {
      expect(deployment.connections.messages(id).at(-1)).toEqual({ type: "bye", code: "session_ended" });
      expect(deployment.connections.count("DELETE", id)).toBe(1);
      expect(await deployment.core.connections.find(id)).toBeUndefined();
    }
    await addCard(other.api);
    await deployment.publish(await deployment.records());
    expect(typesTo(deployment, "c1=")).toEqual(["subscribed", "bye"]);
    expect(typesTo(deployment, "other=")).toEqual(["subscribed", "diff"]);
    await mine.api.ok("signOut");
    expect((await mine.api.refused("getMe")).code).toBe("unauthenticated");
  });

  it("[WS2] signing out again tells the sockets, when the first time was cut off in between", async () => {
    const deployment = await open();
    const mine = await deployment.signIn();
    await deployment.watchAs(mine, "c1=");
    deployment.database.fault = ({ operation }) =>
      operation === "Query" ? dynamoError("InternalServerError", 500) : undefined;
    expect((await mine.api.refused("signOut")).code).toBe("unavailable");
    deployment.database.fault = () => undefined;
    expect((await mine.api.refused("getMe")).code).toBe("unauthenticated");
    await mine.api.ok("signOut");
    expect(typesTo(deployment, "c1=")).toEqual(["subscribed", "bye"]);
  });

  it("[WS2] signing out ends also a socket that cannot be told", async () => {
    const deployment = await open();
    const [mine, other] = [await deployment.signIn(), await deployment.signIn()];
    await deployment.watchAs(mine, "c1=");
    deployment.connections.treat("c1=", 500, 500, 500);
    await mine.api.ok("signOut");
    deployment.connections.treat("c1=", 200);
    await addCard(other.api);
    await deployment.publish(await deployment.records());
    expect(typesTo(deployment, "c1=")).toEqual(["subscribed"]);
    await deployment.send("c1=", { action: "subscribe", date: day });
    expect(deployment.connections.messages("c1=").at(-1)).toEqual({ type: "bye", code: "going_away" });
  });

  it("[WS2] $connect refuses a ticket whose session has ended, and leaves nothing of it", async () => {
    const deployment = await open();
    const mine = await deployment.signIn();
    const tickets = [await mine.api.ok("createTicket"), await mine.api.ok("createTicket")];
    await mine.api.ok("signOut");
    expect(await deployment.connect("c1=", tickets[0])).toMatchObject({ statusCode: 401 });
    expect(await deployment.core.connections.find("c1=")).toBeUndefined();
    expect(await deployment.core.connections.ofSession(hashOfSecret(mine.token))).toEqual([]);
  });

  it("[WS2] $connect looks at the session after it has noted the connection, so that one of the two sees the other", async () => {
    const deployment = await open();
    const mine = await deployment.signIn();
    const ticket = await mine.api.ok("createTicket");
    const before = deployment.database.calls.length;
    expect(await deployment.connect("c1=", ticket)).toMatchObject({ statusCode: 200 });
    const calls = deployment.database.calls.slice(before).map(({ operation }) => operation);
    expect(calls).toEqual(["DeleteItem", "TransactWriteItems", "GetItem"]);
    expect(await deployment.core.connections.ofSession(hashOfSecret(mine.token))).toEqual(["c1="]);
  });

  it("[WS2] an expired session's socket hears nothing more, and goodbye when it next speaks", async () => {
    const deployment = await open();
    const early = await deployment.signIn();
    deployment.advance(limits.sessionValidMs - 60_000);
    const late = await deployment.signIn();
    await deployment.watchAs(early, "early=");
    await deployment.watchAs(late, "late=");
    deployment.advance(60_000);
    await addCard(late.api);
    await deployment.publish(await deployment.records());
    expect(typesTo(deployment, "early=")).toEqual(["subscribed"]);
    expect(typesTo(deployment, "late=")).toEqual(["subscribed", "diff"]);
    await deployment.send("early=", { action: "ping" });
    expect(deployment.connections.messages("early=").at(-1)).toEqual({ type: "bye", code: "session_ended" });
    expect(await deployment.core.connections.find("early=")).toBeUndefined();
  });

  it("[AU2] a request costs one read more, and is unavailable when that fails", async () => {
    const deployment = await open();
    const { api } = await deployment.signIn();
    const before = deployment.database.calls.length;
    await api.ok("getMe");
    expect(deployment.database.calls.slice(before).map(({ operation }) => operation)).toEqual(["GetItem", "GetItem"]);
    deployment.database.fault = () => dynamoError("InternalServerError", 500);
    expect((await api.refused("getMe")).code).toBe("unavailable");
  });

  it("[AU1] that a device was seen is noted by the function that signs in, and by no other", async () => {
    const deployment = await open();
    const { core, client, gateway, now, database } = deployment;
    const { api } = await deployment.signIn();
    const { code } = await api.ok("createPairing", { body: { name: "The hall", role: "viewer" } });
    const body = JSON.stringify({ code });
    const headers = { origin, "content-type": "application/json" };
    const paired = await answerHttp(core)(httpEvent({ method: "POST", path: routes.claimPairing.path, headers, body }));
    deployment.advance(limits.deviceSeenEveryMs);
    const cookie = paired.cookies?.[0]?.split(";")[0] ?? "";
    const parts = { client, clock: now, logger: core.service.logger, gateway: () => gateway };
    const board = createCore(core.environment, { handlers: boardHandlers }, parts);
    const writesOf = async ({ service }: LambdaCore, route: "getBoard" | "getMe", query?: Record<string, string>) => {
      const before = database.calls.length;
      await apiAs(service, { host, origin, cookie }).send(route, { ...(query && { query }) });
      return database.calls.slice(before).filter(({ operation }) => /Put|Update|Write/.test(operation)).length;
    };
    expect(await writesOf(board, "getBoard", { date: day })).toBe(0);
    expect(await writesOf(core, "getMe")).toBe(1);
    expect(await writesOf(core, "getMe")).toBe(0);
  });

  it("[AU3] a cookie's write without a listed origin is refused", async () => {
    const deployment = await open();
    const { token, api } = await deployment.signIn();
    const { core } = deployment;
    const cookie = `${name}=${token}`;
    for (const headers of [
      { host, cookie },
      { host, cookie, origin: "https://evil.test" },
    ])
      expect((await apiAs(core.service, headers).refused("signOut")).code).toBe("forbidden");
    await api.ok("getMe");
  });
});
