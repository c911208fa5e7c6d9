import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { ulid } from "ulid";
import { expect, it, onTestFinished } from "vitest";
import { emfWriter } from "../../src/aws/emf.ts";
import { signedRequests } from "../../src/aws/signed-requests.ts";
import { metricsOf } from "../../src/aws/testing/metric-lines.ts";
import { onTick } from "../../src/aws/walk-path.ts";
import { createLogger } from "../../src/runtime/logger.ts";
import { sqlite } from "../live/support/databases.ts";
import { type LiveServer, startLive, type Wrapping } from "../live/support/live-server.ts";
import { isSigned } from "./support/verify-signature.ts";

const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "token" };
const region = "eu-central-1";
const scope = `/${region}/execute-api/aws4_request`;
/** What becomes of a request instead of its answer; undefined lets it through. */
type Fault = (method: string, path: string) => { status: number; body: string } | "cut" | "cut after" | undefined;

/** Stands where the HTTP API stands: takes signed requests under /machine alone, and hands them on to the board. */
async function openFront(server: LiveServer, fault: Fault): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const { authorization } = server.headersOf("manager", { user: "canary" });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    const body = await buffer(request);
    const hasToken = headers["x-amz-security-token"] === keys.sessionToken;
    const isOurs = headers.authorization?.includes(`${keys.accessKeyId}/`) && headers.authorization.includes(scope);
    if (!isOurs || !hasToken || !isSigned(request, body, keys.secretAccessKey) || !url.startsWith("/machine/"))
      return void response.writeHead(403).end('{"message":"Forbidden"}');
    const path = url.slice("/machine".length);
    asked.push(`${method} ${path.replace(/\?.*/, "").replace(/[0-9A-Z]{26}/, "{id}")}`);
    const instead = fault(method, path);
    if (instead === "cut") return void request.socket.destroy();
    if (instead !== undefined && instead !== "cut after")
      return void response.writeHead(instead.status).end(instead.body);
    const contentType = headers["content-type"];
    const answer = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization, ...(contentType !== undefined && { "content-type": contentType }) },
      ...(body.length > 0 && { body }),
    });
    if (instead === "cut after") return void request.socket.destroy();
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  }

  const front = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    front.closeAllConnections();
    front.close();
  });
  const address = front.address();
  if (address === null || typeof address === "string") throw new Error("the front has no port");
  return { url: `http://127.0.0.1:${address.port}`, asked };
}

interface Given {
  fault?: Fault;
  wrapping?: Wrapping;
  stepMaxMs?: number;
}

async function openCanary({ fault = () => undefined, wrapping = {}, stepMaxMs = 5_000 }: Given = {}) {
  const server = await startLive(sqlite, wrapping);
  const front = await openFront(server, fault);
  const [lines, log, ids]: [string[], string[], string[]] = [[], [], []];
  const logger = createLogger({ level: "info", release: "1", destination: { write: (line) => void log.push(line) } });
  const clock = () => new Date();
  const send = signedRequests({ url: front.url, region, keys, clock });
  const write = emfWriter({ stage: "dev", clock, write: (line) => void lines.push(line) });
  const newId = () => {
    const id = ulid();
    ids.push(id);
    return id;
  };
  return {
    asked: front.asked,
    tick: onTick({ send, clock, newId, stepMaxMs }, write, logger),
    metrics: () => lines.flatMap(metricsOf),
    log: () => log.map((line) => JSON.parse(line)),
    /** What the board says of the walk's card. */
    card: () => server.manager.refused("getAppointment", { id: ids[0] ?? "" }),
  };
}

const path = "/api/admin/appointments";
const wayOfACard = [
  `POST ${path}`,
  `GET ${path}/board`,
  "POST /api/admin/live/ticket",
  `POST ${path}/{id}/move`,
  `POST ${path}/{id}/move`,
  `POST ${path}/{id}/undo`,
  `GET ${path}/{id}`,
  `DELETE ${path}/{id}`,
];
const cleaning = wayOfACard.slice(-2);

it("[AU1] walks the whole way with signed requests, sees its own move, and leaves no card", async () => {
  const { tick, asked, metrics, log, card } = await openCanary();
  expect(await tick()).toEqual({ succeeded: true });
  expect(asked).toEqual(wayOfACard);
  expect(metrics().map(({ name, dimensions }) => [name, dimensions])).toEqual(
    ["CanarySuccess", "CanaryDuration", "CanaryPushLatency"].map((name) => [name, [{ Stage: "dev" }]]),
  );
  expect(metrics()[0]?.value).toBe(1);
  expect(log()).toEqual([]);
  expect((await card()).code).toBe("not_found");
  expect(await tick()).toEqual({ succeeded: true });
});

const failure = {
  status: 503,
  body: '{"ok":false,"error":{"code":"unavailable","message":"x","correlationId":"12345678"}}',
};

it.each([
  ["createAppointment", "POST", /appointments$/],
  ["getBoard", "GET", /board/],
  ["createTicket", "POST", /ticket$/],
  ["moveAppointment", "POST", /move$/],
  ["undoMove", "POST", /undo$/],
] as const)(
  "[LV7] tells of a %s that fails, by a metric and a line, and takes its card away",
  async (step, method, at) => {
    const fault: Fault = (asked, url) => (asked === method && at.test(url) ? failure : undefined);
    const { tick, metrics, log, asked, card } = await openCanary({ fault });
    expect(await tick()).toEqual({ succeeded: false });
    expect(metrics().map(({ name, value }) => (name === "CanarySuccess" ? value : name))).toEqual([
      0,
      "CanaryDuration",
    ]);
    expect(log()).toMatchObject([{ level: "error", msg: "canary failed", route: "canary", step, status: 503 }]);
    expect(asked.slice(-1)).toEqual(step === "createAppointment" ? cleaning.slice(0, 1) : cleaning.slice(1));
    expect((await card()).code).toBe("not_found");
  },
);

it.each([
  ["createAppointment", "POST", "cut after"],
  ["removeAppointment", "DELETE", "cut"],
  ["removeAppointment", "DELETE", "cut after"],
] as const)("[LV7] takes its card away when the answer to %s (%s) is lost: %s", async (step, asked, instead) => {
  let cuts = 1;
  const { tick, log, card } = await openCanary({
    fault: (method) => (method === asked && cuts-- > 0 ? instead : undefined),
  });
  expect(await tick()).toEqual({ succeeded: false });
  expect(log()).toMatchObject([{ step }]);
  expect((await card()).code).toBe("not_found");
});

it("[LV7] tells of a move that no screen hears of", async () => {
  const wrapping: Wrapping = { opened: (opened) => ({ ...opened, feed: { start: () => {}, stop: async () => {} } }) };
  const { tick, log, metrics, card } = await openCanary({ wrapping, stepMaxMs: 4_000 });
  expect(await tick()).toEqual({ succeeded: false });
  expect(metrics()[0]).toMatchObject({ name: "CanarySuccess", value: 0 });
  expect(log()).toMatchObject([
    { step: "live", err: { message: "did not show the board: the socket was silent for 4000 ms" } },
  ]);
  expect((await card()).code).toBe("not_found");
});

it("[LV7] tells of a conflict that is none", async () => {
  let moves = 0;
  const fault: Fault = (method, url) =>
    method === "POST" && url.endsWith("/move") && ++moves === 2
      ? { status: 200, body: '{"ok":true,"data":{}}' }
      : undefined;
  const { tick, log } = await openCanary({ fault });
  expect(await tick()).toEqual({ succeeded: false });
  expect(log()).toMatchObject([{ step: "conflict", status: 200 }]);
});
