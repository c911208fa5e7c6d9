import type { Appointment, MoveAppointment, Named, UndoMove } from "@status-board/contracts";
import type { ConnectionState, StatusBoard, StatusBoardState } from "@status-board/frontend-client";
import { onTestFinished, vi } from "vitest";
import { type Replica, receive, replicaOf } from "../../frontend-client/replica.ts";
import type { ReplicaInput } from "../../frontend-client/replica-input.ts";
import type { ClientError } from "../../frontend-client/result.ts";
import { joinBoard } from "../../frontend-client/status-board.ts";
import { limitsOnFakeClock } from "../../frontend-client/testing/time-limits.ts";
import { type Answer, date, type SmallServer, smallServer } from "./server.ts";

export const me: Named = { id: "me", name: "Me" };
export const ana: Named = { id: "ana", name: "Ana" };

/** One request of the board's, which goes its way as the test wants. */
export interface Sent {
  kind: "move" | "undo";
  id: string;
  body: Readonly<MoveAppointment | UndoMove>;
  /** It reaches the server, if it has not yet, whether anybody waits for the answer or not. */
  execute: () => Answer;
  /** The board hears the answer. */
  answer: () => Promise<void>;
  /** The board hears that there is none, or what else is given; the request itself may still arrive. */
  fail: (error?: ClientError) => Promise<void>;
  /** Nobody waits for it any more. */
  isOver: () => boolean;
}

/** A status board between a small server and a test that decides what arrives when. Time stands still but for the test. */
export interface World {
  server: SmallServer;
  board: StatusBoard;
  state: () => StatusBoardState;
  replica: () => Replica<Appointment>;
  /** All requests, the oldest first. */
  sent: readonly Sent[];
  /** Those that are on their way. */
  open: () => Sent[];
  /** The board hears of a revision. */
  deliver: (rev: number) => void;
  deliverAll: () => void;
  /** Reads what the board's replica wants, and answers the way to hand it over. */
  readWanted: () => (() => void) | undefined;
  poll: () => void;
  connection: (connection: ConnectionState, error?: ClientError) => void;
  /** Every state that the board came to. */
  states: StatusBoardState[];
  pass: (ms: number) => Promise<void>;
}

export const lost: ClientError = { code: "network", message: "The network is away.", correlationId: "c1" };

/** Lets everything happen that needs no time. */
export const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

/** How many timers are running in the world that was opened last. */
export let timers = (): number => 0;

/** Opens a board, which is live and loaded, on a clock that stands still. `jitter` is what its pauses are a share of. */
export function openWorld(prepare: (server: SmallServer) => void, jitter = 0): World {
  vi.useFakeTimers({ now: Date.parse(`${date}T09:00:00.000Z`) });
  const limits = limitsOnFakeClock();
  timers = limits.timers;
  onTestFinished(() => {
    limits.end();
    vi.useRealTimers();
  });
  return startWorld(prepare, () => 0.5, jitter);
}

export const [a, b, c] = [
  "01K00000000000000000000000",
  "01K00000000000000000000001",
  "01K00000000000000000000002",
] as const;

/** A board with three cards in scheduled: a, b and c. */
export const threeCards = (jitter?: number): World =>
  openWorld((server) => {
    server.create(a, { rank: "1" });
    server.create(b, { rank: "2" });
    server.create(c, { rank: "3" });
  }, jitter);

/** A board for who minds the clock himself; `random` is the server's. */
export function startWorld(prepare: (server: SmallServer) => void, random: () => number, jitter = 0): World {
  const server = smallServer(random);
  prepare(server);
  const sent: Sent[] = [];
  const listeners = new Set<() => void>();
  let live = {
    replica: replicaOf<Appointment>(date),
    connection: { kind: "live" } as ConnectionState,
    error: undefined as ClientError | undefined,
    release: "1",
  };
  const update = (change: Partial<typeof live>) => {
    live = { ...live, ...change };
    for (const listener of listeners) listener();
  };
  const take = (input: ReplicaInput<Appointment>) => {
    const replica = receive(live.replica, input);
    if (replica !== live.replica) update({ replica });
  };

  function request(
    kind: Sent["kind"],
    input: { id?: string; body?: MoveAppointment | UndoMove; signal?: AbortSignal } = {},
  ): Promise<Answer> {
    const { id = "", body, signal } = input;
    if (body === undefined) throw new Error("a request without a body");
    const { promise, resolve } = Promise.withResolvers<Answer>();
    let result: Answer | undefined;
    let isOver = false;
    const end = (answer: Answer): Promise<void> => {
      isOver = true;
      resolve(answer);
      return settled().then(() => undefined);
    };
    signal?.addEventListener("abort", () => end({ ok: false, error: { ...lost, code: "aborted" } }));
    const execute = () => {
      result ??= "newStatus" in body ? server.move(id, body, me) : server.undo(id, body, me);
      return result;
    };
    const answer = () => end(execute());
    const fail = (error = lost) => end({ ok: false, error });
    sent.push({ kind, id, body, execute, answer, fail, isOver: () => isOver });
    return promise;
  }

  const board = joinBoard<Appointment>(
    { random: () => jitter, moveTimeoutMs: 30_000 },
    {
      moveAppointment: (input) => request("move", input),
      undoMove: (input) => request("undo", input),
    },
    {
      getState: () => live,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      receive: take,
      refresh: () => take({ type: "poll" }),
      close: () => undefined,
    },
  );
  function readWanted(): (() => void) | undefined {
    const asked = live.replica.wanted;
    if (asked?.kind === "snapshot") {
      const snapshot = server.snapshot();
      return () => take({ type: "snapshot", asked, answer: snapshot });
    }
    if (asked === undefined) return undefined;
    const answer = server.changes(asked.since);
    return () => take({ type: "changes", asked, answer });
  }

  const deliver = (rev: number) => {
    const diff = server.diffs[rev - 1];
    if (diff !== undefined) take(diff);
  };
  readWanted()?.();
  const states: StatusBoardState[] = [board.getState()];
  board.subscribe(() => states.push(board.getState()));
  return {
    server,
    board,
    state: board.getState,
    replica: () => live.replica,
    sent,
    open: () => sent.filter(({ isOver }) => !isOver()),
    deliver,
    deliverAll: () => {
      for (const { rev } of [...server.diffs]) deliver(rev);
    },
    readWanted,
    poll: () => take({ type: "poll" }),
    connection: (connection, error) => update({ connection, error }),
    states,
    pass: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
  };
}

/** The ids of each column that has cards. */
export function shownBy({ board }: StatusBoardState): Record<string, string[]> {
  const columns = Object.entries(board?.columns ?? {}).map(([status, cards]) => [status, cards.map(({ id }) => id)]);
  return Object.fromEntries(columns.filter(([, ids]) => ids?.length));
}
