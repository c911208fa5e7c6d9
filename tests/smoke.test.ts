import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { boardSchema, serviceListSchema } from "@status-board/contracts";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import * as z from "zod";
import { seedBoard } from "../scripts/seed/seed-board.ts";
import { runCommand } from "../scripts/testing/run-command.ts";
import { type StartedServer, startServer } from "../scripts/testing/started-server.ts";

let server: StartedServer;
const date = "2099-12-29";

beforeAll(async () => {
  server = await startServer({ SHOP_TIME_ZONE: "Europe/Berlin" });
  await seedBoard({ url: server.url, date, cards: 10 });
});
afterAll(() => server.stop());

const smoke = (...args: string[]) => runCommand("scripts/smoke.sh", args);

const dataSchema = z.object({ data: z.unknown() });

async function dataAt(path: string): Promise<unknown> {
  return dataSchema.parse(await (await fetch(server.url + path)).json()).data;
}

/** What people see: the columns of the board that the script uses, and the services. */
async function visible() {
  const board = boardSchema.parse(await dataAt(`/api/admin/appointments/board?date=${date}`));
  return [board.columns, serviceListSchema.parse(await dataAt("/api/admin/services?search="))];
}

/** An answer on its way through the proxy. `count` says the how manieth request of that method and path it answers. */
interface Passing {
  method: string;
  path: string;
  count: number;
  status: number;
  body: string;
}
type Tamper = (answer: Passing) => Partial<Passing> | "lost" | undefined;

/** Stands in front of the real server and spoils some of its answers; the requests have their effect all the same. */
async function startProxy(tamper: Tamper) {
  const counts = new Map<string, number>();
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "GET", url: path = "/" } = request;
    const body = await buffer(request);
    const headers = { "content-type": "application/json" };
    const answer = await fetch(server.url + path, { method, headers, ...(body.length > 0 && { body }) });
    const count = (counts.get(method + path) ?? 0) + 1;
    counts.set(method + path, count);
    const passing = { method, path, count, status: answer.status, body: await answer.text() };
    const change = tamper(passing);
    if (change === "lost") return void request.socket.destroy();
    const result = { ...passing, ...change };
    response.writeHead(result.status, { "x-correlation-id": "through-the-proxy" }).end(result.body);
  };
  const proxy = createServer((request, response) => void pass(request, response));
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = z.object({ port: z.number() }).parse(proxy.address());
  return { url: `http://127.0.0.1:${address.port}`, [Symbol.dispose]: () => proxy.close() };
}

const steps = [
  ...["health", "ready", "list services", "create service", "list services, empty search", "search services"],
  ...["edit service", "board", "create card", "delete service", "move", "version conflict", "invalid transition"],
  ...["retry of a mutation", "stats", "undo", "live", "clean up"],
];

test("all steps hold against the product, and nothing is left behind", async () => {
  const before = await visible();
  const { code, out, err } = await smoke(`${server.url}/`);
  expect(err).toBe("");
  expect(
    out
      .trimEnd()
      .split("\n")
      .map((line) => /^ok {3}(.*?) +\d+ ms$/.exec(line)?.[1]),
  ).toEqual(steps);
  expect(code).toBe(0);
  expect(await visible()).toEqual(before);
});

