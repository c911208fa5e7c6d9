import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { openApiDocument } from "@status-board/contracts";
import type { Metafile } from "esbuild";
import { beforeAll, expect, it } from "vitest";
import { buildAws, type FunctionName, functions } from "../../scripts/build-aws.ts";

import { httpEvent } from "../../src/aws/testing/http-events.ts";
import { host } from "../../src/testing/workshop.ts";
import { endpointOf, newTables } from "../support/dynamodb.ts";

const run = promisify(execFile);
const entries = fileURLToPath(new URL("../../src/aws/", import.meta.url));

const variables = {
  AWS_REGION: "eu-central-1",
  STAGE: "test",
  RELEASE: "1.2.3",
  BOARD_TABLE: "board-test",
  LIVE_TABLE: "live-test",
  LIVE_URL: "wss://live.board.test/test",
  CONNECTIONS_ENDPOINT: "https://live.board.test/test",
  SET_ASIDE_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/123456789012/set-aside",
  AUTH_MODE: "none",
  ALLOW_PUBLIC_NONE: "test",
  SHOP_ID: "north",
  CANARY_URL: "https://api.board.test",
  AWS_ACCESS_KEY_ID: "key",
  AWS_SECRET_ACCESS_KEY: "secret",
  PRE_TRAFFIC_TARGETS: '{"http":[],"live":[],"publisher":[]}',
  COOKIE_SECRET_ARN: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:cookie-AbCdEf",
  ORIGIN_SECRET_ARN: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:origin-AbCdEf",
  DISTRIBUTION_ID: "E1A2B3C4D5E6F7",
};

let directory = "";
let built: Metafile;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "status-board-"));
  built = await buildAws(directory);
  return () => rmSync(directory, { recursive: true, force: true });
});

const bundleOf = (name: FunctionName) => join(directory, "aws", name, "index.mjs");

/** Imports a bundle in a process of its own, where nothing of this project is in reach. */
async function typeOfHandler(name: FunctionName, environment: Record<string, string> = variables): Promise<string> {
  // Node would print the bundle's one line along with what it throws.
  const script = `import("${pathToFileURL(bundleOf(name)).href}").then(
    ({ handler }) => console.log(typeof handler),
    (error) => { console.error(String(error)); process.exitCode = 1; },
  )`;
  const options = { env: environment, cwd: "/" };
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], options);
  return stdout.trim();
}

it("every Lambda entry is bundled", () => {
  const files = readdirSync(entries).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const withHandler = files.filter((file) => readFileSync(entries + file, "utf8").includes("export const handler ="));
  expect(withHandler.map((file) => file.replace(".ts", ""))).toEqual(functions);
});

it.each(functions)("%s loads as one file, with its source map apart", async (name) => {
  expect(await typeOfHandler(name)).toBe("function");
  expect(readdirSync(join(directory, "aws", name))).toEqual(["index.mjs"]);
  expect(existsSync(join(directory, "aws-maps", name, "index.mjs.map"))).toBe(true);
});

/** Gzipped, in bytes: what a cold start loads grows with it. Signing in has its library, and the documents zod's JSON Schema. */
const sizeMaxBytes = (name: FunctionName) => ({ auth: 160_000, health: 138_000 })[name as string] ?? 130_000;

it.each(functions)("%s is no larger than its budget", (name) => {
  expect(gzipSync(readFileSync(bundleOf(name)), { level: 9 }).length).toBeLessThanOrEqual(sizeMaxBytes(name));
});

