import type { ConnectionState } from "@status-board/frontend-client";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { fakePage } from "../../frontend-client/testing/fake-server.ts";
import { addCard, edit } from "../../src/testing/cards.ts";
import { day } from "../../src/testing/workshop.ts";
import { sqlite } from "./support/databases.ts";
import { startLive } from "./support/live-server.ts";
import { expectAllEqual, openScreen, type Screen, untilLive } from "./support/screens.ts";
import { startSwallowingProxy } from "./support/swallowing-proxy.ts";

/** On a busy machine things take their time. */
const patient = { timeout: 60_000, interval: 5 };

/** The kinds of state that a screen has been in since now, one for each change. */
function watchKinds({ board }: Screen): ConnectionState["kind"][] {
  const kinds = [board.getState().connection.kind];
  board.subscribe(() => {
    const { kind } = board.getState().connection;
    if (kind !== kinds.at(-1)) kinds.push(kind);
  });
  return kinds;
}

/** A fetch that counts what it is asked for. */
function countingFetch() {
  const counts = { board: 0, changes: 0, ticket: 0 };
  const counting: typeof fetch = (input, init) => {
    const { pathname } = new URL(String(input));
    counts[pathname.endsWith("/ticket") ? "ticket" : pathname.endsWith("/changes") ? "changes" : "board"]++;
    return fetch(input, init);
  };
  return { counts, fetch: counting };
}

describe("a socket that is half open", () => {
  it("[CL5] is noticed by a heartbeat that nobody answers; another one brings what was missed", async () => {
    const server = await startLive(sqlite);
    const proxy = await startSwallowingProxy(server.port);
    const options = { baseUrl: server.url, date: day, headers: server.headersOf("manager") };
    const screen = openScreen({ ...options, heartbeatVisibleMs: 100, answerWaitMs: 500 }, proxy.url);
    const card = await addCard(server.manager);
    await expectAllEqual([screen], server.manager);
    const kinds = watchKinds(screen);
    const sockets = screen.socketCount();
    proxy.swallow();
    await edit(server.manager, card, { notes: "said to nobody" });
    await vi.waitFor(() => expect(kinds).toContain("reconnecting"), patient);
    await expectAllEqual([screen], server.manager);
    expect(screen.socketCount()).toBe(sockets + 1);
    expect(screen.board.getState().replica.cards.get(card.id)?.notes).toBe("said to nobody");
  });

  it("[CL5] is noticed when a sleeping tab is looked at, which calls itself stale until it knows", async () => {
    const server = await startLive(sqlite);
    const proxy = await startSwallowingProxy(server.port);
    const page = fakePage();
    let sleptMs = 0;
    const options = { baseUrl: server.url, date: day, headers: server.headersOf("manager") };
    const patience = { heartbeatVisibleMs: 25_000, answerWaitMs: 2_000 };
    const clock = Date.now;
    vi.spyOn(Date, "now").mockImplementation(() => clock() + sleptMs);
    onTestFinished(() => void vi.restoreAllMocks());
    const screen = openScreen({ ...options, ...patience, page }, proxy.url);
    const card = await addCard(server.manager);
    await expectAllEqual([screen], server.manager);
    page.show(false);
    proxy.swallow();
    await edit(server.manager, card, { notes: "while it slept" });
    sleptMs = 3 * 60_000;
    const kinds = watchKinds(screen);
    page.show(true);
    expect(kinds).toEqual(["live", "stale"]);
    await expectAllEqual([screen], server.manager);
    expect(kinds).toEqual(["live", "stale", "reconnecting", "live"]);
    expect(screen.board.getState().replica.cards.get(card.id)?.notes).toBe("while it slept");
  });

  it("[CL5] is not what a tab finds whose socket has lived on: it just asks", async () => {
    const server = await startLive(sqlite);
    const page = fakePage();
    const { counts, fetch } = countingFetch();
    const options = { baseUrl: server.url, date: day, headers: server.headersOf("manager"), fetch };
    const screen = openScreen({ ...options, heartbeatVisibleMs: 60_000, answerWaitMs: 10_000, page });
    await untilLive(screen);
    const before = { ...counts };
    const kinds = watchKinds(screen);
    page.show(false);
    page.show(true);
    await addCard(server.manager);
    await expectAllEqual([screen], server.manager);
    expect(kinds).toEqual(["live"]);
    expect([counts, screen.socketCount()]).toEqual([before, 1]);
  });
});

