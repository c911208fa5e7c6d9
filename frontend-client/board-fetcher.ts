import type { StatusBoardClient } from "./client.ts";
import type { BoardOf, ChangesOf, ReplicaCard, ReplicaInput, Wanted } from "./replica-input.ts";
import type { ClientError } from "./result.ts";
import { createAlarm } from "./timers.ts";

interface FetcherOptions<Card extends ReplicaCard> {
  client: StatusBoardClient;
  date: string;
  random: () => number;
  /** How long to wait before the n-th new try, in ms. */
  pause: (tries: number) => number;
  /** True while nobody would see an answer. */
  isPaused: () => boolean;
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
  const { client, date, random, pause, isPaused, onAnswer, onFailure } = options;
  let current: Wanted | undefined;
  /** Of the request that is on its way. */
  let abort: AbortController | undefined;
  let tries = 0;
  const next = createAlarm(run);

  async function run(): Promise<void> {
    if (current === undefined || abort || isPaused()) return;
    next.clear();
    abort = new AbortController();
    const { signal } = abort;
    const answer = await ask(current, signal);
    if (signal.aborted) return;
    abort = undefined;
    if ("type" in answer) {
      current = undefined;
      onAnswer(answer);
    } else {
      next.set(pause(tries++));
      onFailure(answer);
    }
  }

  async function ask(asked: Wanted, signal: AbortSignal): Promise<ReplicaInput<Card> | ClientError> {
    if (asked.kind === "snapshot") {
      const result = await client.getBoard({ query: { date }, signal, retries: 0 });
      if (!result.ok) return result.error;
      return { type: "snapshot", asked, board: result.data as BoardOf<ReplicaCard> as BoardOf<Card> };
    }
    const { epoch, since } = asked;
    const result = await client.getChanges({ query: { date, epoch, since }, signal, retries: 0 });
    if (result.ok) return { type: "changes", asked, answer: result.data as ChangesOf<ReplicaCard> as ChangesOf<Card> };
    return result.error.code === "revision_gone" ? { type: "changesGone", asked } : result.error;
  }

  return {
    want: (wanted) => {
      if (wanted === current) return;
      abort?.abort();
      abort = undefined;
      current = wanted;
      tries = 0;
      next.clear();
      if (wanted?.kind === "snapshot" && wanted.jitter) next.set(random() * 1_000);
      else void run();
    },
    hurry: run,
  };
}
