import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { limits } from "@status-board/contracts";
import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import { describe, expect, it, onTestFinished } from "vitest";
import { errorOf } from "../testing/api.ts";
import { addCard, addCardIn, cardBody } from "../testing/cards.ts";
import { hostileRequests } from "../testing/hostile-requests.ts";
import { openRaw, parseRaw, type RawAnswer, sendRaw } from "../testing/raw-http.ts";
import { host, openWorkshop, type Workshop } from "../testing/workshop.ts";
import { createServer } from "./server.ts";

interface Listening extends Workshop {
  app: FastifyInstance;
  port: number;
}

async function listen(): Promise<Listening> {
  const shop = await openWorkshop();
  const app = createServer(shop.service);
  await app.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  return { ...shop, app, port };
}

const manager = "authorization: north/manager/manager";
const head = (...lines: string[]) =>
  `${[...lines.slice(0, 1), `host: ${host}`, manager, "connection: close", ...lines.slice(1)].join("\r\n")}\r\n\r\n`;
const post = "POST /api/admin/appointments HTTP/1.1";
const json = "content-type: application/json";

/** That an answer has the headers of every answer, and a failure the form of every failure. */
function expectInForm({ status, headers, body }: RawAnswer, code?: string) {
  expect(status).toBeLessThan(500);
  expect(headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-protocol-version": "1",
    "x-correlation-id": expect.stringMatching(/./),
  });
  expect(headers).not.toHaveProperty("x-powered-by");
  expect(headers).not.toHaveProperty("server");
  if (status < 400 || body === "") return;
  const error = errorOf({ status, headers, body });
  expect(error.correlationId).toBe(headers["x-correlation-id"]);
  if (code !== undefined) expect(error.code).toBe(code);
}

describe("what is hardly HTTP", () => {
  it("[HT8] is refused in the form of every answer", async () => {
    const { port } = await listen();
    const cases: [string, string][] = [
      ["garbage\r\n\r\n", "invalid_request"],
      ["\u0000\u0001\u0002\r\n\r\n", "invalid_request"],
      ["GET / HTTP/9.9\r\n\r\n", "invalid_request"],
      ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "invalid_request"],
      [head("GET /health HTTP/1.1", `x-long: ${"x".repeat(100_000)}`), "invalid_request"],
      [head("GET /health HTTP/1.1", "no colon"), "invalid_request"],
      [head("GET /health HTTP/1.1", "x: a\u0000b"), "invalid_request"],
      [head(post, json, "content-length: ten"), "invalid_request"],
      [head(post, json, "content-length: 2", "transfer-encoding: chunked"), "invalid_request"],
      [head(post, json, "transfer-encoding: rot13"), "invalid_request"],
      [`${head(post, json, "transfer-encoding: chunked")}zz\r\n{}\r\n`, "invalid_request"],
      ["GET /health HTTP/1.1\r\nconnection: close\r\n\r\n", "forbidden"],
      ["GET /health HTTP/1.0\r\n\r\n", "forbidden"],
      [head("GET /%E0%A4%A HTTP/1.1"), "not_found"],
      [head("GET /%00 HTTP/1.1"), "not_found"],
      [head("GET http://evil.test/health HTTP/1.1"), "not_found"],
      [head("OPTIONS * HTTP/1.1"), "not_found"],
      [head("PROPFIND /health HTTP/1.1"), "method_not_allowed"],
      [head("TRACE /health HTTP/1.1"), "method_not_allowed"],
      [`${head(post, "content-type: ;;;", "content-length: 2")}{}`, "unsupported_media_type"],
      [`${head(post, "content-length: 2")}{}`, "unsupported_media_type"],
      [`${head(post, json, "expect: the-impossible", "content-length: 2")}{}`, "invalid_request"],
    ];
    for (const [bytes, code] of cases) {
      const answer = await sendRaw(port, bytes);
      expect(answer.status, bytes.slice(0, 60)).toBeGreaterThanOrEqual(400);
      expectInForm(answer, code);
    }
  });

  it("[HT3] requests over a real connection, hostile in every part: no 5xx, each in form, and none that is refused writes", async () => {
    const shop = await listen();
    const card = await addCard(shop.manager);
    const ready = await addCardIn(shop.manager, "ready");
    const { items } = await shop.manager.ok("listServices");
    const targets = { cardIds: [card.id, ready.id], serviceIds: items.map(({ id }) => id) };
    const visible = (text: string) =>
      text.replace(/[\s\u007f-\uffff]/g, (character) => encodeURIComponent(character.toWellFormed()));
    await fc.assert(
      fc.asyncProperty(hostileRequests(targets), async ({ method, path, query, headers, body = Buffer.alloc(0) }) => {
        const lines = Object.entries({
          ...headers,
          authorization: "north/manager/manager",
          connection: "close",
        }).flatMap(([name, value]) => (value === undefined ? [] : [value].flat().map((each) => `${name}: ${each}`)));
        const length = body.length > 0 || method === "POST" ? [`content-length: ${body.length}`] : [];
        const start = `${method} ${visible(path) || "/"}${query === "" ? "" : `?${visible(query)}`} HTTP/1.1`;
        const before = shop.rowsWritten();
        const answer = await sendRaw(shop.port, `${[start, ...lines, ...length].join("\r\n")}\r\n\r\n`, body);
        expectInForm(answer);
        if (answer.status >= 400) expect(shop.rowsWritten()).toBe(before);
      }),
      { numRuns: 500 },
    );
  });
});

