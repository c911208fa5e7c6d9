import { describe, expect, it, vi } from "vitest";
import type { Connections } from "../../src/live/ports.ts";
import { StoreUnavailable } from "../../src/store/store.ts";
import { day } from "../../src/testing/workshop.ts";
import { type Barrier, barrier } from "./support/barrier.ts";
import { sqlite } from "./support/databases.ts";
import { startLive } from "./support/live-server.ts";
import { connect } from "./support/peer.ts";
import { openRawLive } from "./support/raw-socket.ts";

const board = { shopId: "north", date: day };

/** Connections that take their time to note a new one, and of which can be told whom they hold. */
function slowToAdd(held: Set<string>, between: Barrier) {
  return (connections: Connections): Connections => ({
    ...connections,
    add: async (connection) => {
      await between.pass();
      await connections.add(connection);
      held.add(connection.id);
    },
    remove: async (id) => {
      await connections.remove(id);
      held.delete(id);
    },
  });
}

describe("accepting a connection", () => {
  it("[LV1] tells the feed whether anybody waits for what it brings", async () => {
    let isAwaited: (() => boolean) | undefined;
    const server = await startLive(sqlite, {
      opened: (opened) => ({
        ...opened,
        feed: {
          ...opened.feed,
          start: (handle, awaited) => {
            isAwaited = awaited;
            opened.feed.start(handle, awaited);
          },
        },
      }),
    });
    expect(isAwaited?.()).toBe(false);
    const peer = await connect(server.manager);
    await peer.subscribe(day);
    expect(isAwaited?.()).toBe(true);
    peer.socket.close();
    await expect.poll(() => isAwaited?.(), { timeout: 60_000 }).toBe(false);
  });

  it("[WS5] a subscribe in the same packet as the handshake is not lost", async () => {
    const server = await startLive(sqlite);
    const sockets = await Promise.all(Array.from({ length: 20 }, () => openRawLive(server.manager, day, true)));
    await vi.waitFor(async () => expect(await server.connections.watchers(board)).toHaveLength(sockets.length), {
      timeout: 60_000,
    });
  });

  it("[WS5] nor is one that comes before the connection is noted", async () => {
    const between = barrier();
    const server = await startLive(sqlite, { connections: slowToAdd(new Set(), between) });
    const peer = await connect(server.manager);
    await between.reached;
    const answer = peer.subscribe(day);
    peer.send("{");
    // What was sent before has arrived when this is answered.
    await fetch(`${server.url}/health`);
    between.open();
    expect(await answer).toMatchObject({ date: day });
    await peer.next("error");
  });

  it("[LV8] one that ends before it is noted leaves nothing behind", async () => {
    const between = barrier();
    const held = new Set<string>();
    const server = await startLive(sqlite, { connections: slowToAdd(held, between) });
    const peer = await connect(server.manager);
    await between.reached;
    peer.socket.terminate();
    await peer.closed;
    // Whoever comes next is served after the server has heard of that end.
    const next = await connect(server.manager);
    await next.subscribe(day);
    between.open();
    await vi.waitFor(() => expect(held.size).toBe(1), { timeout: 60_000 });
    await next.subscribe(day);
    expect(held.size).toBe(1);
  });

  it("[WS6] one that cannot be noted is told to come back, and the server goes on", async () => {
    let failures = 1;
    const server = await startLive(sqlite, {
      connections: (connections) => ({
        ...connections,
        add: (connection) =>
          failures-- > 0 ? Promise.reject(new StoreUnavailable("by order")) : connections.add(connection),
      }),
    });
    const refused = await connect(server.manager);
    expect(await refused.next("bye")).toMatchObject({ code: "going_away" });
    expect((await refused.closed).code).toBe(1001);
    await (await connect(server.manager)).subscribe(day);
  });
});
