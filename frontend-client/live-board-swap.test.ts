import { describe, expect, it } from "vitest";
import { boardChecks } from "./board-checks.ts";
import { fullChecks } from "./checks.ts";
import { openLive } from "./testing/fake-server.ts";
import { day, sampleBoard, sampleCard, sampleDiff } from "./testing/samples.ts";
import { failure, pass, stopClock, success } from "./testing/scripted-fetch.ts";

stopClock();
const minute = 60_000;
const live = { kind: "live" };
/** Long enough that no heartbeat comes amid what a test looks at. */
const quiet = { heartbeatVisibleMs: 10 * 60 * minute };

describe("a planned swap", () => {
  it("[CL4] closes the old socket once the new one has answered; nobody sees it, and no snapshot is taken", async () => {
    const { server, states, board, pings } = await openLive({ ...quiet, swapAfterMs: 110 * minute, random: () => 0 });
    const before = board.getState();
    await pass(110 * minute - 20);
    expect(server.sockets).toHaveLength(1);
    server.isAnswering = false;
    await pass(100);
    expect(server.openSockets()).toHaveLength(2);
    expect(server.sockets[1]?.heard).toMatchObject([{ action: "subscribe", epoch: "first", rev: 4 }]);
    const [old, young] = server.sockets;
    // Both tell of it, whoever is first.
    for (const one of [old, young]) one?.say(sampleDiff(5, sampleCard({ version: 2 })));
    expect(states.map(({ connection }) => connection)).toEqual([live, live]);
    young?.say({
      type: "subscribed",
      date: before.replica.date,
      epoch: "first",
      rev: 5,
      protocolVersion: 1,
      release: "1.0.0",
      changes: [sampleDiff(5, sampleCard({ version: 2 }))],
    });
    expect([old?.isOpen(), young?.isOpen()]).toEqual([false, true]);
    expect(states.every(({ connection }) => connection === before.connection)).toBe(true);
    expect(server.takeRequests()).toEqual(["ticket"]);
    young?.say(sampleDiff(6, sampleCard({ version: 3 })));
    expect(board.getState().replica.cards.get(sampleCard().id)?.version).toBe(3);
    server.isAnswering = true;
    board.ping();
    expect(young?.heard.at(-1)).toMatchObject({ action: "ping", rev: 6 });
    expect(pings()).toHaveLength(1);
  });

  it("[CL4] comes up to a tenth of its time earlier, so that screens do not all come at once", async () => {
    const { server } = await openLive({ ...quiet, random: () => 0.999 });
    await pass(99 * minute - 10_000);
    expect(server.sockets).toHaveLength(1);
    await pass(30_000);
    expect(server.sockets).toHaveLength(2);
  });

  it("[CL4] comes again and again, with one socket in between", async () => {
    const { server, kinds } = await openLive();
    await pass(24 * 60 * minute);
    expect(server.openSockets()).toHaveLength(1);
    // Every 104.5 minutes: a day has 13 of them.
    expect(server.sockets).toHaveLength(14);
    expect(kinds()).toEqual(["live"]);
    expect(new Set(server.takeRequests())).toEqual(new Set(["ticket"]));
  });

  it("[CL4] that fails leaves the old socket be, and is tried again", async () => {
    const { server, kinds } = await openLive({ swapAfterMs: minute });
    const works = server.answers.ticket;
    server.answers.ticket = failure("unavailable");
    await pass(2 * minute);
    expect(server.sockets).toHaveLength(1);
    expect(server.takeRequests().length).toBeGreaterThan(3);
    server.answers.ticket = works;
    await pass(minute);
    expect(server.sockets.length).toBeGreaterThan(1);
    expect(server.openSockets()).toHaveLength(1);
    expect(kinds()).toEqual(["live"]);
  });

  it("[CL4] that is under way when the old socket is lost takes its place", async () => {
    const { server, connection, kinds } = await openLive({ swapAfterMs: minute, ...quiet });
    server.isAnswering = false;
    await pass(minute);
    expect(server.openSockets()).toHaveLength(2);
    server.sockets[0]?.cut();
    expect(connection().kind).toBe("reconnecting");
    const { date, epoch = "" } = { epoch: "first", date: "2031-03-03" };
    server.sockets[1]?.say({ type: "subscribed", date, epoch, rev: 4, protocolVersion: 1, release: "", changes: [] });
    expect(connection()).toEqual(live);
    await pass(5_000);
    expect(server.sockets).toHaveLength(2);
    expect(kinds()).toEqual(["reconnecting", "live"]);
  });
});

