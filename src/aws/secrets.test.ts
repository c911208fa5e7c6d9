import { limits, machinePrefix, routes, visits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { dynamoError } from "../../tests/support/fault-proxy.ts";
import { sealedCookies } from "../auth/cookie-seal.ts";
import type { Principal } from "../auth/principal.ts";
import { newSecret } from "../auth/secrets.ts";
import { beginSession } from "../auth/sessions.ts";
import { sessionGuard } from "../http/session-guard.ts";
import { readLambdaEnvironment } from "../runtime/lambda-environment.ts";
import { createDynamoDevices } from "../store/dynamodb/devices.ts";
import { createDynamoSessions } from "../store/dynamodb/sessions.ts";
import { origin } from "../testing/workshop.ts";
import { answerHttp } from "./answer-http.ts";
import type { HttpResult } from "./http-event.ts";
import { openSecrets, rereadAfterMs } from "./secrets.ts";
import { openDeployment } from "./testing/deployment.ts";
import { type EventParts, httpEvent } from "./testing/http-events.ts";
import { firstOriginKey, openRotation, type RotationStand } from "./testing/rotation.ts";

const ana: Principal = { shopId: "north", user: { id: "ana", name: "Ana" }, role: "manager" };
const smoke = "arn:aws:iam::123456789012:role/smoke";

/** The secrets as one more instance of a function opens them. */
function secretsOf({ secrets, cookieArn, originArn, clock }: RotationStand) {
  const variables = { STAGE: "test", RELEASE: "1", COOKIE_SECRET_ARN: cookieArn, ORIGIN_SECRET_ARN: originArn };
  const { cookieKeys, originKeys } = openSecrets(readLambdaEnvironment(variables), { clock, client: secrets.client });
  if (cookieKeys === undefined || originKeys === undefined) throw new Error("no keys");
  return { cookieKeys, originKeys };
}

const oidc = {
  AUTH_MODE: "oidc",
  ALLOW_PUBLIC_NONE: "",
  PUBLIC_URL: origin,
  OIDC_ISSUER: "https://issuer.test",
  OIDC_CLIENT_ID: "board",
  OIDC_ROLE_MAP: '{"office":"manager"}',
};

/** Not the words for a database that does not answer. */
const keysAway = "The keys that guard this site cannot be read just now; try again.";
const messageOf = ({ statusCode, body }: HttpResult) => [statusCode, JSON.parse(body).error.message];

describe("session cookies", () => {
  /** Functions where people sign in, and their cookies. Each `instance` begins with an empty memory. */
  async function open() {
    const stand = await openRotation();
    const deployment = await openDeployment(
      { ...oidc, COOKIE_SECRET_ARN: stand.cookieArn, ORIGIN_SECRET_ARN: stand.originArn },
      stand.secrets.client,
    );
    const { client, tables, core, now } = deployment;
    const database = { client, ...tables, now, newId: core.service.ports.newId };
    const [sessions, devices] = [createDynamoSessions(database), createDynamoDevices(database)];
    const instance = () => {
      const seal = sealedCookies(secretsOf(stand).cookieKeys);
      const { logger } = core.service;
      const guard = sessionGuard({ sessions, devices, clock: now, publicUrl: () => origin, seal, logger });
      return { seal, answer: answerHttp({ service: { ...core.service, ...guard } }) };
    };
    const askMe = (value: string, { answer } = instance()) =>
      answer(httpEvent({ path: routes.getMe.path, cookies: [`__Host-session=${value}`] }));
    const me = async (...given: Parameters<typeof askMe>) => (await askMe(...given)).statusCode;
    const signIn = async ({ seal } = instance()) => {
      const token = await beginSession(ana, { sessions, clock: now });
      return { token, value: await seal.valueOf(token) };
    };
    return { ...deployment, stand, instance, askMe, me, signIn };
  }

  it("[AU2] are a token and its signature; one that is forged, altered or bare is refused before the store is asked", async () => {
    const { me, signIn, instance, database } = await open();
    const { token, value } = await signIn();
    expect(value).toMatch(/^[\w-]{43}\.[\w-]{43}$/);
    expect(value.startsWith(`${token}.`)).toBe(true);
    expect(await me(value)).toBe(200);
    const signature = value.slice(44);
    const other = await signIn();
    database.fault = () => dynamoError("InternalServerError", 500);
    const warm = instance();
    for (const forged of [
      token,
      `${token}.`,
      `.${signature}`,
      `${token}.${newSecret()}`,
      `${other.token}.${signature}`,
      `${value}.`,
      `${value}.${signature}`,
      `${token}.${signature.toLowerCase()}`,
      `${token}.${signature.slice(1)}`,
      "",
      ".",
      "x".repeat(5_000),
    ])
      expect(await me(forged, warm), forged).toBe(401);
    expect(await me(value, warm)).toBe(503);
  });

  it("[AU2] from before a rotation are good after it, and not after two", async () => {
    const { me, signIn, instance, stand } = await open();
    const warm = instance();
    const first = await signIn(warm);
    await stand.secrets.rotate(stand.cookieArn, stand.handler);
    const second = await signIn();
    expect(second.value.slice(44)).not.toBe(first.value.slice(44));
    for (const one of [warm, instance()])
      for (const { value } of [first, second]) expect(await me(value, one)).toBe(200);
    await stand.secrets.rotate(stand.cookieArn, stand.handler);
    const third = await signIn();
    for (const one of [warm, instance()]) {
      expect(await me(third.value, one)).toBe(200);
      expect(await me(second.value, one)).toBe(200);
      expect(await me(first.value, one)).toBe(401);
    }
  });

  it("[AU2] signed by an instance that knows the new key are good at one that has just read the old ones", async () => {
    const { me, signIn, instance, stand } = await open();
    const warm = instance();
    await signIn(warm);
    await stand.secrets.rotate(stand.cookieArn, stand.handler);
    expect(await me((await signIn()).value, warm)).toBe(200);
  });

  it("[AU2] leave whoever is signed in as he is while the keys cannot be read", async () => {
    const { askMe, me, signIn, stand, logText } = await open();
    const { value } = await signIn();
    stand.secrets.mood = "fails";
    expect(messageOf(await askMe(value))).toEqual([503, keysAway]);
    stand.secrets.mood = "works";
    expect(await me(value)).toBe(200);
    expect(logText()).not.toContain(value.slice(44));
  });
});

describe("the client's secret", () => {
  it("[AU2] that cannot be read stops a sign-in in words of its own, not in the issuer's", async () => {
    const stand = await openRotation();
    const arns = { COOKIE_SECRET_ARN: stand.cookieArn, ORIGIN_SECRET_ARN: stand.originArn };
    const client = { OIDC_CLIENT_SECRET_ARN: stand.secrets.add("client", "hush") };
    const { core, log } = await openDeployment({ ...oidc, ...arns, ...client }, stand.secrets.client);
    stand.secrets.mood = "fails";
    const headers = { accept: "application/json" };
    const answer = answerHttp({ service: core.service });
    expect(messageOf(await answer(httpEvent({ path: visits.signIn.path, headers })))).toEqual([503, keysAway]);
    expect(log()).toContainEqual(expect.objectContaining({ level: "warn", msg: "request failed" }));
  });
});

describe("the origin key", () => {
  async function open(variables: Record<string, string> = {}) {
    const stand = await openRotation();
    const MACHINE_ROLES = JSON.stringify({ [smoke]: "manager" });
    const deployment = await openDeployment(
      { COOKIE_SECRET_ARN: stand.cookieArn, ORIGIN_SECRET_ARN: stand.originArn, MACHINE_ROLES, ...variables },
      stand.secrets.client,
    );
    const answer = answerHttp(deployment.core);
    const ask = async (path: string, key?: string, parts: EventParts = {}) => {
      const headers = { ...parts.headers, ...(key !== undefined && { "x-origin-key": key }) };
      return (await answer(httpEvent({ path, ...parts, headers }))).statusCode;
    };
    return { ...deployment, stand, answer, ask };
  }

  it("[AU3] must come along with every request but machines' and monitors'", async () => {
    const { ask } = await open();
    const paths = ["/ready", "/openapi.json", "/auth/me", "/nowhere", "/", "/machine", "/health/", "/healthz/x"];
    paths.push("//machine/ready", "/%6dachine/ready", "/machine%2Fready", "/MACHINE/ready", "/ready/../machine/ready");
    paths.push("//health", "/health/../ready", "/ready?/health", "/health%2f..%2fready", "/Health");
    for (const path of paths) {
      expect(await ask(path), path).toBe(403);
      expect(await ask(path, "x".repeat(64)), path).toBe(403);
      expect(await ask(path, ""), path).toBe(403);
    }
    expect(await ask("/ready", firstOriginKey)).toBe(200);
    expect(await ask("/auth/me", firstOriginKey)).toBe(401);
    expect(await ask("/nowhere", firstOriginKey)).toBe(404);
    expect(await ask("/auth/me", undefined, { method: "OPTIONS", headers: { origin } })).toBe(403);
    expect(await ask("/health")).toBe(200);
    expect(await ask("/healthz")).toBe(200);
    expect(await ask(`${machinePrefix}/auth/me`, undefined, { userArn: smoke })).toBe(200);
    expect(await ask(`${machinePrefix}/ready`, undefined, { userArn: smoke })).toBe(404);
  });

  it("[AU1] vouches for the viewer's address, by which guessing is counted", async () => {
    const { ask } = await open(oidc);
    const wrong = 400;
    let guesses = 0;
    const guess = (viewer: string) =>
      ask("/auth/pair", firstOriginKey, {
        method: "POST",
        // What the viewer himself says of where he comes from is another address each time.
        headers: {
          "content-type": "application/json",
          "x-forwarded-for": `9.9.9.${++guesses}, ${viewer}, 130.176.0.1`,
        },
        body: '{"code":"ABCD2345"}',
      });
    for (let count = 0; count < limits.pairingTriesPerAddress; count++) expect(await guess("203.0.113.7")).toBe(wrong);
    expect(await guess("203.0.113.7")).toBe(429);
    expect(await guess("203.0.113.8")).toBe(wrong);
  });

  it("[HT1] [HT6] is refused in the envelope, and is told to nobody", async () => {
    const { answer, ask, logText, log } = await open();
    const result = await answer(httpEvent({ path: "/ready", headers: { "x-correlation-id": "front-desk-1" } }));
    expect(JSON.parse(result.body)).toMatchObject({
      ok: false,
      error: { code: "forbidden", correlationId: "front-desk-1" },
    });
    expect(log().at(-1)).toMatchObject({ status: 403, correlationId: "front-desk-1" });
    const wrong = "wrong".repeat(20);
    await ask("/ready", wrong);
    await ask("/ready", firstOriginKey);
    for (const key of [wrong, firstOriginKey]) expect(logText()).not.toContain(key);
  });

  it("[AU3] Host and Origin are judged first", async () => {
    const { ask } = await open();
    expect(await ask("/ready", firstOriginKey, { headers: { host: "evil.test" } })).toBe(403);
    expect(await ask("/ready", firstOriginKey, { headers: { origin: "https://evil.test" } })).toBe(403);
  });

  it("[HT2] is answered 503 while it cannot be read, and asked for again with the next request", async () => {
    const { answer, ask, stand, log } = await open();
    stand.secrets.mood = "fails";
    const headers = { "x-origin-key": firstOriginKey };
    expect(messageOf(await answer(httpEvent({ path: "/ready", headers })))).toEqual([503, keysAway]);
    expect(await ask("/ready")).toBe(403);
    expect(await ask("/health")).toBe(200);
    expect(log()).toContainEqual(expect.objectContaining({ level: "warn", msg: "the origin key cannot be read" }));
    stand.secrets.mood = "works";
    expect(await ask("/ready", firstOriginKey)).toBe(200);
  });
});

describe("keys", () => {
  const reads = ["GetSecretValue AWSCURRENT", "GetSecretValue AWSPREVIOUS", "GetSecretValue AWSPENDING"].toSorted();

  it("[AU3] are read once, and again when something fits none of them, at most once a minute", async () => {
    const stand = await openRotation();
    const { originKeys } = secretsOf(stand);
    const calls = () => stand.secrets.calls.splice(0).toSorted();
    expect(calls()).toEqual([]);
    await Promise.all([originKeys.some((key) => key === firstOriginKey), originKeys.current(), originKeys.current()]);
    expect(calls()).toEqual(reads);
    stand.advance(limits.sessionValidMs);
    await originKeys.some((key) => key === firstOriginKey);
    expect(calls()).toEqual([]);
    expect(await originKeys.some(() => false)).toBe(false);
    expect(calls()).toEqual(reads);
    stand.advance(rereadAfterMs - 1);
    expect(await originKeys.some(() => false)).toBe(false);
    expect(calls()).toEqual([]);
    stand.advance(1);
    expect(await originKeys.some(() => false)).toBe(false);
    expect(calls()).toEqual(reads);
  });

  it("[AU3] that are no keys are not used, and not quoted", async () => {
    const stand = await openRotation();
    for (const [index, text] of [
      "{}",
      '{"key":"short-and-secret"}',
      "plain-and-secret",
      '{"key":7}',
      "null",
    ].entries()) {
      const { originKeys } = secretsOf({ ...stand, originArn: stand.secrets.add(`bad-${index}`, text) });
      const problem = await originKeys.current().catch((error: unknown) => String(error));
      expect(problem).toMatch(/is not JSON of the form/);
      expect(problem).not.toContain("and-secret");
    }
  });

  it("[AU1] the client's secret is text, or the key of an object, and read each time", async () => {
    const stand = await openRotation();
    const secretOf = (text: string) => {
      const OIDC_CLIENT_SECRET_ARN = stand.secrets.add("client", text);
      const environment = readLambdaEnvironment({ STAGE: "test", RELEASE: "1", OIDC_CLIENT_SECRET_ARN });
      return openSecrets(environment, { clock: stand.clock, client: stand.secrets.client }).clientSecret;
    };
    const plain = secretOf("hush");
    expect(await plain?.()).toBe("hush");
    stand.secrets.add("client", '{"key":"hush again"}');
    expect(await plain?.()).toBe("hush again");
    await expect(secretOf("")?.()).rejects.toThrow("is empty");
    stand.secrets.mood = "fails";
    await expect(plain?.()).rejects.toThrow("cannot be read");
  });
});
