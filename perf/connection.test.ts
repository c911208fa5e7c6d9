import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { Connection, openClient } from "./connection.ts";

/** A server that answers what comes in with such pieces, each when the one before has left. */
async function serving(answer: (request: string, socket: Socket) => readonly string[]) {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("data", async (chunk) => {
      for (const piece of answer(String(chunk), socket)) {
        await new Promise((resolve) => socket.write(piece, resolve));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  return `http://127.0.0.1:${address.port}`;
}

const whole = (status: number, body: string) =>
  `HTTP/1.1 ${status} So\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

it("sends a request as it stands, with what each carries, and tells the status of its answer", async () => {
  const requests: string[] = [];
  const url = await serving((request) => [whole(requests.push(request) === 1 ? 200 : 409, "für")]);
  const connection = await Connection.open({ url, headers: { cookie: "a=b" } });
  expect(await connection.send({ method: "POST", path: "/move", body: "{ü}" })).toBe(200);
  expect(await connection.send({ method: "GET", path: "/board" })).toBe(409);
  connection.close();
  const common = `host: ${url.slice("http://".length)}\r\ncookie: a=b\r\n`;
  expect(requests).toEqual([
    `POST /move HTTP/1.1\r\n${common}content-type: application/json\r\ncontent-length: 4\r\n\r\n{ü}`,
    `GET /board HTTP/1.1\r\n${common}\r\n`,
  ]);
});

it("a whole client sends the same and tells the same", async () => {
  const requests: string[] = [];
  const url = await serving((request) => [whole(requests.push(request) === 1 ? 200 : 409, "für")]);
  const client = await openClient({ url, headers: { cookie: "a=b" } });
  expect(await client.send({ method: "POST", path: "/move", body: "{ü}" })).toBe(200);
  expect(await client.send({ method: "GET", path: "/board" })).toBe(409);
  client.close();
  expect(requests[0]).toMatch(/^POST \/move HTTP\/1\.1\r\n.*\r\ncookie: a=b\r\n.*\r\n\r\n\{ü\}$/s);
  expect(requests[1]).toMatch(/^GET \/board HTTP\/1\.1\r\n/);
});

it("waits for the last byte of an answer that comes in pieces, and takes the next from its start", async () => {
  const answer = whole(200, "x".repeat(40));
  const url = await serving(() => [answer.slice(0, 5), answer.slice(5, 30), answer.slice(30, 60), answer.slice(60)]);
  const connection = await Connection.open({ url });
  for (let round = 0; round < 3; round++) expect(await connection.send({ method: "GET", path: "/" })).toBe(200);
  connection.close();
});

it("fails where an answer tells no length, the server hangs up, or has done so before", async () => {
  const url = await serving((request, socket) => {
    if (request.includes("/hang")) socket.destroy();
    return request.includes("/hang") ? [] : ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"];
  });
  const connection = await Connection.open({ url });
  await expect(connection.send({ method: "GET", path: "/" })).rejects.toThrow("tells no length");
  await expect(connection.send({ method: "GET", path: "/hang" })).rejects.toThrow("hung up");
  await expect(connection.send({ method: "GET", path: "/" })).rejects.toThrow("hung up");
});