it("of the SDK a bundle holds the parts that it uses, which CommonJS would not tell apart", () => {
  const ofSdk = Object.keys(built.inputs).filter((path) => /node_modules\/(@aws-sdk|@smithy)\//.test(path));
  expect(ofSdk.length).toBeGreaterThan(0);
  expect(ofSdk.filter((path) => path.includes("/dist-cjs/"))).toEqual([]);
});

it("what few functions do weighs on no other", () => {
  const bundlesWith = (name: string) =>
    functions.filter((bundle) => {
      const [path = ""] = Object.keys(built.outputs).filter((output) => output.endsWith(`/${bundle}/index.mjs`));
      return Object.keys(built.outputs[path]?.inputs ?? {}).some((input) => input.includes(`node_modules/${name}/`));
    });
  expect(bundlesWith("openid-client")).toEqual(["auth"]);
  expect(bundlesWith("@aws-sdk/client-apigatewaymanagementapi")).toEqual(["auth", "live", "publisher"]);
  expect(bundlesWith("@aws-sdk/client-sqs")).toEqual(["publisher"]);
});

it("the documents are the contract's own, and the others go without what writes them", async () => {
  const event = httpEvent({ path: "/openapi.json" });
  const script = `import("${pathToFileURL(bundleOf("health")).href}")
    .then(({ handler }) => handler(${JSON.stringify(event)}))
    .then(({ body }) => process.stderr.write(body))`;
  const env = { ...variables, ALLOWED_HOSTS: host, ORIGIN_SECRET_ARN: "" };
  const options = { env, cwd: "/", maxBuffer: 1_000_000 };
  const { stderr } = await run(process.execPath, ["--input-type=module", "--eval", script], options);
  expect(stderr).toBe(JSON.stringify(openApiDocument(variables.RELEASE)));
  for (const name of functions.filter((other) => other !== "health"))
    expect(readFileSync(bundleOf(name), "utf8"), name).not.toContain("draft-2020-12");
});

it("a bundle finds its credentials in the environment, and reaches the database with them", async () => {
  const endpoint = await endpointOf("dynoxide");
  const { boardTable, liveTable } = await newTables(endpoint);
  const event = httpEvent({ path: "/ready" });
  const ready = async (keys: Record<string, string>) => {
    const script = `import("${pathToFileURL(bundleOf("health")).href}")
      .then(({ handler }) => handler(${JSON.stringify(event)}))
      .then(({ statusCode }) => console.error(statusCode))
      .then(() => console.log(process.moduleLoadList.join()))`;
    const environment = { ...variables, ALLOWED_HOSTS: host, ORIGIN_SECRET_ARN: "", ...keys };
    const tables = { BOARD_TABLE: boardTable, LIVE_TABLE: liveTable, AWS_ENDPOINT_URL: endpoint };
    const options = { env: { ...environment, ...tables }, cwd: "/" };
    const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "--eval", script], options);
    // Node loads its whole fetch for whoever imports node:http as a module, and its reports for node:process; pino asks for the others.
    for (const part of ["undici", "internal/process/report", "internal/assert/assertion_error", "worker_threads"])
      expect(stdout).not.toContain(part);
    return stderr.trim();
  };
  expect(await ready({ AWS_SESSION_TOKEN: "token" })).toBe("200");
  expect(await ready({ AWS_ACCESS_KEY_ID: "" })).toBe("503");
});

it("[AU1] a bundle says in its first moment what it misses", async () => {
  const load = (name: FunctionName, missing: string) => typeOfHandler(name, { ...variables, [missing]: "" });
  const missing: [FunctionName, string][] = [
    ["live", "LIVE_TABLE"],
    ["publisher", "CONNECTIONS_ENDPOINT"],
    ["board", "LIVE_URL"],
    ["board", "AUTH_MODE"],
    ["stats", "SHOP_ID"],
    ["health", "RELEASE"],
    ["canary", "CANARY_URL"],
    ["rotation", "DISTRIBUTION_ID"],
  ];
  for (const [name, variable] of missing)
    await expect(load(name, variable), name).rejects.toThrow(`Bad setting: ${variable}=`);
  for (const variable of ["AUTH_MODE", "SHOP_ID", "LIVE_URL"])
    for (const name of ["live", "health", "publisher"] as const) expect(await load(name, variable)).toBe("function");
});

it("[AU1] a bundle in which people sign in says what it misses for that", async () => {
  const oidc = { ...variables, AUTH_MODE: "oidc", PUBLIC_URL: "https://board.test" };
  const issuer = { OIDC_ISSUER: "https://issuer.test", OIDC_CLIENT_ID: "board", OIDC_ROLE_MAP: '{"office":"manager"}' };
  expect(await typeOfHandler("auth", { ...oidc, ...issuer })).toBe("function");
  expect(await typeOfHandler("board", oidc)).toBe("function");
  await expect(typeOfHandler("auth", oidc)).rejects.toThrow(/Bad setting: OIDC_ISSUER=/);
  await expect(typeOfHandler("board", { ...oidc, PUBLIC_URL: "" })).rejects.toThrow(/Bad setting: PUBLIC_URL=/);
  const noEndpoint = { ...oidc, ...issuer, CONNECTIONS_ENDPOINT: "" };
  await expect(typeOfHandler("auth", noEndpoint)).rejects.toThrow(/CONNECTIONS_ENDPOINT=/);
  for (const variable of ["COOKIE_SECRET_ARN", "ORIGIN_SECRET_ARN"]) {
    for (const name of ["auth", "board"] as const)
      await expect(typeOfHandler(name, { ...oidc, ...issuer, [variable]: "" })).rejects.toThrow(
        `StartProblem: Bad setting: ${variable}="" must be set for this function.`,
      );
    expect(await typeOfHandler("board", { ...variables, [variable]: "" })).toBe("function");
  }
});
