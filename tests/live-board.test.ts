import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { Board, Diff, PublicDiff } from "@status-board/contracts";
import {
  type ConnectionState,
  createLiveBoard,
  createStatusBoardClient,
  type LiveBoardOptions,
} from "@status-board/frontend-client";
import { expect, it, onTestFinished } from "vitest";
import { type WebSocket as ServerSocket, WebSocketServer } from "ws";
import { diffsIn } from "../scripts/watch/lines.ts";

/** On a busy machine things take their time. */
const patient = { timeout: 60_000, interval: 5 };
const date = "2031-03-03";
const epoch = "e1";
const column = { items: [], count: 0 };
const columns = { scheduled: column, in_progress: column, ready: column, completed: column, no_show: column };
const emptyBoard: Board = { date, epoch, rev: 0, columns, removed: [] };
const diff = (rev: number): Diff => ({ type: "diff", date, epoch, rev, ops: [], at: `${date}T09:00:00.000Z` });

async function portOf(server: Server | WebSocketServer): Promise<number> {
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  onTestFinished(() => void server.close());
  return address.port;
}

const success = (data: unknown) => Response.json({ ok: true, data });

/** Answers a board's requests; `ticket` and `changes` may be replaced. */
const answering =
  (port: number, more: { ticket?: () => Promise<void>; changes?: object } = {}): typeof fetch =>
  async (input) => {
    const url = String(input);
    if (url.includes("/live/ticket")) {
      await more.ticket?.();
      return success({ ticket: "t", expiresAt: "", url: `ws://127.0.0.1:${port}/live` });
    }
    return success(url.includes("/changes?") ? more.changes : emptyBoard);
  };

const subscribed = (rev: number, changes?: Diff[]) =>
  JSON.stringify({ type: "subscribed", date, epoch, rev, protocolVersion: 1, release: "1", changes });

function openBoard({ fetch, ...options }: Partial<LiveBoardOptions> & { fetch: typeof globalThis.fetch }) {
  const states: ConnectionState[] = [];
  const client = createStatusBoardClient({ baseUrl: "http://board.test", fetch });
  const board = createLiveBoard({ client, date, retryFirstMs: 5, ...options });
  onTestFinished(() => board.close());
  board.subscribe(() => {
    const { connection } = board.getState();
    if (connection !== states.at(-1)) states.push(connection);
  });
  return { board, states, isLive: () => expect.poll(() => board.getState().connection.kind, patient).toBe("live") };
}

it("[CL4] gives up a connection that never answers the handshake, and tries another", async () => {
  const mute = createServer(() => {}).listen(0, "127.0.0.1");
  const [mutePort, server] = [await portOf(mute), new WebSocketServer({ port: 0, host: "127.0.0.1" })];
  server.on("connection", (socket) => socket.once("message", () => socket.send(subscribed(0))));
  const port = await portOf(server);
  let tickets = 0;
  const send: typeof fetch = (...request) => {
    if (String(request[0]).includes("/ticket")) tickets++;
    return answering(tickets < 2 ? mutePort : port)(...request);
  };
  const { isLive } = openBoard({ fetch: send, answerWaitMs: 2_000 });
  await isLive();
  expect(tickets).toBe(2);
});

it("[CL4] opens no socket once it is closed, not even with a ticket that was on its way", async () => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const port = await portOf(server);
  let connections = 0;
  server.on("connection", () => connections++);
  const [asked, given] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const ticket = () => {
    asked.resolve();
    return given.promise;
  };
  class Counted extends WebSocket {
    constructor(url: string | URL) {
      super(url);
      connections++;
    }
  }
  const { board } = openBoard({ fetch: answering(port, { ticket }), webSocket: Counted });
  await asked.promise;
  board.close();
  given.resolve();
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(connections).toBe(0);
});

it("[CL5] is unsure since the moment at which it became so, until it is live again", async () => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const port = await portOf(server);
  const clients: ServerSocket[] = [];
  const answers = [subscribed(0), subscribed(2)];
  server.on("connection", (socket) => {
    clients.push(socket);
    socket.once("message", () => socket.send(answers.shift() ?? subscribed(2)));
  });
  const changes = { epoch, rev: 2, head: 2, changes: [diff(1), diff(2)] };
  const { states, isLive } = openBoard({ fetch: answering(port, { changes }) });
  await isLive();
  clients[0]?.terminate();
  const sinceLive = () => states.slice(states.findIndex(({ kind }) => kind === "live") + 1);
  await expect.poll(() => sinceLive().at(-1)?.kind, patient).toBe("live");
  const kinds = sinceLive().map(({ kind }) => kind);
  expect([...new Set(kinds)]).toEqual(["reconnecting", "stale", "live"]);
  const since = sinceLive().flatMap((state) => ("since" in state ? [state.since] : []));
  expect(new Set(since).size).toBe(1);
});

it("[LV5] lets hear every revision, pushed, resumed and fetched", async () => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const port = await portOf(server);
  server.on("connection", (socket) =>
    socket.once("message", () => {
      socket.send(subscribed(1, [diff(1)]));
      socket.send(JSON.stringify(diff(2)));
      socket.send(JSON.stringify(diff(4)));
    }),
  );
  const changes = { epoch, rev: 3, head: 4, changes: [diff(3)] };
  const heard: (Diff | PublicDiff)[] = [];
  const { board } = openBoard({
    fetch: answering(port, { changes }),
    onInput: (input) => void heard.push(...diffsIn(input)),
  });
  await expect.poll(() => board.getState().replica.rev, patient).toBe(4);
  expect(heard).toEqual([diff(1), diff(2), diff(4), diff(3)]);
});

it.each(["{not JSON", "null", "7", '{"action":"ping"}', '{"type":"diff"}'])(
  "[CL4] leaves a server that says %s, and tries another",
  async (nonsense) => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    let connections = 0;
    server.on("connection", (socket) => {
      const answer = connections++ === 0 ? nonsense : subscribed(0);
      socket.once("message", () => socket.send(answer));
    });
    const { isLive } = openBoard({ fetch: answering(await portOf(server)) });
    await isLive();
    expect(connections).toBe(2);
  },
);
