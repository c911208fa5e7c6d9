import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import {
  createStatusBoard,
  createStatusBoardClient,
  type StatusBoard,
  type StatusBoardOptions,
  withStats,
} from "@status-board/frontend-client";
import { describe, expect, it, onTestFinished } from "vitest";
import { addCard, columnIds, edit, read } from "../../src/testing/cards.ts";
import { day } from "../../src/testing/workshop.ts";
import { sqlite } from "../live/support/databases.ts";
import { type LiveServer, startLive } from "../live/support/live-server.ts";
import { shownBy } from "./world.ts";

/** On a busy machine things take their time. */
const patient = { timeout: 60_000, interval: 5 };

/** Somebody's board, and every request that it has sent, as `POST /path`. */
interface Desk {
  board: StatusBoard;
  requests: string[];
  bodies: object[];
  isLive: () => Promise<void>;
  shows: (columns: Record<string, string[]>) => Promise<void>;
}

function openDesk(server: LiveServer, user: string, options: Partial<StatusBoardOptions> = {}): Desk {
  const { baseUrl = server.url } = options;
  const requests: string[] = [];
  const bodies: object[] = [];
  const client = createStatusBoardClient({
    baseUrl,
    headers: server.headersOf("manager", { user }),
    retryFirstMs: 5,
    fetch: (input, init) => {
      requests.push(`${init?.method ?? "GET"} ${String(input).slice(baseUrl.length)}`);
      bodies.push(JSON.parse(String(init?.body ?? "{}")));
      return fetch(input, init);
    },
  });
  const board = createStatusBoard({ ...options, date: day, client });
  onTestFinished(() => board.close());
  return {
    board,
    requests,
    bodies,
    isLive: () => expect.poll(() => board.getState().connection.kind, patient).toBe("live"),
    shows: (columns) => expect.poll(() => shownBy(board.getState()), patient).toEqual(columns),
  };
}

