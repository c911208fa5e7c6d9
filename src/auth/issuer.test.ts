import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { openIssuer } from "./issuer.ts";

/** What stands at the issuer's address, and does what the test says. */
async function issuerThat(answer: RequestListener, timeoutMs = 5_000) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    answer(request, response);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = openIssuer({ issuer: url, clientId: "board", publicUrl: () => "http://127.0.0.1:1" }, timeoutMs);
  return { issuer, url, requests: () => requests };
}

const secrets = { state: "s", nonce: "n", verifier: "v".repeat(43) };
const leave = { ...secrets, choose: false };

it("[AU2] waits for an issuer that says nothing only so long", async () => {
  const { issuer } = await issuerThat(() => {}, 50);
  expect(await issuer.authorizationUrl(leave)).toEqual({ kind: "unavailable", reason: "OAUTH_TIMEOUT" });
  expect(await issuer.claimsOf("code=c&state=s", secrets)).toEqual({ kind: "unavailable", reason: "OAUTH_TIMEOUT" });
});

it("[AU2] waits only so long for one that stops in the middle of its answer", async () => {
  const { issuer } = await issuerThat((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).write('{"issuer":');
  }, 50);
  expect(await issuer.authorizationUrl(leave)).toMatchObject({ kind: "unavailable" });
});

it.each([
  ["nothing of OpenID", 404, "text/html", "<h1>Not found</h1>"],
  ["a page", 200, "text/html", "<h1>Welcome</h1>"],
  ["broken JSON", 200, "application/json", "{"],
  ["no object", 200, "application/json", "[]"],
  ["another issuer's configuration", 200, "application/json", '{"issuer":"https://evil.test"}'],
  ["an error", 500, "application/json", "{}"],
])("[AU2] counts one that answers %s as away, and asks it anew the next time", async (_, status, type, body) => {
  const { issuer, requests } = await issuerThat((_request, response) => {
    response.writeHead(status, { "content-type": type }).end(body);
  });
  for (const expected of [1, 2]) {
    expect(await issuer.authorizationUrl(leave)).toEqual({ kind: "unavailable", reason: expect.any(String) });
    expect(requests()).toBe(expected);
  }
});

it("[AU2] tells an issuer that fails from one that refuses, when a code is traded", async () => {
  let answer: [number, string] = [200, ""];
  const { issuer } = await issuerThat(({ url, headers }, response) => {
    const own = `http://${headers.host}`;
    const metadata = { issuer: own, authorization_endpoint: `${own}/auth`, token_endpoint: `${own}/token` };
    const [status, body] = url === "/token" ? answer : [200, JSON.stringify(metadata)];
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  const trade = async (...given: typeof answer) => {
    answer = given;
    return issuer.claimsOf("code=c&state=s", secrets);
  };
  expect(await trade(500, "oops")).toMatchObject({ kind: "unavailable" });
  expect(await trade(503, '{"error":"temporarily_unavailable"}')).toMatchObject({ kind: "unavailable" });
  expect(await trade(200, "{")).toMatchObject({ kind: "unavailable" });
  expect(await trade(400, '{"error":"invalid_grant"}')).toEqual({ kind: "refused", reason: "invalid_grant" });
  expect(await trade(400, '{"error":"Mr Keller was here"}')).toEqual({
    kind: "refused",
    reason: "OAUTH_RESPONSE_BODY_ERROR",
  });
  // Tokens without word of who it is sign nobody in.
  expect(await trade(200, '{"access_token":"a","token_type":"bearer"}')).toMatchObject({ kind: "refused" });
});

describe("an ID token", () => {
  const [own, another] = [keyPair(), keyPair()];
  const inTenMinutes = () => Math.floor(Date.now() / 1000) + 600;

  /** What becomes of a code for which the issuer gives this token; `change` goes over what would be right. */
  async function tokenWith(change: object, { key = own.privateKey, alg = "RS256", nonce = "n" } = {}) {
    const { issuer } = await issuerThat(({ url, headers }, response) => {
      const site = `http://${headers.host}`;
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: site, aud: "board", sub: "ana", nonce: "n", iat: now, exp: inTenMinutes(), ...change };
      const answers: Record<string, object> = {
        "/token": { access_token: "a", token_type: "bearer", id_token: jwt({ alg, kid: "k" }, claims, key) },
        "/jwks": { keys: [{ ...own.publicKey.export({ format: "jwk" }), kid: "k", use: "sig", alg: "RS256" }] },
      };
      const endpoints = { authorization_endpoint: `${site}/auth`, token_endpoint: `${site}/token` };
      const body = answers[url ?? ""] ?? { issuer: site, jwks_uri: `${site}/jwks`, ...endpoints };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    return issuer.claimsOf("code=c&state=s", { ...secrets, nonce });
  }

  it("[AU2] is believed when all of it is right", async () => {
    expect(await tokenWith({ roles: ["office"] })).toMatchObject({
      kind: "claims",
      claims: { sub: "ana", roles: ["office"] },
    });
  });

  it.each([
    ["is signed by another key", {}, { key: another.privateKey }],
    ["is not signed", {}, { alg: "none" }],
    ["is of another sign-in", {}, { nonce: "another" }],
    ["has no nonce", { nonce: undefined }, {}],
    ["is for another client", { aud: "another" }, {}],
    ["is another issuer's", { iss: "https://evil.test" }, {}],
    ["has expired", { exp: 1_000_000_000 }, {}],
    ["is of the future", { iat: inTenMinutes(), nbf: inTenMinutes() }, {}],
    ["names nobody", { sub: undefined }, {}],
  ])("[AU2] is refused when it %s", async (_, change, how) => {
    expect(await tokenWith(change, how)).toEqual({ kind: "refused", reason: expect.any(String) });
  });
});

function keyPair() {
  return generateKeyPairSync("rsa", { modulusLength: 2_048 });
}

/** A signed token, https://www.rfc-editor.org/rfc/rfc7519; with the algorithm `none` its signature is empty. */
function jwt(header: { alg: string; kid: string }, claims: object, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${header.alg === "none" ? "" : sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}
