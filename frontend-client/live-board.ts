import {
  type Board,
  type Changes,
  type Diff,
  PROTOCOL_VERSION,
  type PublicDiff,
  type ServerMessage,
  type Ticket,
} from "@status-board/contracts";
import { type Replica, receive, replicaOf, resumePoint } from "./replica.ts";
import type { BoardOf, ChangesOf, ReplicaCard, ReplicaInput, Wanted } from "./replica-input.ts";

/** How a live board reaches its server, and how patient it is. Times are in milliseconds. */
export interface LiveBoardOptions {
  /** Where the API is, e.g. `https://board.example.com`; without a trailing slash. */
  baseUrl: string;
  /** The board's day, YYYY-MM-DD. */
  date: string;
  /** Sent with every request, e.g. a correlation id. Default none. */
  headers?: Record<string, string>;
  /** Default the global one. */
  fetch?: typeof fetch;
  /** Default the global one. */
  webSocket?: typeof WebSocket;
  /** Numbers in [0, 1) for jitter. Default Math.random. */
  random?: () => number;
  /** Between two pings. Default 25,000. */
  heartbeatIntervalMs?: number;
  /** Without an answer to a handshake or a ping for so long, the socket counts as dead. Default 10,000. */
  answerWaitMs?: number;
  /** The longest pause before the n-th new try is min(max, first * 2^n) times a random share. Default 500 and 30,000. */
  retryFirstMs?: number;
  retryMaxMs?: number;
  /** A request that takes longer is given up. Default 10,000. */
  requestTimeoutMs?: number;
  /** Hears every message of the server as it comes, before the board changes. */
  onMessage?: (message: ServerMessage) => void;
  /** Hears every revision, pushed, resumed or fetched, before the board changes: perhaps twice, perhaps too early. */
  onDiff?: (diff: Diff | PublicDiff) => void;
}

/** How sure a screen may be of what it shows (CL5). */
export type ConnectionState =
  | { kind: "live" }
  | { kind: "reconnecting"; since: number }
  /** The socket is there, but what is held is known to be incomplete, or does not agree with the server. */
  | { kind: "stale"; since: number }
  /** The server no longer speaks this client's protocol, or ended the session: only a reload or a sign-in helps. */
  | { kind: "ended"; reason: "protocol_too_old" | "session_ended" };

export interface LiveBoard<Card extends ReplicaCard> {
  /** The same object until something changes. */
  getState(): { replica: Replica<Card>; connection: ConnectionState };
  /** Calls back after each change; answers the way to stop that. */
  subscribe(listener: () => void): () => void;
  /** Looks at the board itself, whatever the socket says. */
  refresh(): void;
  /** Sends a heartbeat now instead of at its time. */
  ping(): void;
  close(): void;
}

const path = "/api/admin/appointments/board";

