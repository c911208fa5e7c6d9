import { hash } from "node:crypto";
import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { issueTicket } from "../../src/auth/tickets.ts";
import { openRaw, parseRaw } from "../../src/testing/raw-http.ts";
import { day } from "../../src/testing/workshop.ts";
import { sqlite } from "./support/databases.ts";
import { type LiveServer, principalOf, startLive } from "./support/live-server.ts";
import { peerOn, refusedHandshake } from "./support/peer.ts";

const liveUrl = ({ port }: LiveServer, query = "") => `ws://127.0.0.1:${port}/live${query}`;

const unauthenticated = { status: 401, statusMessage: "Unauthorized", code: "unauthenticated" };
const forbidden = { status: 403, statusMessage: "Forbidden", code: "forbidden" };

describe("tickets", () => {
  it("[WS1] a connection needs one that is known, unused and not expired", async () => {
    const server = await startLive(sqlite);
    const { ticket, url } = await server.manager.ok("createTicket");
    expect(url).toBe(liveUrl(server));
    await peerOn(new WebSocket(`${url}?ticket=${ticket}`));

    const long = "x".repeat(10_000);
    const forged = [ticket, ticket.toUpperCase(), "x".repeat(ticket.length), hash("sha256", ticket, "base64url"), long];
    for (const other of forged)
      expect(await refusedHandshake(liveUrl(server, `?ticket=${other}`)), other).toEqual(unauthenticated);
    for (const query of ["", "?ticket", "?ticket=", "?other=x", "?ticket=%00", "?ticket=%ED%A0%80"])
      expect(await refusedHandshake(liveUrl(server, query)), query).toEqual(unauthenticated);

    const soon = Date.now() - limits.ticketValidMs;
    const ticketOf = async (time: number) => {
      const options = { tickets: server.connections, clock: () => new Date(time), url };
      return (await issueTicket(principalOf("manager"), options)).ticket;
    };
    expect(await refusedHandshake(liveUrl(server, `?ticket=${await ticketOf(soon)}`))).toEqual(unauthenticated);
    const fresh = await ticketOf(Date.now());
    await peerOn(new WebSocket(liveUrl(server, `?ticket=${fresh}&utm=1`)));
  });

  it("[WS1] of two that redeem one ticket at once, one gets in", async () => {
    const server = await startLive(sqlite);
    const { ticket, url } = await server.manager.ok("createTicket");
    const tries = Array.from({ length: 5 }, () => peerOn(new WebSocket(`${url}?ticket=${ticket}`)));
    const ends = await Promise.allSettled(tries);
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("[AU5] one of a second shop opens that shop's boards alone", async () => {
    const server = await startLive(sqlite);
    const south = server.as("manager", { shop: "south" });
    const { ticket, url } = await south.ok("createTicket");
    const peer = await peerOn(new WebSocket(`${url}?ticket=${ticket}`));
    expect((await peer.subscribe(day)).rev).toBe(0);
    expect(await server.connections.watchers({ shopId: "north", date: day })).toEqual([]);
    expect(await server.connections.watchers({ shopId: "south", date: day })).toHaveLength(1);
  });

  it("[WS1] nobody gets one who is not signed in, and it stays out of the log", async () => {
    const server = await startLive(sqlite);
    const answer = await fetch(`${server.url}/api/admin/live/ticket`, { method: "POST" });
    expect(answer.status).toBe(401);
    const { ticket, url } = await server.manager.ok("createTicket");
    const peer = await peerOn(new WebSocket(`${url}?ticket=${ticket}`));
    await peer.subscribe(day);
    await refusedHandshake(`${url}?ticket=${ticket}`);
    expect(server.log.join("")).not.toContain(ticket);
  });
});

describe("where from and where to", () => {
  it("[AU3] [WS1] a foreign Origin or Host is refused, whatever the ticket, which stays good", async () => {
    const server = await startLive(sqlite, { variables: { ALLOWED_HOSTS: "board.lan" } });
    const { ticket, url } = await server.manager.ok("createTicket");
    const address = `${url}?ticket=${ticket}`;
    for (const origin of ["https://evil.test", "null", `http://127.0.0.1:${server.port}.evil.test`, "file://"])
      expect(await refusedHandshake(address, { origin }), origin).toEqual(forbidden);
    for (const host of ["evil.test", `127.0.0.1.evil.test:${server.port}`])
      expect(await refusedHandshake(address, { host }), host).toEqual(forbidden);
    expect(await refusedHandshake(address.replace("/live", "/other"), { origin: "https://evil.test" })).toEqual(
      forbidden,
    );
    await peerOn(new WebSocket(address, { headers: { origin: server.url, host: "board.lan" } }));
  });

  it("[WS1] another path is no way in, and leaves the ticket good", async () => {
    const server = await startLive(sqlite);
    const { ticket, url } = await server.manager.ok("createTicket");
    for (const path of ["/", "/live/", "/live/x", "/LIVE", "/health", "//", "/%zz", "//[/live"])
      expect(await refusedHandshake(`${url.replace("/live", path)}?ticket=${ticket}`), path).toEqual({
        status: 404,
        statusMessage: "Not Found",
        code: "not_found",
      });
    await peerOn(new WebSocket(`${url}?ticket=${ticket}`));
  });

  it("[HT3] a handshake that is none is refused, and the server goes on", async () => {
    const server = await startLive(sqlite);
    const upgrade = `host: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n`;
    const key = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const wrong = {
      "without a key": "",
      "with a key that is none": "sec-websocket-version: 13\r\nsec-websocket-key: x\r\n",
      "of another version": `sec-websocket-version: 12\r\n${key}`,
    };
    for (const [name, lines] of Object.entries(wrong)) {
      const { ticket } = await server.manager.ok("createTicket");
      const { socket, everything } = await openRaw(server.port);
      socket.write(`GET /live?ticket=${ticket} HTTP/1.1\r\n${upgrade}${lines}\r\n`);
      const { status } = parseRaw(await everything);
      expect(Math.floor(status / 100), name).toBe(4);
    }
    expect(await server.connections.watchers({ shopId: "north", date: day })).toEqual([]);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it("[HT2] a request that only offers another protocol is answered as HTTP", async () => {
    const server = await startLive(sqlite);
    const { socket, everything } = await openRaw(server.port);
    const offer = "connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n";
    socket.write(`GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n${offer}\r\n`);
    await expect.poll(() => socket.bytesRead).toBeGreaterThan(0);
    socket.end();
    expect(parseRaw(await everything).status).toBe(200);
  });
});
