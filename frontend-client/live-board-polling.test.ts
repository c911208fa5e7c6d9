import { describe, expect, it } from "vitest";
import { openBoard, openLive, startFakeServer } from "./testing/fake-server.ts";
import { sampleBoard, sampleCard, sampleChanges, sampleDiff } from "./testing/samples.ts";
import { bareAnswer, failure, noNetwork, pass, stopClock, success } from "./testing/scripted-fetch.ts";

stopClock();
const minute = 60_000;
const boards = (requests: string[]) => requests.filter((name) => name === "board").length;
const offline = () => {
  throw noNetwork();
};

describe("without WebSockets", () => {
  it("[CL6] looks at once, then every 30 s, and says when it last was sure", async () => {
    const server = startFakeServer();
    const { connection, kinds, board } = openBoard(server, { webSocket: null });
    await pass(5);
    expect(server.takeRequests()).toEqual(["board"]);
    expect(board.getState().replica.cards.size).toBe(1);
    await pass(10 * minute);
    expect(server.takeRequests()).toEqual(Array(20).fill("board"));
    expect(kinds()).toEqual(["polling"]);
    const { since } = connection() as { since: number };
    expect(Date.now() - since).toBeLessThan(30_000);
  });

  it("[CL6] shows what has changed meanwhile", async () => {
    const server = startFakeServer();
    const { board } = openBoard(server, { webSocket: null, pollingInterval: 5_000 });
    await pass(100);
    const card = sampleCard({ version: 2, status: "scheduled", rank: "W" });
    server.answers.board = success(sampleBoard([card], { rev: 5 }));
    await pass(5_000);
    expect([...board.getState().replica.cards.values()]).toEqual([card]);
  });

  it("[CL6] asks for nothing while the page is hidden, and at once when it is shown", async () => {
    const server = startFakeServer();
    const { page } = openBoard(server, { webSocket: null });
    await pass(100);
    page.show(false);
    server.takeRequests();
    await pass(60 * minute);
    expect(server.takeRequests()).toEqual([]);
    page.show(true);
    expect(server.takeRequests()).toEqual(["board"]);
    await pass(minute + 1);
    expect(server.takeRequests()).toHaveLength(2);
  });

  it("[CL6] does not go on trying what failed while the page is hidden, either", async () => {
    const server = startFakeServer();
    const { page } = openBoard(server, { webSocket: null });
    await pass(100);
    server.answers.board = offline;
    await pass(minute);
    page.show(false);
    await pass(minute);
    server.takeRequests();
    await pass(60 * minute);
    expect(server.takeRequests()).toEqual([]);
    page.show(true);
    expect(server.takeRequests()).toEqual(["board"]);
  });

  it("[CL5] is reconnecting while looks fail, polling again with the first that succeeds, and says why it failed", async () => {
    const server = startFakeServer();
    const { connection, kinds, board } = openBoard(server, { webSocket: null });
    await pass(5);
    const sureAt = Date.now();
    const works = server.answers.board;
    server.answers.board = offline;
    await pass(2 * minute);
    expect(connection()).toMatchObject({ kind: "reconnecting" });
    expect(sureAt - (connection() as { since: number }).since).toBeLessThan(10);
    expect(board.getState().error).toMatchObject({ code: "network" });
    server.answers.board = works;
    await pass(31_000);
    expect(board.getState().error).toBeUndefined();
    expect(kinds()).toEqual(["polling", "reconnecting", "polling"]);
  });

  it("[CL6] does nothing of itself where polling is not wanted, but what it is asked for", async () => {
    const server = startFakeServer();
    const { board, connection } = openBoard(server, { webSocket: null, enablePolling: false });
    await pass(10 * minute);
    expect(server.takeRequests()).toEqual(["board"]);
    expect(connection().kind).toBe("reconnecting");
    board.refresh();
    await pass(10 * minute);
    expect(server.takeRequests()).toEqual(["board"]);
  });
});

