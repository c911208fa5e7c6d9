import { machinePrefix, type RouteId, routes, visits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { requestTo } from "../testing/api.ts";
import { cardBody } from "../testing/cards.ts";
import { day, host, origin } from "../testing/workshop.ts";
import { answerHttp } from "./answer-http.ts";
import { openDeployment } from "./testing/deployment.ts";
import { apiHost, type EventParts, httpEvent } from "./testing/http-events.ts";

const account = "arn:aws:iam::123456789012";
const smoke = "arn:aws:sts::123456789012:assumed-role/smoke/i-0abc";
const screen = `${account}:user/screen`;

const modes = {
  none: { AUTH_MODE: "none" },
  iam: { AUTH_MODE: "iam", ALLOW_PUBLIC_NONE: "" },
  oidc: {
    AUTH_MODE: "oidc",
    ALLOW_PUBLIC_NONE: "",
    PUBLIC_URL: origin,
    OIDC_ISSUER: "https://issuer.test",
    OIDC_CLIENT_ID: "board",
    OIDC_ROLE_MAP: '{"office":"manager"}',
  },
};

async function open(mode: keyof typeof modes = "iam") {
  const deployment = await openDeployment({
    ...modes[mode],
    ALLOWED_HOSTS: `${host},${apiHost}`,
    MACHINE_ROLES: JSON.stringify({ [`${account}:role/ci/smoke`]: "manager", [screen]: "viewer" }),
  });
  const answer = answerHttp(deployment.core);
  /** A call by the API's own name, under the machines' prefix. */
  const call = async (path: string, parts: EventParts = {}) => {
    const headers = { host: apiHost, ...(parts.body !== undefined && { "content-type": "application/json" }) };
    const event = httpEvent({ ...parts, path: machinePrefix + path, headers: { ...headers, ...parts.headers } });
    const { statusCode, body } = await answer(event);
    const { data, error } = JSON.parse(body);
    return { status: statusCode, data, code: error?.code };
  };
  return { ...deployment, answer, call };
}

const board: EventParts = { query: `date=${day}` };
const guarded = (Object.keys(routes) as RouteId[]).filter((id) => routes[id].roles !== "public");
const unguarded = (Object.keys(routes) as RouteId[]).filter((id) => routes[id].roles === "public");

describe("the machine API", () => {
  it.each(["none", "iam", "oidc"] as const)("[AU1] knows a machine by its ARN in the mode %s", async (mode) => {
    const { call } = await open(mode);
    const body = JSON.stringify(cardBody());
    const made = await call(routes.createAppointment.path, { method: "POST", body, userArn: smoke });
    expect(made).toMatchObject({ status: 201, data: { updatedBy: { id: "role/smoke", name: "role/smoke" } } });
    expect(await call(routes.getMe.path, { userArn: smoke })).toMatchObject({
      status: 200,
      data: { user: { id: "role/smoke" }, role: "manager", shop: { id: "north" } },
    });
    const { data } = await call(routes.getBoard.path, { ...board, userArn: smoke });
    expect(data.columns.scheduled.items).toEqual([made.data]);
    expect(await call(routes.createAppointment.path, { method: "POST", body, userArn: screen })).toMatchObject({
      status: 403,
      code: "forbidden",
    });
  });

  it("[AU1] refuses an ARN that has no role with 403, and a request that nobody signed with 401", async () => {
    const { call } = await open();
    for (const routeId of guarded) {
      const { method, path } = requestTo(routeId, { id: "01K00000000000000000000000" });
      const stranger = await call(path, { method, userArn: `${account}:user/stranger` });
      expect([stranger.status, stranger.code], routeId).toEqual([403, "forbidden"]);
      const unsigned = await call(path, { method });
      expect([unsigned.status, unsigned.code], routeId).toEqual([401, "unauthenticated"]);
    }
  });

  it("[AU1] has what needs somebody to be signed in, and nothing else", async () => {
    const { call } = await open("oidc");
    for (const routeId of unguarded) {
      const { method, path } = requestTo(routeId);
      expect(await call(path, { method, userArn: smoke }), routeId).toMatchObject({ status: 404, code: "not_found" });
    }
    for (const { path } of Object.values(visits))
      expect(await call(path, { userArn: smoke })).toMatchObject({ status: 404, code: "not_found" });
  });

  it("[AU1] in the mode iam nobody else gets in: people's addresses answer 401, signed or not", async () => {
    const { answer } = await open();
    for (const routeId of guarded) {
      const { method, path } = requestTo(routeId, { id: "01K00000000000000000000000" });
      for (const parts of [{}, { userArn: smoke }, { headers: { cookie: "__Host-session=x", origin } }])
        expect(await answer(httpEvent({ method, path, ...parts })), routeId).toMatchObject({ statusCode: 401 });
    }
  });

  it("[AU1] a session says nothing under the machines' prefix", async () => {
    const { call } = await open("oidc");
    const cookies = [`__Host-session=${"x".repeat(43)}`];
    expect(await call(routes.getMe.path, { cookies })).toMatchObject({ status: 401 });
    expect(await call(routes.getMe.path, { cookies, userArn: smoke })).toMatchObject({ data: { role: "manager" } });
  });

  it("[AU3] judges Host and Origin as for everybody", async () => {
    const { call } = await open();
    const ask = (headers: Record<string, string>) => call(routes.getMe.path, { userArn: smoke, headers });
    expect(await ask({ host: "evil.test" })).toMatchObject({ status: 403, code: "forbidden" });
    expect(await ask({ origin: "https://evil.test" })).toMatchObject({ status: 403, code: "forbidden" });
    expect(await ask({ origin })).toMatchObject({ status: 200 });
  });

  it("[WS1] a machine's ticket opens a socket, in its role, without a session that could end", async () => {
    const { call, connect, core } = await open("oidc");
    const { data } = await call(routes.createTicket.path, { method: "POST", userArn: screen });
    expect(await connect("c1=", { ticket: data.ticket })).toMatchObject({ statusCode: 200 });
    expect(await core.connections.find("c1=")).toEqual({
      id: "c1=",
      principal: { shopId: "north", user: { id: "user/screen", name: "user/screen" }, role: "viewer" },
    });
  });

  it("[AU1] no way of writing a path, and no header, makes a machine of somebody who has not signed", async () => {
    const { answer } = await open("oidc");
    const paths = ["//machine/auth/me", "/machine//auth/me", "/machine/../auth/me", "/auth/../machine/auth/me"];
    paths.push(
      "/%6dachine/auth/me",
      "/machine%2Fauth/me",
      "/machine%2fauth%2fme",
      "/machine;x/auth/me",
      "/MACHINE/auth/me",
    );
    paths.push(
      "/machine/machine/auth/me",
      "/$default/machine/auth/me",
      "/machine/$default/auth/me",
      "/machine/auth/me/",
    );
    paths.push(
      "/machine/auth/me%00",
      "/machine/./auth/me",
      "/machine\\auth\\me",
      "/machine/auth/me?x=/auth/me",
      "/machine/auth/me",
    );
    const claims = [
      "x-amzn-iam-user-arn",
      "x-amz-user-arn",
      "x-user-arn",
      "user-arn",
      "authorizer",
      "x-forwarded-user",
    ];
    const headers = { host: apiHost, ...Object.fromEntries(claims.map((name) => [name, smoke])) };
    const signature = "AWS4-HMAC-SHA256 Credential=AKIA/20310303/eu-central-1/execute-api/aws4_request, Signature=00";
    for (const path of paths)
      for (const authorization of [undefined, signature, smoke]) {
        const given = { ...headers, ...(authorization && { authorization }) };
        const { statusCode, body } = await answer(httpEvent({ path, headers: given }));
        expect([401, 404], `${path} ${body}`).toContain(statusCode);
      }
  });

  it("[HT1] stands behind a named stage, and at no other place", async () => {
    const { answer } = await open();
    const me = `${machinePrefix}${routes.getMe.path}`;
    const ask = async (path: string, stage: string) =>
      (await answer(httpEvent({ path, stage, userArn: smoke, headers: { host: apiHost } }))).statusCode;
    expect(await ask(`/prod${me}`, "prod")).toBe(200);
    expect(await ask(`${machinePrefix}${me}`, "$default")).toBe(404);
    expect(await ask(`/Machine${routes.getMe.path}`, "$default")).toBe(404);
    expect(await ask(machinePrefix, "$default")).toBe(404);
  });
});