const isMove = ({ method, path }: Passing) => method === "POST" && path.endsWith("/move");
const faults: [step: string, why: string, tamper: Tamper][] = [
  ["ready", "the server is not", ({ path }) => (path === "/ready" ? { status: 503 } : undefined)],
  [
    "list services, empty search",
    "it lists nothing",
    ({ path }) => (/search=(&|$)/.test(path) ? { body: '{"ok":true,"data":{"items":[],"total":0}}' } : undefined),
  ],
  [
    "create service",
    "its answer is lost",
    ({ method, path }) => (method + path === "POST/api/admin/services" ? "lost" : undefined),
  ],
  [
    "create card",
    "it answers 500",
    ({ status, path }) => (status === 201 && path.endsWith("ments") ? { status: 500, body: "" } : undefined),
  ],
  [
    "move",
    "the version jumps by two",
    (answer) =>
      isMove(answer) && answer.count === 1 ? { body: answer.body.replace('"version":2', '"version":3') } : undefined,
  ],
  [
    "version conflict",
    "the refusal does not show the card",
    ({ body, status }) => (status === 409 ? { body: body.replace('"current"', '"hidden"') } : undefined),
  ],
  [
    "retry of a mutation",
    "the repeat is refused",
    (answer) => (isMove(answer) && answer.count === 4 ? { status: 409 } : undefined),
  ],
  [
    "live",
    "there is no way to a socket",
    ({ path, body }) =>
      path.endsWith("/ticket") ? { body: body.replace(/"ws:[^"]+"/, '"ws://127.0.0.1:1/"') } : undefined,
  ],
  [
    "clean up",
    "the removal does not tell its version",
    ({ method, path, count }) =>
      method === "DELETE" && path.includes("=4") && count === 1 ? { body: '{"ok":true}' } : undefined,
  ],
];

test.each(faults)("step '%s' fails when %s, and what was made is removed", async (step, _why, tamper) => {
  const before = await visible();
  using proxy = await startProxy(tamper);
  const { code, out, err } = await smoke(proxy.url);
  expect(err).toMatch(new RegExp(`^FAIL ${step}\n {2}expected: .+\n {2}got: .+\n {2}correlation id: \\S+\n$`));
  expect(out.trimEnd().split("\n")).toHaveLength(steps.indexOf(step));
  expect(code).toBe(1);
  expect(await visible()).toEqual(before);
});

/** Sockets that pass on everything to the server's own, and of what comes back everything but the changes. */
async function startMuteSockets() {
  const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  sockets.on("connection", (client, { url = "" }) => {
    const own = new WebSocket(server.url.replace("http", "ws") + url);
    const opened = once(own, "open");
    client.on("message", (data) => void opened.then(() => own.send(String(data))));
    own.on("message", (data) => {
      const { type } = z.object({ type: z.string() }).parse(JSON.parse(String(data)));
      if (type !== "diff") client.send(String(data));
    });
    client.on("close", () => own.close());
  });
  await once(sockets, "listening");
  const address = z.object({ port: z.number() }).parse(sockets.address());
  return { url: `ws://127.0.0.1:${address.port}/live`, [Symbol.dispose]: () => sockets.close() };
}

test("[LV1] step 'live' fails when pushes never arrive, and what was made is removed", async () => {
  const before = await visible();
  using sockets = await startMuteSockets();
  using proxy = await startProxy(({ path, body }) =>
    path.endsWith("/ticket") ? { body: body.replace(/"ws:[^"]+"/, `"${sockets.url}"`) } : undefined,
  );
  const { code, out, err } = await smoke(proxy.url);
  expect(err).toMatch(
    /^FAIL live\n {2}expected: the move as a change of the board\n {2}got: no change of \w+ came within 10 s\n {2}correlation id: \S+\n$/,
  );
  expect(out.trimEnd().split("\n")).toHaveLength(steps.indexOf("live"));
  expect(code).toBe(1);
  expect(await visible()).toEqual(before);
});

test("without the repository's dependencies it says so at once", async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), "smoke-"));
  onTestFinished(() => rm(elsewhere, { recursive: true }));
  await mkdir(join(elsewhere, "scripts"));
  await copyFile("scripts/smoke.sh", join(elsewhere, "scripts/smoke.sh"));
  const { code, out, err } = await runCommand(join(elsewhere, "scripts/smoke.sh"), [server.url]);
  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(/^smoke\.sh needs this repository's dependencies: run npm ci in .+ first\n$/);
});

test("headers are sent, and a refusal names its correlation id", async () => {
  const { code, err } = await smoke("--header", "x-one: 1", "--header", "origin: http://evil.example", server.url);
  expect(code).toBe(1);
  expect(err).toMatch(
    /^FAIL health\n {2}expected: 200, .*\n {2}got: 403 .*"forbidden".*\n {2}correlation id: smoke-\S+-1\n$/,
  );
});

test("a server that is not there is one failed step", async () => {
  const { code, out, err } = await smoke("http://127.0.0.1:1");
  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(/^FAIL health\n {2}expected: .*\n {2}got: 000 curl: .*\n {2}correlation id: smoke-\S+\n$/);
});

test("help, and what is wrong with the arguments", async () => {
  const help = await smoke("--help");
  expect([help.code, help.err]).toEqual([0, ""]);
  expect(help.out).toMatch(/^usage: scripts\/smoke\.sh/);
  for (const args of [
    [],
    ["ftp://x"],
    ["--fast", server.url],
    [server.url, server.url],
    ["--header", "x", server.url],
  ]) {
    const { code, out, err } = await smoke(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^.+\nusage: scripts\/smoke\.sh .*\n$/);
  }
});
