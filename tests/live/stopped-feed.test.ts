import { describe, expect, it, vi } from "vitest";
import type { OpenedStore } from "../../src/local/opened-store.ts";
import { addCard, edit } from "../../src/testing/cards.ts";
import { day } from "../../src/testing/workshop.ts";
import { databases } from "./support/databases.ts";
import { startLive } from "./support/live-server.ts";
import { brief, expectAllEqual, openScreen, type Screen, shownBy, truthOf, untilLive } from "./support/screens.ts";

/** A feed that hands nothing over while it is stopped, though everything else goes on. */
function stoppableFeed() {
  let isStopped = false;
  let resume = () => {};
  const wrap = (opened: OpenedStore): OpenedStore => ({
    ...opened,
    feed: {
      start: (handle) =>
        opened.feed.start(async (items) => {
          if (isStopped)
            await new Promise<void>((resolve) => {
              resume = resolve;
            });
          await handle(items);
        }),
      stop: () => {
        resume();
        return opened.feed.stop();
      },
    },
  });
  return {
    wrap,
    stop: () => {
      isStopped = true;
    },
    goOn: () => {
      isStopped = false;
      resume();
    },
  };
}

describe.each(databases)("a feed that stops while sockets stay open, on $name", (database) => {
  it("[WS3] makes a screen say within three heartbeats that it is stale, and look for itself until it agrees", async () => {
    const feed = stoppableFeed();
    const server = await startLive(database, { opened: feed.wrap });
    const { manager } = server;
    const pongs: { rev: number; cards: number }[] = [];
    const screen: Screen = openScreen({
      baseUrl: server.url,
      date: day,
      headers: server.headersOf("manager"),
      heartbeatIntervalMs: 600_000,
      onMessage: (message) => {
        if (message.type === "pong") pongs.push(message);
      },
    });
    const heartbeat = async () => {
      const before = pongs.length;
      screen.board.ping();
      await vi.waitFor(() => expect(pongs.length).toBe(before + 1));
    };
    const kind = () => screen.board.getState().connection.kind;

    const card = await addCard(manager);
    await expectAllEqual([screen], manager);
    await heartbeat();
    expect(kind()).toBe("live");

    feed.stop();
    await edit(manager, card, { notes: "nobody is told of it" });
    await addCard(manager);
    let beats = 0;
    for (; kind() === "live" && beats < 3; beats++) await heartbeat();
    expect(kind()).toBe("stale");
    expect(beats).toBeLessThanOrEqual(3);
    expect(pongs.at(-1)).toMatchObject({ rev: 1, cards: 2 });

    // It is stale, yet it shows the truth that it looked up.
    const shows = async () => {
      const truth = truthOf(await manager.ok("getBoard", { query: { date: day } }));
      return brief(shownBy(screen)) === brief(truth);
    };
    await vi.waitFor(async () => expect(await shows()).toBe(true));
    await edit(manager, card, { notes: "still nobody", expectedVersion: 2 });
    for (let more = 0; more < 3 && !(await shows()); more++) {
      await heartbeat();
      await vi.waitFor(() => expect(screen.board.getState().replica.wanted).toBeUndefined());
    }
    expect(await shows()).toBe(true);

    feed.goOn();
    await vi.waitFor(() => expect(screen.board.getState().replica.rev).toBeGreaterThan(1));
    await heartbeat();
    await untilLive(screen);
    await expectAllEqual([screen], manager);
  });

  it("[WS3] a pong is the truth at its revision, read head first", async () => {
    const server = await startLive(database);
    const { manager } = server;
    const screen = openScreen({ baseUrl: server.url, date: day, headers: server.headersOf("manager") });
    const one = await addCard(manager);
    await edit(manager, one, { notes: "x" });
    const two = await addCard(manager);
    await manager.ok("removeAppointment", { id: two.id, query: { expectedVersion: 1 } });
    await expectAllEqual([screen], manager);
    const pong = await server.opened.live.fingerprint({ shopId: "north", date: day });
    expect(pong).toMatchObject({ rev: screen.board.getState().replica.rev, cards: 1, versionSum: 2 });
  });
});