describe("what a socket says", () => {
  const nonsense = [
    "{not JSON",
    "null",
    "7",
    "[]",
    '{"type":"toString"}',
    '{"type":"subscribed"}',
    '{"type":"diff","date":"2031-03-03","epoch":"first","rev":5}',
    '{"type":"diff","date":"2031-03-03","epoch":"first","rev":5,"ops":[{"op":"upsert"}]}',
    '{"type":"diff","date":"2031-03-03","epoch":"first","rev":5,"ops":[{"op":"upsert","card":{"id":"a","version":1}}]}',
    '{"type":"diff","date":"2031-03-03","epoch":"first","rev":5,"ops":[{"op":"remove","id":"a"}]}',
    '{"type":"diff","date":"2031-03-03","epoch":"first","rev":"5","ops":[]}',
    '{"type":"pong","date":"2031-03-03","epoch":"first","rev":4,"at":"","release":""}',
    '{"type":"reset","date":"2031-03-03","rev":4}',
    '{"type":"bye","code":"going_away","retryAfterMs":"soon"}',
  ];
  it.each(nonsense)("[CL4] ends it where it is %s, and nothing of it is believed", async (frame) => {
    const { server, board, kinds, connection } = await openLive();
    const { cards } = board.getState().replica;
    server.sockets[0]?.say(frame);
    expect(server.sockets[0]?.isOpen()).toBe(false);
    expect(board.getState().replica.cards).toBe(cards);
    await pass(1_000);
    expect(connection()).toEqual(live);
    expect(kinds()).toEqual(["reconnecting", "live"]);
  });

  it.each(["pong", "subscribed", "reset", "error"])("[CL4] brings cards by diffs alone: not by a %s", async (type) => {
    const { server, board } = await openLive();
    const about = { date: day, epoch: "first", rev: 5, at: "", cards: 1, versionSum: 1 };
    for (const ops of [5, [null], [{ op: "upsert", card: sampleCard({ version: 9 }) }]]) {
      server.sockets[0]?.say(JSON.stringify({ type, ...about, ops }));
      server.answers.board = success(sampleBoard([sampleCard()], { rev: 4 }));
      await pass(5_000);
      expect(board.getState().replica).toMatchObject({ rev: 4, trust: "live" });
    }
    expect(server.openSockets()).toHaveLength(1);
  });

  it("[CL4] is looked at as closely as an answer: a page's client asks more of a card than a board's", async () => {
    const { customer: _, ...card } = sampleCard({ version: 2 });
    const frame = JSON.stringify({ type: "diff", date: day, epoch: "first", rev: 5, ops: [{ op: "upsert", card }] });
    for (const [checks, isOpen] of [
      [boardChecks, true],
      [fullChecks, false],
    ] as const) {
      const { server, board } = await openLive({ checks });
      server.sockets[0]?.say(frame);
      expect([server.sockets[0]?.isOpen(), board.getState().replica.rev]).toEqual([isOpen, isOpen ? 5 : 4]);
    }
  });

  it("[WS4] in answer to a subscribe, as an error, ends it at once; later it changes nothing", async () => {
    const { server, connection } = await openLive();
    const error = { type: "error", code: "unavailable", message: "not just now" } as const;
    server.sockets[0]?.say(error);
    expect(connection()).toEqual(live);
    server.isAnswering = false;
    server.sockets[0]?.cut();
    await pass(260);
    expect(server.openSockets()).toHaveLength(1);
    server.sockets[1]?.say(error);
    expect(server.openSockets()).toHaveLength(0);
    expect(connection()).toHaveProperty("retryAt");
  });

  it("[WS5] may be a second subscribed, which changes nothing", async () => {
    const { server, kinds } = await openLive();
    const about = { date: "2031-03-03", epoch: "first", rev: 4, protocolVersion: 1, release: "1.0.0", changes: [] };
    server.sockets[0]?.say({ type: "subscribed", ...about });
    await pass(1_000);
    expect([server.sockets.length, server.openSockets().length, kinds()]).toEqual([1, 1, ["live"]]);
  });

  it("[WS5] is not heard where it is of another date", async () => {
    const { server, board, states } = await openLive();
    const other = sampleCard({ id: "01K000000000000000000THER0" });
    server.sockets[0]?.say({ ...sampleDiff(5, other), date: "2031-03-04" });
    expect(states).toEqual([]);
    expect(board.getState().replica.rev).toBe(4);
  });

  it("[WS5] is not heard any more once it is closed", async () => {
    const { server, board } = await openLive();
    const [socket] = server.sockets;
    const deliver = socket?.say;
    board.close();
    deliver?.(sampleDiff(5, sampleCard({ version: 2 })));
    expect(board.getState().replica.rev).toBe(4);
  });

  it("[LV5] by a reset leads to one snapshot, after a moment of the screen's own choice within a second", async () => {
    for (const [chance, after] of [
      [0.001, 1],
      [0.999, 999],
    ] as const) {
      const { server, board } = await openLive({ ...quiet, random: () => chance });
      server.sockets[0]?.say({ type: "reset", date: "2031-03-03", epoch: "first", rev: 9 });
      server.truth.rev = 9;
      await pass(after - 1);
      expect(server.takeRequests()).toEqual([]);
      await pass(5);
      expect(server.takeRequests()).toEqual(["board"]);
      expect(board.getState()).toMatchObject({ connection: live, replica: { rev: 9 } });
      board.close();
    }
  });

  it("[LV5] by a gap leads to one request for what is missing", async () => {
    const { server, connection } = await openLive();
    server.sockets[0]?.say(sampleDiff(6));
    expect(connection().kind).toBe("stale");
    server.sockets[0]?.say(sampleDiff(7));
    await pass(0);
    expect(server.takeRequests()).toEqual(["changes"]);
  });
});