/** A board that keeps itself up to date over one socket: tickets, resume, gaps, heartbeats and new tries included. */
export function createLiveBoard<Card extends ReplicaCard>(options: LiveBoardOptions): LiveBoard<Card> {
  const { baseUrl, date, headers = {}, random = Math.random } = options;
  const { fetch: send = fetch, webSocket: Socket = WebSocket, onMessage, onDiff } = options;
  const { heartbeatIntervalMs = 25_000, answerWaitMs = 10_000, requestTimeoutMs = 10_000 } = options;
  const { retryFirstMs = 500, retryMaxMs = 30_000 } = options;
  const listeners = new Set<() => void>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let state: ReturnType<LiveBoard<Card>["getState"]> = {
    replica: replicaOf<Card>(date),
    connection: { kind: "reconnecting", since: Date.now() },
  };
  let socket: WebSocket | undefined;
  let isOpen = false;
  let ended: Extract<ConnectionState, { kind: "ended" }> | undefined;
  let fetching: { wanted: Wanted; abort: AbortController } | undefined;
  let answerDue: ReturnType<typeof setTimeout> | undefined;
  let connects = 0;

  const pause = (tries: number) => random() * Math.min(retryMaxMs, retryFirstMs * 2 ** tries);

  function later(work: () => void, ms: number): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
    return timer;
  }

  function cancel(timer: ReturnType<typeof setTimeout> | undefined): void {
    clearTimeout(timer);
    if (timer !== undefined) timers.delete(timer);
  }

  function connectionOf(replica: Replica<Card>): ConnectionState {
    if (ended) return ended;
    const kind = isOpen ? replica.trust : "reconnecting";
    if (state.connection.kind === kind) return state.connection;
    if (kind === "live") return { kind };
    // A socket that is back while something is still missing has not made the screen any surer.
    return { kind, since: "since" in state.connection ? state.connection.since : Date.now() };
  }

  /** Takes an input, carries out what the board then wants, and tells who listens. */
  function take(input?: ReplicaInput<Card>): void {
    const replica = input === undefined ? state.replica : receive(state.replica, input);
    const connection = connectionOf(replica);
    if (replica === state.replica && connection === state.connection) return;
    state = { replica, connection };
    if (replica.wanted !== fetching?.wanted) fetchWanted();
    for (const listener of listeners) listener();
  }

  async function request<T>(
    method: string,
    route: string,
    signal?: AbortSignal,
  ): Promise<{ status: number; data?: T }> {
    const timeout = AbortSignal.timeout(requestTimeoutMs);
    const response = await send(`${baseUrl}${route}`, {
      method,
      headers,
      credentials: "include",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const answer = (await response.json()) as { data?: T };
    return { status: response.status, ...answer };
  }

  function fetchWanted(tries = 0): void {
    fetching?.abort.abort();
    const { wanted } = state.replica;
    if (wanted === undefined) {
      fetching = undefined;
      return;
    }
    const abort = new AbortController();
    fetching = { wanted, abort };
    const again = () => {
      if (fetching?.wanted === wanted) fetchWanted(tries + 1);
    };
    const run = () =>
      void answerTo(wanted, abort.signal).then(
        (input) => {
          if (fetching?.wanted !== wanted) return;
          if (input === undefined) later(again, pause(tries));
          else {
            fetching = undefined;
            take(input);
            if (fetching === undefined && state.replica.wanted !== undefined) fetchWanted();
          }
        },
        () => !abort.signal.aborted && later(again, pause(tries)),
      );
    if (wanted.kind === "snapshot" && wanted.jitter && tries === 0) later(run, random() * 1_000);
    else run();
  }

  /** What the server says to a wanted request; undefined when it has to be asked again. */
  async function answerTo(wanted: Wanted, signal: AbortSignal): Promise<ReplicaInput<Card> | undefined> {
    if (wanted.kind === "snapshot") {
      const { data: board } = await request<Board>("GET", `${path}?date=${date}`, signal);
      return board && { type: "snapshot", asked: wanted, board: board as BoardOf<ReplicaCard> as BoardOf<Card> };
    }
    const query = `date=${date}&epoch=${wanted.epoch}&since=${wanted.since}`;
    const { status, data: answer } = await request<Changes>("GET", `${path}/changes?${query}`, signal);
    if (status === 410) return { type: "changesGone", asked: wanted };
    for (const diff of answer?.changes ?? []) onDiff?.(diff);
    return answer && { type: "changes", asked: wanted, answer: answer as ChangesOf<ReplicaCard> as ChangesOf<Card> };
  }

  async function connect(): Promise<void> {
    if (ended) return;
    try {
      const { status, data: ticket } = await request<Ticket>("POST", "/api/admin/live/ticket");
      if (status === 401) return end("session_ended");
      if (ticket === undefined) throw new Error("there is no ticket");
      if (!ended) open(new Socket(`${ticket.url}?ticket=${ticket.ticket}`));
    } catch {
      reconnect();
    }
  }

  function end(reason: "protocol_too_old" | "session_ended"): void {
    ended = { kind: "ended", reason };
    take();
  }

  function reconnect(afterMs = pause(connects)): void {
    connects++;
    if (!ended) later(() => void connect(), afterMs);
  }

  function open(opening: WebSocket): void {
    socket = opening;
    let retryAfterMs: number | undefined;
    expectAnswer();
    opening.onopen = () => {
      opening.send(
        JSON.stringify({ action: "subscribe", date, protocolVersion: PROTOCOL_VERSION, ...resumePoint(state.replica) }),
      );
      take({ type: "subscribing" });
    };
    opening.onmessage = ({ data }) => {
      if (socket !== opening) return;
      cancel(answerDue);
      const message = readMessage(data);
      if (message === undefined) return dropSocket();
      onMessage?.(message);
      if (message.type === "bye") {
        retryAfterMs = message.retryAfterMs;
        if (message.code === "protocol_too_old" || message.code === "session_ended") end(message.code);
        return;
      }
      if (message.type === "error") {
        // A subscribe that was not taken is not answered any more.
        if (!isOpen) dropSocket();
        return;
      }
      if (message.type === "diff") onDiff?.(message);
      if (message.type === "subscribed") {
        for (const diff of message.changes ?? []) onDiff?.(diff);
        isOpen = true;
        connects = 0;
      }
      take(message as ReplicaInput<ReplicaCard> as ReplicaInput<Card>);
    };
    opening.onclose = () => {
      if (socket !== opening) return;
      socket = undefined;
      isOpen = false;
      cancel(answerDue);
      take();
      reconnect(retryAfterMs);
    };
  }

  function ping(): void {
    if (socket?.readyState !== Socket.OPEN) return;
    socket.send(JSON.stringify({ action: "ping", rev: state.replica.rev }));
    expectAnswer();
  }

  /** Whatever comes next shows that the server is there: to a handshake and a subscribe, or to a ping. */
  function expectAnswer(): void {
    cancel(answerDue);
    answerDue = later(dropSocket, answerWaitMs);
  }

  /** A socket that does not answer may never say that it closed. */
  function dropSocket(): void {
    const dead = socket;
    dead?.onclose?.(new Event("close") as CloseEvent);
    dead?.close();
  }

  const heartbeat = setInterval(ping, heartbeatIntervalMs);
  fetchWanted();
  void connect();

  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh: () => take({ type: "poll" }),
    ping,
    close: () => {
      ended ??= { kind: "ended", reason: "session_ended" };
      clearInterval(heartbeat);
      for (const timer of timers) clearTimeout(timer);
      fetching?.abort.abort();
      socket?.close();
      listeners.clear();
    },
  };
}

/** A frame as the message that it is; undefined for what no server of ours would say. */
function readMessage(data: unknown): ServerMessage | undefined {
  try {
    const message = JSON.parse(String(data));
    const isWhole = message?.type !== "diff" || Array.isArray(message.ops);
    return typeof message?.type === "string" && isWhole ? message : undefined;
  } catch {
    return undefined;
  }
}