describe("while sockets are blocked", () => {
  it.each(["refused", "silence"] as const)(
    "[CL6] polls as soon as the first try has failed (%s)",
    async (handshake) => {
      const server = startFakeServer();
      server.handshake = handshake;
      const { kinds } = openBoard(server);
      await pass(1);
      expect(kinds()).not.toContain("polling");
      await pass(handshake === "silence" ? 10_000 : 0);
      await pass(9);
      expect(boards(server.takeRequests())).toBe(2);
      expect(kinds()).toContain("polling");
      await pass(10 * minute);
      expect(boards(server.takeRequests())).toBe(20);
      expect(new Set(kinds())).toEqual(new Set(["reconnecting", "polling"]));
    },
  );

  it("[CL6] stops polling once a socket is there", async () => {
    const { server, connection, kinds } = await openLive();
    server.handshake = "refused";
    server.sockets[0]?.cut();
    await pass(5 * minute);
    expect(connection().kind).toBe("polling");
    server.handshake = "taken";
    await pass(minute);
    expect(kinds()).toEqual(["reconnecting", "polling", "live"]);
    server.takeRequests();
    await pass(10 * minute);
    expect(server.takeRequests()).toEqual([]);
  });

  it("[CL6] polls at once, too, when the socket that ended it is soon lost again", async () => {
    const { server, connection } = await openLive();
    server.handshake = "refused";
    server.sockets[0]?.cut();
    await pass(5_000);
    expect(connection().kind).toBe("polling");
    server.handshake = "taken";
    await pass(10_000);
    expect(connection().kind).toBe("live");
    server.handshake = "refused";
    server.openSockets()[0]?.cut();
    server.takeRequests();
    expect(connection().kind).toBe("reconnecting");
    // Less than an interval since the last look.
    await pass(10_000);
    expect(boards(server.takeRequests())).toBe(1);
    expect(connection().kind).toBe("polling");
  });

  it("[CL4] a cut that the first try mends makes no look at the board", async () => {
    const { server, kinds } = await openLive();
    server.sockets[0]?.cut();
    await pass(5_000);
    expect(kinds()).toEqual(["reconnecting", "live"]);
    expect(server.takeRequests()).toEqual(["ticket"]);
  });

  it("[HT7] polls where tickets are refused with 403 and the board is not", async () => {
    const server = startFakeServer();
    server.answers.ticket = failure("forbidden");
    const { connection, board } = openBoard(server);
    await pass(10 * minute);
    expect(connection().kind).toBe("polling");
    expect(board.getState().error).toBeUndefined();
  });
});

describe("a look that fails", () => {
  it("[CL5] is told of while nothing is held, tried again ever more slowly, and forgotten with the first that succeeds", async () => {
    const server = startFakeServer();
    const works = server.answers.board;
    server.answers.board = bareAnswer(502, "<html>");
    const { board, connection } = openBoard(server);
    await pass(5);
    expect(board.getState().error).toMatchObject({ code: "unavailable" });
    expect(connection().kind).not.toBe("live");
    await pass(10 * minute);
    // 250 ms, 500 ms … 15 s, and then every 15 s.
    expect(boards(server.takeRequests())).toBe(45);
    server.answers.board = works;
    await pass(15_000);
    expect(board.getState()).toMatchObject({ error: undefined, connection: { kind: "live" } });
  });

  it("[LV5] may be a snapshot that is said to be gone, as none can be: it is not asked for without a pause", async () => {
    const server = startFakeServer();
    server.answers.board = failure("revision_gone");
    const { board } = openBoard(server);
    await pass(1_000);
    expect(boards(server.takeRequests())).toBe(3);
    expect(board.getState().error).toMatchObject({ code: "revision_gone" });
  });

  it("[HT1] may be one whose answer is garbled", async () => {
    const server = startFakeServer();
    server.answers.board = success({ ...sampleBoard(), columns: {} });
    const { board } = openBoard(server);
    await pass(5);
    expect(board.getState()).toMatchObject({ error: { code: "bad_answer" }, connection: { kind: "stale" } });
  });

  it("[CL5] is tried again at once when the page is shown", async () => {
    const server = startFakeServer();
    server.answers.board = offline;
    const { page } = openBoard(server);
    await pass(10 * minute);
    server.takeRequests();
    page.tell("online");
    expect(server.takeRequests()).toEqual(["board"]);
  });

  it("[CL5] begins anew with the shortest pause for each thing that is looked for", async () => {
    const server = startFakeServer();
    const works = server.answers.board;
    server.answers.board = offline;
    const { board, page } = openBoard(server);
    await pass(10 * minute);
    server.answers.board = works;
    page.tell("online");
    await pass(5);
    expect(board.getState().error).toBeUndefined();
    server.answers.changes = offline;
    server.sockets[0]?.say(sampleDiff(6));
    await pass(5);
    server.answers.changes = success(sampleChanges());
    await pass(255);
    expect(board.getState()).toMatchObject({ error: undefined, connection: { kind: "live" }, replica: { rev: 6 } });
  });

  it("[CL5] is no error any more once nothing has to be looked at", async () => {
    const { server, board } = await openLive();
    server.answers.changes = offline;
    server.sockets[0]?.say(sampleDiff(6));
    await pass(5);
    expect(board.getState()).toMatchObject({ error: { code: "network" }, connection: { kind: "stale" } });
    server.sockets[0]?.say(sampleDiff(5));
    expect(board.getState()).toMatchObject({ error: undefined, connection: { kind: "live" } });
  });
});

describe("a look by request", () => {
  it("[CL5] happens at once, whatever the socket says, and tries the socket at once", async () => {
    const { server, board, pings } = await openLive();
    board.refresh();
    expect([server.takeRequests(), pings().length]).toEqual([["board"], 1]);
    server.handshake = "refused";
    server.sockets[0]?.cut();
    await pass(10 * minute);
    server.takeRequests();
    const tries = server.sockets.length;
    server.handshake = "taken";
    board.refresh();
    await pass(5);
    expect(server.takeRequests().toSorted()).toEqual(["board", "ticket"]);
    expect(server.sockets).toHaveLength(tries + 1);
  });
});