describe("bodies", () => {
  it("[HT3] of 2 MB are 413, whether announced or in chunks, and nothing is read on", async () => {
    const { port, rowsWritten } = await listen();
    const before = rowsWritten();
    const big = Buffer.alloc(2_000_000, " ");
    expectInForm(await sendRaw(port, head(post, json, `content-length: ${big.length}`), big), "payload_too_large");
    const chunk = Buffer.concat([Buffer.from("4000\r\n"), Buffer.alloc(0x4000, " "), Buffer.from("\r\n")]);
    const chunks = Array.from({ length: 8 }, () => chunk);
    const chunked = head(post, json, "transfer-encoding: chunked");
    expectInForm(await sendRaw(port, chunked, ...chunks), "payload_too_large");
    expect(rowsWritten()).toBe(before);
  });

  it("[HT3] may come in chunks and slowly", async () => {
    const { port, manager: api } = await listen();
    const { socket, everything } = await openRaw(port);
    socket.write(head(post, json, "transfer-encoding: chunked"));
    for (const byte of JSON.stringify(cardBody({ customer: { name: "Zoe" }, vehicle: {} }))) {
      socket.write(`1\r\n${byte}\r\n`);
      await new Promise(setImmediate);
    }
    socket.write("0\r\n\r\n");
    const answer = parseRaw(await everything);
    expect(answer.status).toBe(201);
    expect(await api.ok("getAppointment", { id: JSON.parse(answer.body).data.id })).toMatchObject({ version: 1 });
  });

  it("[HT3] that break off change nothing and harm nobody", async () => {
    const { port, everything } = await listen();
    const before = everything();
    const connection = await openRaw(port);
    connection.socket.write(`${head(post, json, "content-length: 1000")}{"start":`);
    connection.socket.end();
    const text = await connection.everything;
    if (text !== "") expectInForm(parseRaw(text), "invalid_request");
    const reset = await openRaw(port);
    reset.socket.write(`${head(post, json, "content-length: 1000")}{"start":`);
    reset.socket.resetAndDestroy();
    await reset.everything;
    expect((await sendRaw(port, head("GET /ready HTTP/1.1"))).status).toBe(200);
    expect(everything()).toBe(before);
  });
});

describe("answers", () => {
  it("[HT8] to HEAD have the headers of a GET and no body", async () => {
    const { port } = await listen();
    const answer = await sendRaw(port, head("HEAD /health HTTP/1.1"));
    expectInForm(answer);
    expect(answer).toMatchObject({ status: 200, body: "" });
    expect(Number(answer.headers["content-length"])).toBeGreaterThan(0);
  });

  it("[HT1] on a kept connection come in the order of the requests", async () => {
    const { port } = await listen();
    const { socket, everything } = await openRaw(port);
    const kept = (path: string) => `GET ${path} HTTP/1.1\r\nhost: ${host}\r\n${manager}\r\n\r\n`;
    socket.write(kept("/health") + kept("/nowhere") + kept("/ready") + head("GET /api/admin/shop HTTP/1.1"));
    const statuses = (await everything).match(/HTTP\/1\.1 \d+/g);
    expect(statuses).toEqual(["HTTP/1.1 200", "HTTP/1.1 404", "HTTP/1.1 200", "HTTP/1.1 200"]);
  });

  it("[HT1] to a request that began before the server closes are given in full", async () => {
    const { port, app } = await listen();
    const whole = head("GET /health HTTP/1.1");
    const { socket, everything } = await openRaw(port);
    const busy = await openRaw(port);
    const body = JSON.stringify(cardBody({ customer: { name: "Zoe" }, vehicle: {} }));
    busy.socket.write(`${head(post, json, `content-length: ${body.length}`)}${body.slice(0, 10)}`);
    socket.write(whole.slice(0, 40));
    // Both have reached the server once it answers a later one.
    expect((await sendRaw(port, whole)).status).toBe(200);
    const closed = app.close();
    socket.write(whole.slice(40));
    busy.socket.write(body.slice(10));
    const answer = parseRaw(await everything);
    expectInForm(answer);
    expect(answer.status).toBe(200);
    expect(parseRaw(await busy.everything).status).toBe(201);
    await closed;
  });

  it("[HT3] allow what the limits allow", async () => {
    const { port } = await listen();
    const body = JSON.stringify(cardBody({ customer: { name: "Zoe" }, vehicle: {} })).padEnd(
      limits.requestBodyMaxBytes,
    );
    expect((await sendRaw(port, head(post, json, `content-length: ${body.length}`), body)).status).toBe(201);
  });
});

it("stops though a browser keeps a connection open that it never used", async () => {
  const { app, port } = await listen();
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  // The server has it, too, once it has answered somebody who came after.
  await sendRaw(port, head("GET /health HTTP/1.1"));
  const ended = once(socket, "close");
  await app.close();
  await ended;
  expect(socket.destroyed).toBe(true);
});
