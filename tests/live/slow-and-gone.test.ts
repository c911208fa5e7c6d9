import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { addCard, edit } from "../../src/testing/cards.ts";
import { day } from "../../src/testing/workshop.ts";
import { sqlite } from "./support/databases.ts";
import { startLive } from "./support/live-server.ts";
import { connect } from "./support/peer.ts";
import { openRawLive } from "./support/raw-socket.ts";
import { expectAllEqual, openScreen, untilLive } from "./support/screens.ts";

const board = { shopId: "north", date: day };

describe("a reader who does not read", () => {
  it("[LV8] is cut off once more waits for him than may, and others are not kept waiting", async () => {
    const server = await startLive(sqlite, { sockets: { queuedMaxBytes: 65_536 } });
    const { manager } = server;
    const slow = await openRawLive(manager, day, false);
    const ended = once(slow, "close");
    const peer = await connect(manager);
    await peer.subscribe(day);
    await vi.waitFor(async () => expect(await server.connections.watchers(board)).toHaveLength(2), { timeout: 60_000 });
    let card = await addCard(manager, { serviceCodes: [], notes: "🚗".repeat(1_000) });
    // The network between the two holds megabytes; then the server's own queue fills.
    for (let made = 0; made < 5_000 && (await server.connections.watchers(board)).length === 2; made++) {
      card = await edit(manager, card, { notes: `${made} ${"🚗".repeat(990)}` });
      expect((await peer.next("diff")).rev).toBe(made + 1);
    }
    expect(await server.connections.watchers(board)).toHaveLength(1);
    slow.resume();
    await ended;
    expect(peer.socket.readyState).toBe(peer.socket.OPEN);
  });
});

describe("1,000 connections opened and dropped without goodbye", () => {
  const count = 1_000;
  const atOnce = 50;

  it("[LV8] leave nothing behind once their posts fail", async () => {
    const held = new Set<string>();
    const server = await startLive(sqlite, {
      connections: (connections) => ({
        ...connections,
        add: async (connection) => {
          held.add(connection.id);
          await connections.add(connection);
        },
        remove: async (id) => {
          await connections.remove(id);
          held.delete(id);
        },
      }),
    });
    const { manager } = server;
    const witness = openScreen({ baseUrl: server.url, date: day, headers: server.headersOf("manager") });
    await untilLive(witness);
    const sockets: Socket[] = [];
    while (sockets.length < count)
      sockets.push(...(await Promise.all(Array.from({ length: atOnce }, () => openRawLive(manager, day, true)))));
    await vi.waitFor(async () => expect(await server.connections.watchers(board)).toHaveLength(count + 1), {
      timeout: 60_000,
    });
    expect(held.size).toBe(count + 1);
    for (const socket of sockets) socket.resetAndDestroy();
    await addCard(manager);
    await vi.waitFor(async () => expect(await server.connections.watchers(board)).toHaveLength(1), { timeout: 60_000 });
    await vi.waitFor(() => expect(held.size).toBe(1), { timeout: 60_000 });
    await expectAllEqual([witness], manager);
  });
});
