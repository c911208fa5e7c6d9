import { describe, expect, it } from "vitest";
import { openBoard, openLive, startFakeServer } from "./testing/fake-server.ts";
import { sampleCard, sampleDiff, sampleError } from "./testing/samples.ts";
import { bareAnswer, failure, pass, stopClock, timers } from "./testing/scripted-fetch.ts";

stopClock();
const minute = 60_000;
const hour = 60 * minute;
const live = { kind: "live" };

describe("new tries", () => {
  /** When tickets were asked for, in ms since the start. */
  async function ticketTimes(server: ReturnType<typeof startFakeServer>, forMs: number, stepMs = 10) {
    const times: number[] = [];
    for (let at = 0; at <= forMs; at += stepMs) {
      if (server.takeRequests().includes("ticket")) times.push(at);
      await pass(stepMs);
    }
    return times;
  }

  it("[CL4] come after a random share of a pause that doubles from 0.5 to 30 s, and the state says when", async () => {
    const server = startFakeServer();
    server.handshake = "refused";
    const { connection } = openBoard(server, { enablePolling: false });
    const gaps: number[] = [];
    let before = Date.now();
    for (let tries = 0; tries < 9; tries++) {
      await pass(5);
      const { retryAt = 0 } = connection() as { retryAt?: number };
      const wait = retryAt - Date.now();
      await pass(wait - 1);
      expect(server.sockets).toHaveLength(tries + 1);
      await pass(3);
      expect(server.sockets).toHaveLength(tries + 2);
      gaps.push(Math.round((retryAt - before) / 50) * 50);
      before = retryAt;
    }
    expect(gaps).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it("[CL4] are spread from at once to the whole pause", async () => {
    for (const [chance, pause] of [
      [0, 0],
      [0.999, 499.5],
    ] as const) {
      const server = startFakeServer();
      server.answers.ticket = failure("unavailable");
      const { connection, board } = openBoard(server, { random: () => chance, enablePolling: false });
      await pass(1);
      expect(connection()).toMatchObject({ retryAt: Date.now() + pause });
      board.close();
    }
  });

  it("[CL4] a socket that is lost again before it has answered a heartbeat does not begin from the shortest pause", async () => {
    const { server } = await openLive();
    for (let cuts = 0; cuts < 6; cuts++) {
      server.openSockets()[0]?.cut();
      await pass(20_000);
    }
    const gaps = server.sockets.map(({ at }, index) => at - (server.sockets[index - 1]?.at ?? at));
    expect(gaps.map((gap) => Math.round((gap % 20_000) / 50) * 50)).toEqual([0, 250, 250, 500, 1_000, 2_000, 4_000]);
  });

  it("[CL4] one that has answered a heartbeat does", async () => {
    const { server } = await openLive();
    for (let cuts = 0; cuts < 4; cuts++) {
      server.openSockets()[0]?.cut();
      await pass(260);
      expect(server.openSockets()).toHaveLength(1);
      await pass(25_000);
    }
  });

  it.each(["online", "visibilitychange", "pageshow"])(
    "[CL4] are made at once by %s, and once however many say so",
    async (event) => {
      const { server, page, connection } = await openLive();
      server.answers.ticket = failure("unavailable");
      server.openSockets()[0]?.cut();
      await pass(5 * minute);
      server.answers.ticket = startFakeServer().answers.ticket;
      server.takeRequests();
      page.tell(event);
      page.tell("online");
      page.tell("pageshow");
      expect(server.takeRequests().filter((name) => name === "ticket")).toHaveLength(1);
      await pass(5);
      expect(connection()).toEqual(live);
      expect(server.openSockets()).toHaveLength(1);
    },
  );

  it("[CL4] that fail after such an event begin from the shortest pause", async () => {
    const server = startFakeServer();
    server.answers.ticket = failure("unavailable");
    const { page, connection } = openBoard(server, { enablePolling: false });
    await pass(10 * minute);
    page.tell("online");
    await pass(1);
    expect(connection()).toMatchObject({ retryAt: Date.now() + 250 });
  });

  it("[CL5] are not announced any more once they are under way", async () => {
    const { server, connection } = await openLive({ enablePolling: false });
    server.handshake = "silence";
    server.sockets[0]?.cut();
    expect(connection()).toHaveProperty("retryAt");
    await pass(260);
    expect(server.sockets).toHaveLength(2);
    expect(connection()).toEqual({ kind: "reconnecting", since: expect.any(Number) });
  });

  it("[LV5] that meet a server with less than was heard of drop all, and take a snapshot", async () => {
    const { server, board, connection } = await openLive();
    server.sockets[0]?.say(sampleDiff(5, sampleCard({ version: 2 })));
    server.sockets[0]?.cut();
    await pass(300);
    expect(server.takeRequests()).toEqual(["ticket", "board"]);
    expect(board.getState().replica).toMatchObject({ rev: 4 });
    expect(connection()).toEqual(live);
  });

  it.each([null, 7, {}])(
    "[CL4] follow a refusal that brings %j where another failure brings issues",
    async (issues) => {
      const server = startFakeServer();
      const error = { ...sampleError("internal"), issues };
      server.answers.ticket = server.answers.board = () => Response.json({ ok: false, error }, { status: 500 });
      const { board, connection } = openBoard(server, { enablePolling: false });
      await pass(10);
      expect(connection()).toMatchObject({ kind: "reconnecting", retryAt: expect.any(Number) });
      expect(board.getState().error).toMatchObject({ code: "internal", correlationId: error.correlationId });
      server.takeRequests();
      await pass(1_000);
      expect(server.takeRequests()).toEqual(expect.arrayContaining(["ticket", "board"]));
    },
  );

  it("[WS6] wait as long as the server's goodbye asks, but no longer than anybody would", async () => {
    for (const [retryAfterMs, waitMs] of [
      [1_700, 1_700],
      [99_999_999_999, 30_000],
    ] as const) {
      const { server, connection, board } = await openLive();
      server.sockets[0]?.say({ type: "bye", code: "going_away", retryAfterMs });
      expect(connection()).toMatchObject({ kind: "reconnecting", retryAt: Date.now() + waitMs });
      expect(await ticketTimes(server, waitMs + 20)).toEqual([waitMs]);
      board.close();
    }
  });

  it.each(["slow", "too_many_errors", "going_away"] as const)("[WS6] follow a bye that says %s", async (code) => {
    const { server, connection } = await openLive();
    server.sockets[0]?.say({ type: "bye", code });
    expect(server.openSockets()).toHaveLength(0);
    await pass(300);
    expect(connection()).toEqual(live);
  });
});

describe("what is over", () => {
  const protocolTooOld = () => {
    const issues = [{ path: "x-protocol-version", message: "this server serves protocol version 2" }];
    const error = { code: "invalid_request", message: "No.", correlationId: "server-0001", issues };
    return Response.json({ ok: false, error }, { status: 400 });
  };
  const endings = [
    ["session_ended", "a ticket is refused with 401", "ticket", failure("unauthenticated")],
    ["session_ended", "a ticket is refused with a bare 401", "ticket", bareAnswer(401)],
    ["session_ended", "the board is refused with 401", "board", failure("unauthenticated")],
    ["protocol_too_old", "a ticket is refused to this protocol", "ticket", protocolTooOld],
    ["protocol_too_old", "the board is refused to this protocol", "board", protocolTooOld],
  ] as const;
  it.each(endings)(
    "[HT7] is over with %s when %s: nothing is asked for any more",
    async (reason, _when, route, answer) => {
      const server = startFakeServer();
      server.answers[route] = answer;
      const { connection, page, states } = openBoard(server);
      await pass(10);
      expect(connection()).toEqual({ kind: "ended", reason });
      expect(states.at(-1)?.connection).toEqual({ kind: "ended", reason });
      server.takeRequests();
      expect([timers(), page.listeners(), server.openSockets().length]).toEqual([0, 0, 0]);
      page.tell("online");
      await pass(hour);
      expect(server.takeRequests()).toEqual([]);
    },
  );

  it.each(["session_ended", "protocol_too_old"] as const)("[WS6] is over with the bye %s", async (reason) => {
    const { server, connection, board } = await openLive();
    server.sockets[0]?.say({ type: "bye", code: reason });
    expect(connection()).toEqual({ kind: "ended", reason });
    board.refresh();
    board.ping();
    board.close();
    await pass(hour);
    expect(connection()).toEqual({ kind: "ended", reason });
    expect([server.takeRequests(), server.openSockets(), timers()]).toEqual([[], [], 0]);
  });

  it("[CL4] a board that is closed, at whatever moment, leaves no timer, no socket, no listener and no request", async () => {
    for (let closeAt = 0; closeAt < 12; closeAt++)
      for (const handshake of ["taken", "refused", "silence"] as const) {
        const server = startFakeServer();
        server.handshake = handshake;
        const { board, page, states, connection } = openBoard(server);
        await pass(closeAt);
        const count = states.length;
        board.close();
        expect([page.listeners(), server.openSockets()]).toEqual([0, []]);
        server.takeRequests();
        // What the network still holds is nobody's any more.
        await pass(5);
        expect(timers()).toBe(0);
        await pass(hour);
        expect([server.takeRequests(), server.openSockets(), states.length]).toEqual([[], [], count]);
        expect(connection()).toEqual({ kind: "ended", reason: "closed" });
      }
  });
});
