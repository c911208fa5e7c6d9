import { describe, expect, it } from "vitest";
import { openRaw, parseRaw } from "../../src/testing/raw-http.ts";
import { startServer } from "../../src/testing/server-process.ts";
import { day, temporaryDirectory } from "../../src/testing/workshop.ts";
import { sqlite } from "./support/databases.ts";
import { httpApi } from "./support/http-api.ts";
import { startLive } from "./support/live-server.ts";
import { connect } from "./support/peer.ts";
import { expectAllEqual, openScreen, untilLive } from "./support/screens.ts";

describe("going away", () => {
  it("[WS6] SIGTERM says so to everybody, when to come back, and ends promptly", async () => {
    const server = await startServer({ DATA_DIR: temporaryDirectory() });
    const api = httpApi(server.url);
    const peers = await Promise.all(Array.from({ length: 20 }, () => connect(api)));
    for (const peer of peers) await peer.subscribe(day);
    // One who does not answer the close must not hold up the stop for good.
    const [deaf] = peers;
    deaf?.socket.pause();
    server.signal("SIGTERM");
    for (const peer of peers.slice(1)) {
      const bye = await peer.next("bye");
      expect(bye).toMatchObject({ code: "going_away", retryAfterMs: expect.any(Number) });
      expect(bye.retryAfterMs).toBeLessThanOrEqual(2_000);
      expect(await peer.closed).toEqual({ code: 1001, reason: "going_away" });
    }
    expect(await server.ended).toEqual({ code: 0, stderr: expect.stringContaining("status board is at") });
  });

  it("[WS6] the times to come back are spread", async () => {
    const server = await startLive(sqlite);
    const peers = await Promise.all(Array.from({ length: 20 }, () => connect(server.manager)));
    const closing = server.running.close();
    const pauses = await Promise.all(peers.map(async (peer) => (await peer.next("bye")).retryAfterMs));
    expect(new Set(pauses).size).toBeGreaterThan(10);
    await closing;
  });

  it("[WS6] a handshake that ends while the server stops is refused, and holds up nothing", async () => {
    const server = await startLive(sqlite);
    // Its close is not answered, so that the stop takes its time.
    (await connect(server.manager)).socket.pause();
    const { ticket } = await server.manager.ok("createTicket");
    const { socket, everything } = await openRaw(server.port);
    const upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n";
    socket.write(`GET /live?ticket=${ticket} HTTP/1.1\r\nhost: 127.0.0.1\r\n${upgrade}`);
    await server.manager.request({ path: "/health" });
    const closing = server.running.close();
    socket.write("sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    expect(parseRaw(await everything).status).toBe(503);
    await closing;
  });
});

describe("limits of a connection", () => {
  it("[WS6] one that is idle too long is told to go", async () => {
    const server = await startLive(sqlite, { sockets: { idleMaxMs: 300 } });
    const peer = await connect(server.manager);
    expect(await peer.next("bye")).toMatchObject({ code: "going_away" });
    expect((await peer.closed).code).toBe(1001);
  });

  it("[WS6] one that lives too long is told to go, however busy", async () => {
    const server = await startLive(sqlite, { sockets: { lifeMaxMs: 300, idleMaxMs: 200 } });
    const peer = await connect(server.manager);
    await peer.subscribe(day);
    const busy = setInterval(() => peer.socket.readyState === peer.socket.OPEN && peer.send({ action: "ping" }), 25);
    const { code } = await peer.closed;
    clearInterval(busy);
    expect(code).toBe(1001);
    expect(peer.types().filter((type) => type === "pong").length).toBeGreaterThan(4);
  });

  it("[CL4] a client comes back at once and misses nothing", async () => {
    const server = await startLive(sqlite, { sockets: { lifeMaxMs: 150 } });
    const screen = openScreen({ baseUrl: server.url, date: day, headers: server.headersOf("manager") });
    await untilLive(screen);
    while (screen.socketCount() < 4) {
      await server.manager.ok("createAppointment", {
        body: {
          start: `${day}T09:00:00.000Z`,
          end: `${day}T09:00:00.000Z`,
          customer: { name: "X" },
          vehicle: {},
          serviceCodes: [],
        },
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await expectAllEqual([screen], server.manager);
  });
});
