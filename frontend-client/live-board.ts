import { createFetcher } from "./board-fetcher.ts";
import type { LiveBoard, LiveBoardOptions, LiveBoardState, PageWindow } from "./live-board-options.ts";
import { type Heard, type Line, type LineEnd, openLine } from "./live-socket.ts";
import { type Replica, receive, replicaOf, resumePoint } from "./replica.ts";
import type { ReplicaCard, ReplicaInput } from "./replica-input.ts";
import { share } from "./share.ts";
import { createAlarm, jittered } from "./timers.ts";
import type { ConnectionState } from "./types.ts";

export type { LiveBoard, LiveBoardOptions, LiveBoardState, LiveInput, PageWindow } from "./live-board-options.ts";

type Ended = Extract<ConnectionState, { kind: "ended" }>;

/** What may mean that the page is seen again, or that the network has come or gone. */
const pageEvents = ["visibilitychange", "pageshow", "online", "offline"];
/** How long a page that is looked at again waits for the sign of life of its socket. */
const wakeAnswerWaitMs = 3_000;

/** A board that keeps itself up to date: over one socket, and without one by looking at intervals. */
export function createLiveBoard<Card extends ReplicaCard>(options: LiveBoardOptions): LiveBoard<Card> {
  const {
    client,
    date,
    webSocket = globalThis.WebSocket,
    random = Math.random,
    now = Date.now,
    // It hears its own events, and on their way to it those of its document.
    page = (globalThis as { window?: PageWindow }).window,
    enablePolling = true,
    pollingIntervalMs = 30_000,
    heartbeatVisibleMs = 25_000,
    heartbeatHiddenMs = 240_000,
    answerWaitMs = 10_000,
    swapAfterMs = 6_600_000,
    retryFirstMs = 500,
    retryMaxMs = 30_000,
    onInput,
  } = options;
  const listeners = new Set<() => void>();
  let ended: Ended | undefined;
  /** The socket that has answered its subscribe, and the one that is to become it. */
  let line: Line | undefined;
  let attempt: Line | undefined;
  let tries = 0;
  let sureAt = now();
  let heardAt = sureAt;
  /** The page, or the whole machine, was asleep for longer than a socket is trusted, and has not heard from it since. */
  let isUnheard = false;
  let isPollAnswered = false;
  /** What is held after the next snapshot is to be compared with the truth at once. */
  let isPingDue = false;

  const isHidden = () => page?.document.hidden ?? false;
  const isDoubted = () => state.replica.doubt?.confirmed ?? false;
  const pause = (after: number) => jittered(random, after, retryFirstMs, retryMaxMs);
  /** When to open a socket: anew, or in place of one that grows old. */
  const dial = createAlarm(connect);
  const heartbeat = createAlarm(() => beat());
  const setHeartbeat = () => heartbeat.set(isHidden() ? heartbeatHiddenMs : heartbeatVisibleMs);
  const poll = createAlarm(look);

  const fetcher = createFetcher<Card>({
    client,
    date,
    pause,
    isPaused: () => !line && isHidden(),
    onAnswer: (input) => {
      if (input.type !== "changesGone") sureAt = now();
      isPollAnswered = !line && !!poll.at;
      take(input);
      if (isPingDue && input.type === "snapshot") beat();
      isPingDue = false;
    },
    onFailure: (error) => {
      isPollAnswered = false;
      if (!endedBy(error)) update({ error });
    },
  });

  let state: LiveBoardState<Card> = {
    replica: replicaOf<Card>(date),
    connection: { kind: "reconnecting", since: sureAt },
    error: undefined,
    release: undefined,
  };

  function connectionOf(replica: Replica<Card>): ConnectionState {
    if (ended) return ended;
    const since = sureAt;
    if (!line) return isPollAnswered ? { kind: "polling", since } : { kind: "reconnecting", since, retryAt: dial.at };
    return isUnheard || replica.trust === "stale" ? { kind: "stale", since } : { kind: "live" };
  }

  /** Tells who listens, if anything is new, and has carried out what the replica wants. */
  function update(change: Partial<LiveBoardState<Card>> = {}): void {
    const next = { ...state, ...change };
    next.connection = share(state.connection, connectionOf(next.replica), 1);
    if (!next.replica.wanted) next.error = undefined;
    if (share(state, next, 1) === state) return;
    const wasDoubted = isDoubted();
    state = next;
    if (isDoubted() && !wasDoubted) {
      isPingDue = true;
      poll.set(pollingIntervalMs);
    }
    fetcher.want(ended ? undefined : next.replica.wanted);
    for (const listener of [...listeners]) listener();
  }

  function take(input: ReplicaInput<Card>): void {
    if (ended) return;
    onInput?.(input);
    const { release } = { ...state, ...(input as { release?: string }) };
    update({ replica: receive(state.replica, input), release });
  }

  function connect(): void {
    dial.set();
    if (!webSocket) {
      startPolling();
      return;
    }
    const opening = openLine({
      client,
      webSocket,
      date,
      answerWaitMs,
      resumePoint: () => {
        // During a swap the socket that is there goes on vouching for what is held.
        if (!line) take({ type: "subscribing" });
        return resumePoint(state.replica);
      },
      onMessage: (message) => hear(opening, message),
      onEnd: (why) => lose(opening, why),
    });
    attempt = opening;
    update();
  }

  function hear(from: Line, message: Heard): void {
    heardAt = now();
    isUnheard = false;
    if (message.type === "error") {
      onInput?.(message);
      return;
    }
    // A socket that lives to answer a heartbeat is as good as any.
    if (message.type === "pong") tries = 0;
    if (message.type === "subscribed" && from === attempt) settleOn(from);
    take(message as ReplicaInput<ReplicaCard> as ReplicaInput<Card>);
    if (state.connection.kind === "live" && !state.replica.doubt) sureAt = now();
    if (message.type === "subscribed") fetcher.hurry();
  }

  /** From here this line is the board's, and any other is given up. */
  function settleOn(opened: Line): void {
    line?.close();
    line = opened;
    attempt = undefined;
    isPollAnswered = false;
    if (!isDoubted()) poll.set();
    dial.set(swapAfterMs * (1 - random() / 10));
    setHeartbeat();
  }

  function lose(lost: Line, why?: LineEnd): void {
    if (why && endedBy(why)) return;
    const wasLine = lost === line;
    if (wasLine) line = undefined;
    else attempt = undefined;
    const askedMs = why && "retryAfterMs" in why ? why.retryAfterMs : undefined;
    if (!attempt) dial.set(Math.min(retryMaxMs, askedMs ?? pause(tries++)));
    if (!line && !attempt && !wasLine) startPolling();
    update();
  }

  /** Some reasons leave nothing to try again. */
  function endedBy(why: LineEnd): boolean {
    const isRefused = "issues" in why && why.issues.some(({ path }) => path === "x-protocol-version");
    const reason = isRefused ? "protocol_too_old" : why.code === "unauthenticated" ? "session_ended" : why.code;
    if (reason === "protocol_too_old" || reason === "session_ended") end(reason);
    return !!ended;
  }

  function beat(waitMs = answerWaitMs): void {
    if (!line) return;
    isUnheard = !isHidden() && now() - heardAt > heartbeatVisibleMs + answerWaitMs;
    line.ping(state.replica.rev, waitMs);
    setHeartbeat();
    update();
  }

  function startPolling(): void {
    if (enablePolling && !poll.at) look();
  }

  /** Looks at the board itself while no socket tells of it, or while what it tells is in doubt. */
  function look(): void {
    if (line && !isDoubted()) return;
    poll.set(pollingIntervalMs);
    if (isHidden()) return;
    isPingDue = true;
    take({ type: "poll" });
  }

  /** Makes sure of the socket, or of the board without one, without waiting for anything's time. */
  function reach(): void {
    if (ended) return;
    if (line) beat(Math.min(answerWaitMs, wakeAnswerWaitMs));
    else if (dial.at) {
      tries = 0;
      connect();
    }
    if (poll.at) look();
    fetcher.hurry();
  }

  function onPage(): void {
    if (!isHidden()) reach();
    else setHeartbeat();
  }

  function end(reason: Ended["reason"]): void {
    if (ended) return;
    ended = { kind: "ended", reason };
    for (const alarm of [dial, heartbeat, poll]) alarm.set();
    line?.close();
    attempt?.close();
    line = undefined;
    for (const name of pageEvents) page?.removeEventListener(name, onPage);
    update();
  }

  for (const name of pageEvents) page?.addEventListener(name, onPage);
  fetcher.want(state.replica.wanted);
  connect();

  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh: () => {
      take({ type: "poll" });
      reach();
    },
    receive: take,
    ping: () => beat(),
    close: () => {
      listeners.clear();
      end("closed");
    },
  };
}
