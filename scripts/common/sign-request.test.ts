import { expect, test, vi } from "vitest";
import { keysOf, signatureOf, signedFetch } from "./sign-request.ts";

/** The keys and the moment of AWS' own examples. */
const keys = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  region: "us-east-1",
};
const now = new Date("2015-08-30T12:36:00.000Z");
const board = "https://a1.execute-api.us-east-1.amazonaws.com/machine/api/admin/appointments/board?date=2031-03-03";

test("[AU1] a signature names its scope and what it signs, and is another for another request, key or moment", () => {
  const sign = (change: object = {}, other: object = {}, at = now) =>
    signatureOf({ method: "GET", url: board, body: "", ...change }, { ...keys, ...other }, at).authorization;
  expect(sign()).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/us-east-1\/execute-api\/aws4_request, SignedHeaders=host;x-amz-date, Signature=[0-9a-f]{64}$/,
  );
  expect(sign()).toBe(sign());
  const others = [
    sign({ method: "POST" }),
    sign({ body: "{}" }),
    sign({ url: board.replace("03-03", "03-04") }),
    sign({ url: board.replace("/machine", "") }),
    sign({}, { secretAccessKey: "another" }),
    sign({}, { sessionToken: "token" }),
    sign({}, {}, new Date("2015-08-30T12:36:01.000Z")),
  ];
  expect(new Set([sign(), ...others]).size).toBe(others.length + 1);
});

test("the parts of a query are signed in their order and encoded as AWS does", () => {
  const sign = (query: string) => signatureOf({ method: "GET", url: `https://a.test/x?${query}`, body: "" }, keys, now);
  expect(sign("b=2&a=1")).toEqual(sign("a=1&b=2"));
  expect(sign("a=it's")).toEqual(sign("a=it%27s"));
  expect(sign("a=1+2")).toEqual(sign("a=1%202"));
});

test("a role's token is sent and signed", () => {
  const headers = signatureOf({ method: "GET", url: board, body: "" }, { ...keys, sessionToken: "token" }, now);
  expect(headers["x-amz-security-token"]).toBe("token");
  expect(headers.authorization).toContain("SignedHeaders=host;x-amz-date;x-amz-security-token");
});

test("a fetch that signs sends what it was given, and the signature", async () => {
  const inner = vi.fn<typeof fetch>(async () => Response.json({}));
  await signedFetch(keys, inner)(board, { method: "POST", body: "{}", headers: { "x-correlation-id": "one" } });
  const [url, init] = inner.mock.calls[0] ?? [];
  const headers = new Headers(init?.headers);
  expect([url, init?.method, init?.body, headers.get("x-correlation-id")]).toEqual([board, "POST", "{}", "one"]);
  expect(headers.get("authorization")).toMatch(/^AWS4-HMAC-SHA256 /);
});

test("keys come from the environment, and what is missing is named", () => {
  const variables = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret", AWS_DEFAULT_REGION: "eu-central-1" };
  expect(keysOf(variables)).toEqual({
    kind: "keys",
    keys: { accessKeyId: "id", secretAccessKey: "secret", region: "eu-central-1" },
  });
  expect(keysOf({ ...variables, AWS_ACCESS_KEY_ID: "", AWS_DEFAULT_REGION: undefined })).toEqual({
    kind: "missing",
    names: ["AWS_ACCESS_KEY_ID", "AWS_REGION"],
  });
});
