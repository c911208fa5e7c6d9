import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { beforeAll, expect, it } from "vitest";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

const entries = ["carry-over", "http", "publisher", "socket-connect", "socket-disconnect", "socket-message"];

const variables = {
  AWS_REGION: "eu-central-1",
  STAGE: "test",
  BOARD_TABLE: "board-test",
  LIVE_TABLE: "live-test",
  LIVE_URL: "wss://live.board.test/test",
  CONNECTIONS_ENDPOINT: "https://live.board.test/test",
  SET_ASIDE_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/123456789012/set-aside",
  AUTH_MODE: "none",
  ALLOW_PUBLIC_NONE: "test",
  SHOP_ID: "north",
};

/** Some of what is bundled asks for Node's own modules as if it were CommonJS. */
const banner = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;

let outdir = "";

beforeAll(async () => {
  outdir = mkdtempSync(join(tmpdir(), "status-board-"));
  await build({
    absWorkingDir: here,
    entryPoints: entries.map((entry) => `${here}${entry}.ts`),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node24",
    conditions: ["source"],
    mainFields: ["module", "main"],
    banner: { js: banner },
    logLevel: "error",
  });
  return () => rmSync(outdir, { recursive: true, force: true });
});

/** Imports a bundle in a process of its own, where nothing of this project is in reach. */
async function typeOfHandler(entry: string, environment: Record<string, string>): Promise<string> {
  const url = pathToFileURL(join(outdir, `${entry}.mjs`)).href;
  const script = `console.log(typeof (await import("${url}")).handler)`;
  const options = { env: environment, cwd: "/" };
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], options);
  return stdout.trim();
}

it("each Lambda entry loads as one bundle", async () => {
  for (const entry of entries) expect(await typeOfHandler(entry, variables), entry).toBe("function");
});

it("[AU1] a bundle says in its first moment what it misses", async () => {
  const without = (name: string) => ({ ...variables, [name]: "" });
  const load = (entry: string, missing: string) => typeOfHandler(entry, without(missing));
  await expect(load("socket-connect", "LIVE_TABLE")).rejects.toThrow(/Bad setting: LIVE_TABLE=/);
  await expect(load("publisher", "CONNECTIONS_ENDPOINT")).rejects.toThrow(/Bad setting: CONNECTIONS_ENDPOINT=/);
  await expect(load("http", "LIVE_URL")).rejects.toThrow(/Bad setting: LIVE_URL=/);
  expect(await load("socket-connect", "CONNECTIONS_ENDPOINT")).toBe("function");
});

it("[AU1] a bundle in which people sign in says what it misses for that", async () => {
  const oidc = {
    ...variables,
    AUTH_MODE: "oidc",
    OIDC_ISSUER: "https://issuer.test",
    OIDC_CLIENT_ID: "board",
    OIDC_ROLE_MAP: '{"office":"manager"}',
    PUBLIC_URL: "https://board.test",
  };
  for (const entry of ["http", "socket-connect"]) expect(await typeOfHandler(entry, oidc), entry).toBe("function");
  await expect(typeOfHandler("http", { ...oidc, OIDC_ISSUER: "" })).rejects.toThrow(/Bad setting: OIDC_ISSUER=/);
  await expect(typeOfHandler("http", { ...oidc, CONNECTIONS_ENDPOINT: "" })).rejects.toThrow(/CONNECTIONS_ENDPOINT=/);
});
