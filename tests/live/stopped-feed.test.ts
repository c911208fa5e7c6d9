import { describe, expect, it, vi } from "vitest";
import type { OpenedStore } from "../../src/local/opened-store.ts";
import { addCard, edit } from "../../src/testing/cards.ts";
import { day } from "../../src/testing/workshop.ts";
import { databases } from "./support/databases.ts";
import { startLive } from "./support/live-server.ts";
import { brief, expectAllEqual, openScreen, type Screen, shownBy, truthOf, untilLive } from "./support/screens.ts";

/** On a busy machine things take their time. */
const patient = { timeout: 60_000 };

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
      heartbeatVisibleMs: 600_000,
      answerWaitMs: 10_000,
      onInput: (input) => {
        if (input.type === "pong") pongs.push(input);
      },
    });
    let staleTimes = 0;
    const kind = () => screen.board.getState().connection.kind;
    let before = kind();
    screen.board.subscribe(() => {
      if (kind() === "stale" && before !== "stale") staleTimes++;
      before = kind();
    });
    const heartbeat = async () => {
      const count = pongs.length;
      screen.board.ping();
      await vi.waitFor(() => expect(pongs.length).toBeGreaterThan(count), patient);
    };
    const heartbeatsUntilStale = async () => {
      const times = staleTimes;
      let beats = 0;
      for (; staleTimes === times && beats < 3; beats++) await heartbeat();
      expect(staleTimes).toBe(times + 1);
      return beats;
    };
    const showsTheTruth = async () => {
      const truth = truthOf(await manager.ok("getBoard", { query: { date: day } }));
      expect(brief(shownBy(screen))).toBe(brief(truth));
    };

    const card = await addCard(manager);
    await expectAllEqual([screen], manager);
    // A snapshot may have shown the card before the feed had told of it.
    await vi.waitFor(() => expect(screen.board.getState().replica.rev).toBe(1), patient);
    // A snapshot that comes before its subscription is shown as stale until somebody vouches for it.
    await untilLive(screen);
    staleTimes = 0;
    await heartbeat();
    expect(staleTimes).toBe(0);

    feed.stop();
    await edit(manager, card, { notes: "nobody is told of it" });
    await addCard(manager);
    expect(await heartbeatsUntilStale()).toBeLessThanOrEqual(3);
    expect(pongs.at(-1)).toMatchObject({ rev: 1, cards: 2 });
    // It looked the truth up, and says that it is sure again only once a heartbeat has agreed.
    await vi.waitFor(showsTheTruth, patient);
    await untilLive(screen);

    await edit(manager, card, { notes: "still nobody", expectedVersion: 2 });
    await heartbeatsUntilStale();
    await vi.waitFor(showsTheTruth, patient);

    feed.goOn();
    await vi.waitFor(() => expect(screen.board.getState().replica.rev).toBeGreaterThan(1), patient);
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
    // The feed may still have to tell of what a snapshot has shown.
    await vi.waitFor(async () => {
      const pong = await server.opened.live.fingerprint({ shopId: "north", date: day });
      expect(pong).toMatchObject({ rev: screen.board.getState().replica.rev, cards: 1, versionSum: 2 });
    }, patient);
  });
});
