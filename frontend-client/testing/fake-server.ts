import type { Appointment, Board, ServerMessage } from "@status-board/contracts";
import { expect, onTestFinished } from "vitest";
import { boardChecks, type Checks } from "../board-checks.ts";
import { createBoardClient } from "../client.ts";
import { createLiveBoard, type LiveBoardOptions } from "../live-board.ts";
import type { ReplicaCard } from "../replica-input.ts";
import { day, sampleBoard, sampleCard } from "./samples.ts";
import { pass, success } from "./scripted-fetch.ts";

/** One socket as the server's end of it sees it. */
export interface ServerEnd {
  readonly at: number;
  /** What the client has sent, by action. */
  readonly heard: readonly { action: string; rev?: number; epoch?: string }[];
  isOpen(): boolean;
  say(message: ServerMessage | string): void;
  /** Ends it as a network does that tells both ends. */
  cut(): void;
}

type Answering = () => Response | Promise<Response>;

/** A server whose every answer a test can change. It and its network take 1 ms for anything. */
export interface FakeServer {
  /** Requests since the last look, in short: `ticket`, `board`, `changes`. */
  takeRequests(): string[];
  sockets: ServerEnd[];
  openSockets(): ServerEnd[];
  answers: { ticket: Answering; board: Answering; changes: Answering };
  /** What a socket meets: it is taken, refused, or never answered. */
  handshake: "taken" | "refused" | "silence";
  /** False: nothing is answered any more on any socket, and nobody is told. */
  isAnswering: boolean;
  /** What pongs say is true. */
  truth: { rev: number; cards: number; versionSum: number };
  webSocket: typeof WebSocket;
  fetch: typeof fetch;
}

const epoch = "first";
const latencyMs = 1;

export function startFakeServer(cards: Appointment[] = [sampleCard()]): FakeServer {
  let requests: string[] = [];
  let pongs = 0;
  const versionSum = cards.reduce((sum, { version }) => sum + version, 0);

  function answerTo({ action, rev }: { action: string; rev?: number }): ServerMessage {
    const about = { date: day, epoch, rev: server.truth.rev };
    // As the server does it: nothing is brought to one who has nothing, or more than there is.
    const isResumed = rev !== undefined && rev <= about.rev;
    if (action === "subscribe")
      return { type: "subscribed", ...about, protocolVersion: 1, release: "1.0.0", ...(isResumed && { changes: [] }) };
    return { type: "pong", ...about, ...server.truth, at: `pong ${++pongs}`, release: "1.0.1" };
  }

  /** As much of a WebSocket as a board uses; each has the state that the standard gives it. */
  class FakeSocket {
    readyState = 0;
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: unknown }) => void) | null = null;
    onclose: (() => void) | null = null;
    readonly heard: { action: string }[] = [];
    constructor() {
      const end: ServerEnd = {
        at: Date.now(),
        heard: this.heard,
        isOpen: () => this.readyState === 1,
        say: (message) => this.deliver(message),
        cut: () => this.finish(),
      };
      server.sockets.push(end);
      if (server.handshake === "refused") setTimeout(() => this.finish(), latencyMs);
      if (server.handshake === "taken")
        setTimeout(() => {
          if (this.readyState !== 0) return;
          this.readyState = 1;
          this.onopen?.();
        }, latencyMs);
    }
    deliver(message: ServerMessage | string): void {
      const data = typeof message === "string" ? message : JSON.stringify(message);
      // A socket that is being closed still gives what was on its way.
      if (this.readyState === 1 || this.readyState === 2) this.onmessage?.({ data });
    }
    finish(): void {
      if (this.readyState === 3) return;
      this.readyState = 3;
      this.onclose?.();
    }
    send(data: string): void {
      const message = JSON.parse(data);
      this.heard.push(message);
      if (server.isAnswering) setTimeout(() => this.deliver(answerTo(message)), latencyMs);
    }
    close(): void {
      this.readyState = 2;
    }
  }

  const server: FakeServer = {
    takeRequests: () => {
      const taken = requests;
      requests = [];
      return taken;
    },
    sockets: [],
    openSockets: () => server.sockets.filter((socket) => socket.isOpen()),
    answers: {
      ticket: success({ ticket: "t", url: "ws://board.test/live" }),
      board: () => success(sampleBoard(cards, { rev: server.truth.rev }) satisfies Board)(),
      changes: () => success({ epoch, rev: 4, head: 4, changes: [] })(),
    },
    handshake: "taken",
    isAnswering: true,
    truth: { rev: 4, cards: cards.length, versionSum },
    webSocket: FakeSocket as unknown as typeof WebSocket,
    fetch: async (input, { signal } = {}) => {
      const { pathname } = new URL(String(input));
      const name = pathname.endsWith("ticket") ? "ticket" : pathname.endsWith("changes") ? "changes" : "board";
      requests.push(name);
      await new Promise((resolve) => setTimeout(resolve, latencyMs));
      signal?.throwIfAborted();
      return server.answers[name]();
    },
  };
  return server;
}

/** A window that a test shows, hides, and sends events to. */
export function fakePage() {
  const target = new EventTarget();
  const document = { hidden: false };
  let listeners = 0;
  return {
    document,
    addEventListener: (...given: Parameters<EventTarget["addEventListener"]>) => {
      listeners++;
      target.addEventListener(...given);
    },
    removeEventListener: (...given: Parameters<EventTarget["removeEventListener"]>) => {
      listeners--;
      target.removeEventListener(...given);
    },
    tell: (event: string) => target.dispatchEvent(new Event(event)),
    show: (isShown: boolean) => {
      document.hidden = !isShown;
      target.dispatchEvent(new Event("visibilitychange"));
    },
    listeners: () => listeners,
  };
}

/** A board on that server, with every state that it was in. `random` is one half unless said otherwise. */
export function openBoard(server: FakeServer, options: Partial<LiveBoardOptions> & { checks?: Checks } = {}) {
  const page = fakePage();
  const { fetch, webSocket } = server;
  const { checks = boardChecks } = options;
  const client = createBoardClient({ baseUrl: "http://board.test", fetch, checks });
  const board = createLiveBoard<ReplicaCard>({ client, date: day, webSocket, random: () => 0.5, page, ...options });
  onTestFinished(() => board.close());
  const states: ReturnType<typeof board.getState>[] = [];
  board.subscribe(() => void states.push(board.getState()));
  return {
    board,
    page,
    states,
    connection: () => board.getState().connection,
    kinds: () => states.map(({ connection }) => connection.kind).filter((kind, at, all) => kind !== all[at - 1]),
  };
}

/** A board that is live, and nothing of how it became so. */
export async function openLive(options: Parameters<typeof openBoard>[1] = {}, cards?: Appointment[]) {
  const server = startFakeServer(cards);
  const opened = openBoard(server, options);
  await pass(10);
  expect(opened.connection()).toEqual({ kind: "live" });
  server.takeRequests();
  opened.states.length = 0;
  const pings = () => server.sockets.flatMap(({ heard }) => heard.filter(({ action }) => action === "ping"));
  return { server, ...opened, pings };
}
