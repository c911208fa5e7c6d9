import { appointmentSchema, boardSchema, statuses } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { cardBody } from "../testing/cards.ts";
import { openRaw, parseRaw } from "../testing/raw-http.ts";
import { startServer } from "../testing/server-process.ts";
import { day, temporaryDirectory } from "../testing/workshop.ts";

const appointments = "/api/admin/appointments";
const body = cardBody({ serviceCodes: [] });
const success = z.object({ data: appointmentSchema });

async function post(url: string, input: object) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(input) });
  return success.parse(await response.json()).data;
}

async function cardsOf(url: string) {
  const response = await fetch(`${url}${appointments}/board?date=${day}`);
  const { columns } = z.object({ data: boardSchema }).parse(await response.json()).data;
  return statuses.flatMap((status) => columns[status].items);
}

describe("stopping", () => {
  it("[HT1] SIGTERM finishes what is in flight, and all of it is there after the next start", async () => {
    const DATA_DIR = temporaryDirectory();
    const first = await startServer({ DATA_DIR });
    const text = JSON.stringify(body);
    const { socket, everything } = await openRaw(first.port);
    const lines = [
      `POST ${appointments} HTTP/1.1`,
      `host: 127.0.0.1:${first.port}`,
      "content-type: application/json",
      `content-length: ${Buffer.byteLength(text)}`,
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n${text.slice(0, 30)}`);
    const other = await post(`${first.url}${appointments}`, body);
    first.signal("SIGTERM");
    await first.logged('"stopping"');
    socket.write(text.slice(30));
    const answer = parseRaw(await everything);
    expect(answer.status).toBe(201);
    const { data: card } = success.parse(JSON.parse(answer.body));
    expect(await first.ended).toMatchObject({ code: 0 });
    for (const line of first.log) expect(JSON.parse(line)).toMatchObject({ release: expect.any(String) });

    const second = await startServer({ DATA_DIR });
    expect(await cardsOf(second.url)).toEqual([other, card]);
  });

  it.for(["stops", "works on and stops"])("[HT1] %s where nobody reads its log any more", async (what) => {
    const server = await startServer({ DATA_DIR: temporaryDirectory() });
    server.stopReading();
    if (what !== "stops") {
      const card = await post(`${server.url}${appointments}`, body);
      expect(await cardsOf(server.url)).toEqual([card]);
    }
    server.signal("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0 });
  });

  it("[HT1] SIGTERM that comes the moment it says that it listens stops it as any later one", async () => {
    const atOnce = `import fs from "node:fs";
      import { syncBuiltinESMExports } from "node:module";
      const { write } = fs;
      fs.write = (fd, data, done) => {
        if (data.includes('"listening"')) process.kill(process.pid, "SIGTERM");
        write(fd, data, done);
      };
      syncBuiltinESMExports();`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(atOnce)}`;
    const server = await startServer({ DATA_DIR: temporaryDirectory(), NODE_OPTIONS });
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(server.log.some((line) => line.includes('"stopping"'))).toBe(true);
  });

  it("[HT1] SIGINT stops a server that has nothing to do", async () => {
    const server = await startServer({ DATA_DIR: temporaryDirectory() });
    const kept = await openRaw(server.port);
    kept.socket.write(`GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
    await server.logged('"getHealth"');
    server.signal("SIGINT");
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(parseRaw(await kept.everything).status).toBe(200);
  });
});

describe("kill -9", () => {
  const writers = 8;
  const movesBeforeTheKill = 300;

  it("[MV2] in a storm of moves loses none that was acknowledged", async () => {
    const DATA_DIR = temporaryDirectory();
    const server = await startServer({ DATA_DIR });
    const acknowledged = new Map<string, number>();
    let moves = 0;

    async function write(): Promise<void> {
      let card = await post(`${server.url}${appointments}`, body);
      acknowledged.set(card.id, card.version);
      for (;;) {
        const newStatus = card.status === "scheduled" ? "in_progress" : "scheduled";
        const move = { newStatus, position: 0, expectedVersion: card.version };
        card = await post(`${server.url}${appointments}/${card.id}/move`, move);
        acknowledged.set(card.id, card.version);
        if (++moves === movesBeforeTheKill) server.signal("SIGKILL");
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: writers }, write));
    // Each writer stops at a connection that is gone, and at nothing else.
    for (const end of ends) expect(end).toMatchObject({ status: "rejected", reason: { name: "TypeError" } });
    await server.ended;
    expect(moves).toBeGreaterThanOrEqual(movesBeforeTheKill);

    const again = await startServer({ DATA_DIR });
    const cards = await cardsOf(again.url);
    expect(cards.map(({ id }) => id).toSorted()).toEqual([...acknowledged.keys()].toSorted());
    for (const { id, version, status } of cards) {
      const known = acknowledged.get(id) ?? Number.POSITIVE_INFINITY;
      // One more move of each may have been committed while its answer was on its way.
      expect([known, known + 1]).toContain(version);
      expect(status).toBe(version % 2 === 1 ? "scheduled" : "in_progress");
    }
  });
});

it("[AU3] the local server answers to its own names alone", async () => {
  const server = await startServer({ DATA_DIR: temporaryDirectory(), ALLOWED_HOSTS: "board.workshop.lan" });
  for (const [name, status] of [
    [`127.0.0.1:${server.port}`, 200],
    [`localhost:${server.port}`, 200],
    [`[::1]:${server.port}`, 200],
    ["board.workshop.lan", 200],
    ["evil.test", 403],
    [`127.0.0.1.evil.test:${server.port}`, 403],
  ] as const) {
    const { socket, everything } = await openRaw(server.port);
    socket.write(`GET /health HTTP/1.1\r\nhost: ${name}\r\nconnection: close\r\n\r\n`);
    expect(parseRaw(await everything).status, name).toBe(status);
  }
  const own = await fetch(`${server.url}/health`, { headers: { origin: server.url } });
  expect(own.headers.get("access-control-allow-origin")).toBe(server.url);
  const foreign = await fetch(`${server.url}/health`, { headers: { origin: "https://evil.test" } });
  expect(foreign.status).toBe(403);
});

/** Loaded before the server: from SIGUSR2 on the disk takes nothing more. */
const breakingDisk = `import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module";
process.on("SIGUSR2", () => {
  const fault = new Error("EIO: i/o error, fdatasync");
  fs.fdatasync = (handle, done) => setImmediate(done, fault);
  fs.fdatasyncSync = () => { throw fault; };
  syncBuiltinESMExports();
  console.log('{"disk":"broken"}');
});`;

it("[HT2] a disk that takes nothing more ends the server, with a word to whoever waits and one to the owner", async () => {
  const DATA_DIR = temporaryDirectory();
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(breakingDisk)}`;
  const server = await startServer({ DATA_DIR, NODE_OPTIONS });
  const kept = await post(`${server.url}${appointments}`, body);
  server.signal("SIGUSR2");
  await server.logged('"broken"');
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${server.url}${appointments}`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(503);
  const { code, stderr } = await server.ended;
  expect(code).toBe(1);
  expect(stderr).toContain("Stopping. The disk did not take what was written: check it, and start again.\n");
  expect(server.log.some((line) => line.includes('"fatal"') && line.includes("fdatasync"))).toBe(true);
  const again = await startServer({ DATA_DIR });
  expect((await cardsOf(again.url))[0]).toEqual(kept);
});
