import { describe, expect, it, vi } from "vitest";
import { fakePage, openBoard, openLive, startFakeServer } from "./testing/fake-server.ts";
import { sampleCard, sampleDiff } from "./testing/samples.ts";
import { pass, stopClock } from "./testing/scripted-fetch.ts";

stopClock();
const minute = 60_000;
const hour = 60 * minute;
const live = { kind: "live" };

describe("heartbeats", () => {
  it("[CL4] an hour in which nothing happens makes 144 of them, and nothing else", async () => {
    const { server, states, pings } = await openLive();
    await pass(hour);
    expect(pings()).toHaveLength(144);
    expect(server.sockets).toHaveLength(1);
    expect(server.sockets[0]?.heard).toHaveLength(145);
    expect(server.takeRequests()).toEqual([]);
    // The first one tells of another release than the subscribe did.
    expect(new Set(states.map(({ release }) => release))).toEqual(new Set(["1.0.1"]));
    const [first] = states;
    expect(
      states.every(
        ({ connection, replica }) => connection === first?.connection && replica.cards === first.replica.cards,
      ),
    ).toBe(true);
  });

  it("[WS3] come every 4 minutes while the page is hidden, at once when it is shown, and then every 25 s", async () => {
    const { page, pings, server } = await openLive();
    page.show(false);
    await pass(hour);
    expect(pings()).toHaveLength(15);
    page.show(true);
    expect(pings()).toHaveLength(16);
    await pass(5 * 25_000);
    expect(pings()).toHaveLength(21);
    expect(server.takeRequests()).toEqual([]);
    expect(server.sockets).toHaveLength(1);
  });

  it("[CL5] one that is not answered makes the screen unsure within 35 s of when it last was sure", async () => {
    const { server, connection, kinds } = await openLive();
    await pass(10 * 25_000);
    const sureAt = Date.now();
    await pass(10);
    server.isAnswering = false;
    server.handshake = "silence";
    await pass(25_000 + 9_000);
    expect(connection()).toEqual(live);
    await pass(1_000);
    expect(connection()).toMatchObject({ kind: "reconnecting", since: expect.any(Number) });
    const { since } = connection() as { since: number };
    expect(Math.abs(since - sureAt)).toBeLessThan(100);
    expect(kinds()).toEqual(["live", "reconnecting"]);
  });

  it("[CL5] another heartbeat gives a socket that owes an answer no more time", async () => {
    const { server, board, connection } = await openLive();
    server.isAnswering = false;
    for (let beats = 0; beats < 3; beats++) {
      board.ping();
      await pass(4_000);
    }
    expect(connection().kind).toBe("reconnecting");
  });

  it("[WS5] is not answered by a pong of another date", async () => {
    const { server, board, connection } = await openLive();
    server.isAnswering = false;
    board.ping();
    await pass(5_000);
    const about = { date: "2031-03-04", epoch: "first", rev: 4, cards: 1, versionSum: 1 };
    server.sockets[0]?.say({ type: "pong", ...about, at: "", release: "1.0.0" });
    await pass(5_000);
    expect(connection().kind).toBe("reconnecting");
  });

  it("[WS3] is answered by a pong and by nothing else: diffs alone do not vouch for what they leave out", async () => {
    const { server, connection } = await openLive();
    server.isAnswering = false;
    for (let rev = 5; rev < 13; rev++) {
      await pass(4_990);
      server.sockets[0]?.say(sampleDiff(rev));
    }
    expect([server.sockets[0]?.isOpen(), server.sockets.length]).toEqual([false, 2]);
    expect(connection().kind).toBe("reconnecting");
  });
});

describe("a page that was out of sight", () => {
  it("[CL5] does not call itself live before the socket has answered", async () => {
    const { page, server, kinds, connection } = await openLive();
    page.show(false);
    await pass(36_000);
    expect(connection()).toEqual(live);
    page.show(true);
    expect(connection()).toEqual({ kind: "stale", since: expect.any(Number) });
    await pass(2);
    expect(kinds()).toEqual(["stale", "live"]);
    expect(server.takeRequests()).toEqual([]);
  });

  it("[CL5] was it so only for a moment, it just makes sure", async () => {
    const { page, kinds, pings } = await openLive();
    page.show(false);
    await pass(20_000);
    page.show(true);
    await pass(100);
    expect(kinds()).toEqual(["live"]);
    expect(pings()).toHaveLength(1);
  });

  it("[CL5] nor does one whose whole machine has slept, as soon as it runs again", async () => {
    const { server, kinds } = await openLive();
    await pass(24_000);
    vi.setSystemTime(Date.now() + 3 * hour);
    await pass(1_000);
    expect(kinds()).toEqual(["stale", "live"]);
    expect(server.takeRequests()).toEqual([]);
  });

  it("[CL6] that is opened out of sight loads over its socket, and without one when it is looked at", async () => {
    for (const webSocket of [undefined, null]) {
      const server = startFakeServer();
      const page = fakePage();
      page.show(false);
      const { board } = openBoard(server, { page, ...(webSocket === null && { webSocket }) });
      await pass(minute);
      expect(board.getState().replica.cards.size).toBe(webSocket === null ? 0 : 1);
      page.show(true);
      await pass(5);
      expect(board.getState().replica.cards.size).toBe(1);
    }
  });

  it("[CL5] notices a half-open socket in three seconds, and is live again by another", async () => {
    const { page, server, kinds, connection } = await openLive();
    server.isAnswering = false;
    page.show(false);
    await pass(60_000);
    page.show(true);
    await pass(2_999);
    expect(connection().kind).toBe("stale");
    server.isAnswering = true;
    await pass(1_000);
    expect(connection()).toEqual(live);
    expect(kinds()).toEqual(["stale", "reconnecting", "live"]);
    expect(server.sockets).toHaveLength(2);
  });
});

describe("its state", () => {
  it("[CL5] is the same object until something changes, and each part of it until that changes", async () => {
    const { board, server, states } = await openLive();
    const before = board.getState();
    await pass(24_000);
    board.receive({ type: "reset", date: "2031-03-04", epoch: "first", rev: 9 });
    expect(board.getState()).toBe(before);
    server.sockets[0]?.say(sampleDiff(5, sampleCard({ version: 2 })));
    expect(states).toHaveLength(1);
    const after = board.getState();
    expect(after).not.toBe(before);
    expect(after.connection).toBe(before.connection);
    expect(after.replica.cards.get(sampleCard().id)?.version).toBe(2);
  });

  it("[CL5] is told to who listens, until he does not want it any more", async () => {
    const { board, server } = await openLive();
    let times = 0;
    const stop = board.subscribe(() => times++);
    server.openSockets()[0]?.cut();
    expect(times).toBe(1);
    stop();
    await pass(1_000);
    expect(times).toBe(1);
  });

  it("[CL1] takes in the answer of a write", async () => {
    const { board } = await openLive();
    const card = sampleCard({ version: 2, status: "ready" });
    board.receive({ type: "written", epoch: "first", op: { op: "upsert", card } });
    expect(board.getState().replica.cards.get(card.id)).toEqual(card);
  });

  it("[CL6] works where there is no page at all", async () => {
    const server = startFakeServer();
    const { connection } = openBoard(server, { page: null });
    await pass(10);
    expect(connection()).toEqual(live);
    expect(fakePage().listeners()).toBe(0);
  });
});