describe("a socket that has to be replaced in time", () => {
  it("[CL4] is swapped before the server ends it: nobody notices, nothing is missed, and no snapshot is taken", async () => {
    const server = await startLive(sqlite, { sockets: { lifeMaxMs: 2_000 } });
    let [open, most] = [0, 0];
    const { counts, fetch } = countingFetch();
    const options = { baseUrl: server.url, date: day, headers: server.headersOf("manager"), fetch };
    const screen = openScreen({
      ...options,
      swapAfterMs: 500,
      answerWaitMs: 10_000,
      onSocket: (socket) => {
        socket.addEventListener("open", () => {
          most = Math.max(most, ++open);
        });
        socket.addEventListener("close", () => open--);
      },
    });
    await untilLive(screen);
    const kinds = watchKinds(screen);
    let card = await addCard(server.manager, { serviceCodes: [] });
    while (screen.socketCount() < 6) card = await edit(server.manager, card, { notes: `at version ${card.version}` });
    await expectAllEqual([screen], server.manager);
    expect(kinds).toEqual(["live"]);
    expect(most).toBeLessThanOrEqual(2);
    expect(counts).toMatchObject({ board: 1, changes: 0 });
  });
});

describe("a server that is gone for a while", () => {
  it("[CL6] without WebSockets a screen shows what is true at intervals, and says that it polls", async () => {
    const server = await startLive(sqlite);
    const options = { baseUrl: server.url, date: day, headers: server.headersOf("manager"), pollingInterval: 50 };
    const screen = openScreen({ ...options, webSocket: null });
    const card = await addCard(server.manager);
    const held = () => screen.board.getState().replica.cards.get(card.id);
    await vi.waitFor(() => expect(held()?.version).toBe(1), patient);
    await edit(server.manager, card, { notes: "polled" });
    await vi.waitFor(() => expect(held()?.notes).toBe("polled"), patient);
    expect(screen.board.getState().connection.kind).toBe("polling");
    await server.running.close();
    await vi.waitFor(() => expect(screen.board.getState().connection.kind).toBe("reconnecting"), patient);
    expect(screen.board.getState().error).toMatchObject({ code: "network" });
    expect(held()?.notes).toBe("polled");
  });
});

describe("a server that refuses", () => {
  it("[HT7] a screen whose session is over says so, and asks for nothing more", async () => {
    const server = await startLive(sqlite);
    let headers: Record<string, string> = server.headersOf("manager");
    const { counts, fetch } = countingFetch();
    const screen = openScreen({ baseUrl: server.url, date: day, headers: () => headers, fetch });
    await untilLive(screen);
    headers = { authorization: "nobody" };
    screen.cut();
    const { board } = screen;
    await vi.waitFor(
      () => expect(board.getState().connection).toEqual({ kind: "ended", reason: "session_ended" }),
      patient,
    );
    const before = { ...counts };
    board.refresh();
    await server.manager.ok("getHealth");
    expect(counts).toEqual(before);
  });

  it("[AU3] a screen from elsewhere shows why, and keeps trying", async () => {
    const server = await startLive(sqlite);
    const { counts, fetch } = countingFetch();
    const headers = { ...server.headersOf("manager"), origin: "https://evil.test" };
    const { board } = openScreen({ baseUrl: server.url, date: day, headers, fetch });
    await vi.waitFor(() => expect(counts.board).toBeGreaterThan(2), patient);
    expect(board.getState()).toMatchObject({ error: { code: "forbidden" }, connection: { kind: "reconnecting" } });
  });

  const ended = { kind: "ended", reason: "protocol_too_old" };
  it("[HT7] a screen of another protocol is told so by the API", async () => {
    const server = await startLive(sqlite);
    const ofOldPage: typeof fetch = (input, init) =>
      fetch(input, { ...init, headers: { ...Object(init?.headers), "x-protocol-version": "99" } });
    const { board } = openScreen({
      baseUrl: server.url,
      date: day,
      headers: server.headersOf("manager"),
      fetch: ofOldPage,
    });
    await vi.waitFor(() => expect(board.getState().connection).toEqual(ended), patient);
  });

  it("[HT7] a screen of another protocol is told so by its socket", async () => {
    const server = await startLive(sqlite);
    class OldSocket extends WebSocket {
      override send(data: string): void {
        super.send(data.replace('"protocolVersion":1', '"protocolVersion":99'));
      }
    }
    const options = { baseUrl: server.url, date: day, headers: server.headersOf("manager") };
    const { board } = openScreen({ ...options, webSocket: OldSocket });
    await vi.waitFor(() => expect(board.getState().connection).toEqual(ended), patient);
  });
});
