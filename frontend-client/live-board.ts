import type { Bye } from "@status-board/contracts";
import type { LiveBoard, LiveBoardOptions, LiveBoardState, PageWindow } from "./live-board-options.ts";
import { type Heard, type Line, type LineEnd, openLine } from "./live-socket.ts";
import { receive, replicaOf, resumePoint } from "./replica.ts";
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
/** Between two pings of a page that nobody sees. */
const heartbeatHiddenMs = 240_000;

/** A board that keeps itself up to date: over one socket, and without one by looking at intervals. */
export function createLiveBoard<Card extends ReplicaCard>(options: LiveBoardOptions): LiveBoard<Card> {
  const {
    client,
    date,
    webSocket = globalThis.WebSocket,
    random = Math.random,
    // It hears its own events, and on their way to it those of its document.
    page = (globalThis as { window?: PageWindow }).window,
    enablePolling = true,
    pollingInterval = 30_000,
    heartbeatVisibleMs = 25_000,
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
  let sureAt = Date.now();
  let heardAt = sureAt;
  let isPollAnswered = false;
  /** What is held after the next snapshot is to be compared with the truth at once. */
  let isPingDue = false;

  const isHidden = () => page?.document.hidden;
  const isDoubted = () => state.replica.doubt?.confirmed;
  /** The page, or the whole machine, was asleep for longer than a socket is trusted, and has not heard from it since. */
  const isUnheard = () => !isHidden() && Date.now() - heardAt > heartbeatVisibleMs + answerWaitMs;
  const pause = (after: number) => jittered(random, after, retryFirstMs, retryMaxMs);
  /** When to open a socket: anew, or in place of one that grows old. */
  const dial = createAlarm(connect);
  const heartbeat = createAlarm(beat);
  const setHeartbeat = () => heartbeat.set(isHidden() ? heartbeatHiddenMs : heartbeatVisibleMs);
  const poll = createAlarm(look);

  /** The request that is on its way for what the replica wants, and when to try again. */
  let asking: AbortController | undefined;
  let failures = 0;
  const askAgain = createAlarm(ask);

  let state: LiveBoardState<Card> = {
    replica: replicaOf<Card>(date),
    connection: { kind: "reconnecting", since: sureAt },
    error: undefined,
    release: undefined,
  };

  function connectionNow(): ConnectionState {
    if (ended) return ended;
    if (line)
      return isUnheard() || state.replica.trust === "stale" ? { kind: "stale", since: sureAt } : { kind: "live" };
    return isPollAnswered
      ? { kind: "polling", since: sureAt }
      : { kind: "reconnecting", since: sureAt, retryAt: dial.at };
  }

  /** Tells who listens, if anything is new, and has carried out what the replica wants. */
  function update(change: Partial<LiveBoardState<Card>> = {}): void {
    const before = state;
    state = { ...before, ...change };
    state.connection = connectionNow();
    if (!state.replica.wanted) state.error = undefined;
    state = share(before, state, 2);
    if (state === before) return;
    if (line && !poll.at) look();
    if (state.replica.wanted !== before.replica.wanted) want();
    for (const listener of [...listeners]) listener();
  }

  function take(input: ReplicaInput<Card>): void {
    if (ended) return;
    onInput?.(input);
    const { release } = { ...state, ...(input as { release?: string }) };
    update({ replica: receive(state.replica, input), release });
  }

  /** Carries out the one request that the replica wants, and not any more what it wanted before. */
  function want(): void {
    asking?.abort();
    asking = undefined;
    failures = 0;
    // Up to twice the first pause, which is a second.
    askAgain.set(state.replica.wanted?.jitter ? pause(1) : 0);
  }

  async function ask(): Promise<void> {
    // Nobody would see the answer to what a hidden page asks.
    const { wanted } = state.replica;
    if (!wanted || asking || ended || (!line && isHidden())) return;
    askAgain.set();
    asking = new AbortController();
    const { signal } = asking;
    const { kind: type, epoch, since } = wanted;
    const call = type === "snapshot" ? client.getBoard : client.getChanges;
    const result = await call({ query: { date, epoch, since }, signal, retries: 0 });
    if (signal.aborted) return;
    asking = undefined;
    if (result.ok || (epoch && result.error.code === "revision_gone")) {
      if (result.ok) sureAt = Date.now();
      isPollAnswered = !line && !!poll.at;
      // What comes is what was asked for, with the form of cards that this screen may see.
      const answer = result.ok ? result.data : undefined;
      take({ type, asked: wanted, answer } as ReplicaInput<ReplicaCard> as ReplicaInput<Card>);
      if (isPingDue) beat();
      isPingDue = false;
    } else {
      askAgain.set(pause(failures++));
      isPollAnswered = false;
      endBy(result.error);
      update({ error: result.error });
    }
  }

  function connect(): void {
    dial.set();
    const opening = openLine(
      { client, date, webSocket: webSocket as typeof WebSocket, answerWaitMs },
      () => resumePoint(state.replica),
      (message) => hear(opening, message),
      (why) => lose(opening, why),
    );
    attempt = opening;
    update();
  }

  function hear(from: Line, message: Heard): void {
    heardAt = Date.now();
    // A socket that lives to answer a heartbeat is as good as any.
    if (message.type === "pong") tries = 0;
    // A diff may overtake the answer to the subscribe, and says nothing of what came before it.
    const isNew = from === attempt && message.type === "subscribed";
    // From here this line is the board's, and any other is given up.
    if (isNew) {
      line?.close();
      line = from;
      attempt = undefined;
      isPollAnswered = false;
      if (!isDoubted()) poll.set();
      dial.set(swapAfterMs * (1 - random() / 10));
      setHeartbeat();
    }
    take(message as ReplicaInput<ReplicaCard> as ReplicaInput<Card>);
    if (state.connection.kind === "live" && !state.replica.doubt) sureAt = heardAt;
    if (isNew) void ask();
  }

  function lose(lost: Line, why?: LineEnd): void {
    if (why) endBy(why);
    if (ended) return;
    const wasLine = lost === line;
    if (wasLine) line = undefined;
    else attempt = undefined;
    const askedMs = (why as Bye | undefined)?.retryAfterMs;
    if (!attempt) dial.set(Math.min(retryMaxMs, askedMs ?? pause(tries++)));
    if (!line && !wasLine) startPolling();
    update();
  }

  /** Some reasons leave nothing to try again. */
  function endBy(why: LineEnd): void {
    const { code } = why;
    const isRefused = code === "invalid_request" && why.issues.some(({ path }) => path === "x-protocol-version");
    if (isRefused || code === "protocol_too_old") end("protocol_too_old");
    if (code === "unauthenticated" || code === "session_ended") end("session_ended");
  }

  function beat(waitMs = answerWaitMs): void {
    if (!line) return;
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
    poll.set(pollingInterval);
    if (isHidden()) return;
    isPingDue = true;
    take({ type: "poll" });
  }

  /** Makes sure of the socket, or of the board without one, without waiting for anything's time. */
  function reach(): void {
    if (line) beat(wakeAnswerWaitMs);
    else if (dial.at) {
      tries = 0;
      connect();
    }
    if (poll.at) look();
    void ask();
  }

  const onPage = () => (isHidden() ? setHeartbeat() : reach());

  function end(reason: Ended["reason"]): void {
    if (ended) return;
    ended = { kind: "ended", reason };
    for (const alarm of [dial, heartbeat, poll, askAgain]) alarm.set();
    asking?.abort();
    line?.close();
    attempt?.close();
    line = undefined;
    for (const name of pageEvents) page?.removeEventListener(name, onPage);
    update();
  }

  for (const name of pageEvents) page?.addEventListener(name, onPage);
  void ask();
  if (webSocket) connect();
  else startPolling();

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
    ping: beat,
    close: () => {
      listeners.clear();
      end("closed");
    },
  };
}
