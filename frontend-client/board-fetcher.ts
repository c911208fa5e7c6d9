import type { Diff } from "@status-board/contracts";
import { createAlarm } from "./alarm.ts";
import type { StatusBoardClient } from "./client.ts";
import type { BoardOf, ChangesOf, ReplicaCard, ReplicaInput, Wanted } from "./replica-input.ts";
import type { ClientError } from "./result.ts";

interface FetcherOptions<Card extends ReplicaCard> {
  client: StatusBoardClient;
  date: string;
  random: () => number;
  /** How long to wait before the n-th new try, in ms. */
  pause: (tries: number) => number;
  /** True while nobody would see an answer. */
  isPaused: () => boolean;
  onDiff: (diff: Diff) => void;
  onAnswer: (input: ReplicaInput<Card>) => void;
  onFailure: (error: ClientError) => void;
}

/** Carries out the one request that a replica wants, until it is answered or another is wanted. */
export interface Fetcher {
  want(wanted: Wanted | undefined): void;
  /** Tries at once what waits for its next try. */
  hurry(): void;
}

export function createFetcher<Card extends ReplicaCard>(options: FetcherOptions<Card>): Fetcher {
  const { client, date, random, pause, isPaused, onDiff, onAnswer, onFailure } = options;
  let current: Wanted | undefined;
  let abort = new AbortController();
  let tries = 0;
  let isRunning = false;
  const next = createAlarm(hurry);

  function hurry(): void {
    if (current === undefined || isRunning || isPaused()) return;
    next.clear();
    isRunning = true;
    void run(current, abort.signal);
  }

  async function run(wanted: Wanted, signal: AbortSignal): Promise<void> {
    const answer = await ask(wanted, signal);
    if (signal.aborted) return;
    isRunning = false;
    if ("type" in answer) {
      current = undefined;
      onAnswer(answer);
    } else {
      next.set(pause(tries++));
      onFailure(answer);
    }
  }

  async function ask(wanted: Wanted, signal: AbortSignal): Promise<ReplicaInput<Card> | ClientError> {
    if (wanted.kind === "snapshot") {
      const result = await client.getBoard({ query: { date }, signal, retries: 0 });
      if (!result.ok) return result.error;
      return { type: "snapshot", asked: wanted, board: result.data as BoardOf<ReplicaCard> as BoardOf<Card> };
    }
    const { epoch, since } = wanted;
    const result = await client.getChanges({ query: { date, epoch, since }, signal, retries: 0 });
    if (!result.ok)
      return result.error.code === "revision_gone" ? { type: "changesGone", asked: wanted } : result.error;
    result.data.changes.forEach(onDiff);
    return { type: "changes", asked: wanted, answer: result.data as ChangesOf<ReplicaCard> as ChangesOf<Card> };
  }

  return {
    want: (wanted) => {
      if (wanted === current) return;
      abort.abort();
      abort = new AbortController();
      current = wanted;
      tries = 0;
      isRunning = false;
      next.clear();
      if (wanted?.kind === "snapshot" && wanted.jitter) next.set(random() * 1_000);
      else hurry();
    },
    hurry,
  };
}