/** Passes requests on, and cuts off the first answer to a request whose path ends so, after the server has given it. */
async function startCuttingProxy(target: string, end: string): Promise<{ url: string; cuts: () => number }> {
  let cuts = 0;
  const headersOf = ({ headers }: IncomingMessage) =>
    Object.entries(headers).filter((one): one is [string, string] => typeof one[1] === "string" && one[0] !== "host");
  const proxy = createServer(async (request, response) => {
    const body = request.method === "GET" ? null : new Uint8Array(await buffer(request));
    const init = { method: request.method ?? "GET", headers: headersOf(request), body };
    const answer = await fetch(`${target}${request.url}`, init);
    const text = await answer.text();
    if (cuts === 0 && request.url?.endsWith(end)) {
      cuts++;
      request.socket.destroy();
    } else response.writeHead(answer.status, { "content-type": "application/json" }).end(text);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("no port for the proxy");
  return { url: `http://127.0.0.1:${address.port}`, cuts: () => cuts };
}

describe("boards on one server", () => {
  it("[CL2] of two that drag one card, the loser is told by whom and where to, and both show the winner's place", async () => {
    const server = await startLive(sqlite);
    const card = await addCard(server.manager);
    const [ana, ben] = [openDesk(server, "ana"), openDesk(server, "ben")];
    await Promise.all([ana.isLive(), ben.isLive()]);
    const outcomes = await Promise.all([
      ana.board.moveAppointment(card.id, { newStatus: "ready" }),
      ben.board.moveAppointment(card.id, { newStatus: "in_progress" }),
    ]);
    const won = outcomes.find((outcome) => outcome.kind === "moved");
    const lost = outcomes.find((outcome) => outcome.kind === "conflict");
    const winner = won?.kind === "moved" ? won.appointment : undefined;
    expect(lost).toEqual({ kind: "conflict", from: "scheduled", current: winner });
    const isAna = outcomes[0] === won;
    expect(winner?.updatedBy.name).toBe(isAna ? "Name of ana" : "Name of ben");
    const place = { [isAna ? "ready" : "in_progress"]: [card.id] };
    await Promise.all([ana.shows(place), ben.shows(place)]);
    expect(await read(server.manager, card)).toEqual(winner);
  });

  it("[CL3] a card whose notes somebody has edited, which this board has not heard of, is moved all the same", async () => {
    const server = await startLive(sqlite);
    const card = await addCard(server.manager);
    const ana = openDesk(server, "ana", { webSocket: null, enablePolling: false });
    await ana.shows({ scheduled: [card.id] });
    const { version } = await edit(server.manager, card, { notes: "Call back" });
    const outcome = await ana.board.moveAppointment(card.id, { newStatus: "ready" });
    expect(outcome).toMatchObject({ kind: "moved", appointment: { notes: "Call back", version: version + 1 } });
    const sent = ana.bodies.filter((_, index) => ana.requests[index]?.endsWith("/move"));
    expect(sent).toEqual([expect.objectContaining({ expectedVersion: 1 }), { ...sent[0], expectedVersion: version }]);
  });

  it("[CL2] [MV4] a move whose answer is lost is sent again under the same mutation id, and has one effect", async () => {
    const server = await startLive(sqlite);
    const card = await addCard(server.manager);
    const proxy = await startCuttingProxy(server.url, "/move");
    const ana = openDesk(server, "ana", { baseUrl: proxy.url });
    await ana.isLive();
    const outcome = await ana.board.moveAppointment(card.id, { newStatus: "ready" });
    expect(outcome).toMatchObject({ kind: "moved", appointment: { version: 2, status: "ready" } });
    expect(proxy.cuts()).toBe(1);
    const sent = ana.bodies.filter((_, index) => ana.requests[index]?.endsWith("/move"));
    expect(sent.length).toBe(2);
    expect(sent[0]).toEqual(sent[1]);
    expect(await read(server.manager, card)).toMatchObject({ version: 2, status: "ready" });
  });

  it("[CL1] one drag is one request, here and for who looks on, and no snapshot", async () => {
    const server = await startLive(sqlite);
    const [first, second, third] = [
      await addCard(server.manager),
      await addCard(server.manager),
      await addCard(server.manager),
    ];
    const [ana, ben] = [openDesk(server, "ana"), openDesk(server, "ben")];
    await Promise.all([ana.isLive(), ben.isLive()]);
    ana.requests.length = ben.requests.length = 0;
    await ana.board.moveAppointment(third.id, { newStatus: "ready" });
    await ana.board.moveAppointment(first.id, { newStatus: "ready", beforeId: third.id });
    const place = { scheduled: [second.id], ready: [first.id, third.id] };
    await Promise.all([ana.shows(place), ben.shows(place)]);
    expect(ana.requests).toEqual([third, first].map(({ id }) => `POST /api/admin/appointments/${id}/move`));
    expect(ben.requests).toEqual([]);
    expect(await columnIds(server.manager, "ready")).toEqual([first.id, third.id]);
  });

  it("[MV7] an undo brings the card back to its place on both", async () => {
    const server = await startLive(sqlite);
    const cards = [await addCard(server.manager), await addCard(server.manager), await addCard(server.manager)];
    const ids = cards.map(({ id }) => id);
    const [ana, ben] = [openDesk(server, "ana"), openDesk(server, "ben")];
    await Promise.all([ana.isLive(), ben.isLive()]);
    await ana.board.moveAppointment(ids[1] ?? "", { newStatus: "no_show" });
    expect(ana.board.getState().undoable).toMatchObject({ from: "scheduled", to: "no_show" });
    await ben.shows({ scheduled: [ids[0] ?? "", ids[2] ?? ""], no_show: [ids[1] ?? ""] });
    expect(ben.board.getState().undoable).toBeUndefined();
    expect(await ana.board.undo()).toMatchObject({ kind: "moved", appointment: { status: "scheduled", version: 3 } });
    await Promise.all([ana.shows({ scheduled: ids }), ben.shows({ scheduled: ids })]);
  });

  it("[AU6] a viewer's board shows the public cards and figures without money", async () => {
    const server = await startLive(sqlite);
    const card = await addCard(server.manager);
    const client = createStatusBoardClient({ baseUrl: server.url, headers: server.headersOf("viewer") });
    const board = withStats(createStatusBoard({ date: day, client }));
    onTestFinished(() => board.close());
    await expect.poll(() => shownBy(board.getState()), patient).toEqual({ scheduled: [card.id] });
    expect(board.getState().board?.columns.scheduled[0]).not.toHaveProperty("totalCents");
    expect(board.getState().stats).toMatchObject({ jobsToday: 1, revenueCents: 0, unpaidCents: 0 });
  });
});
