import type { BoardClient } from "./client.ts";
import type { ReplicaCard, ReplicaInput, Wanted } from "./replica-input.ts";
import type { ClientError } from "./result.ts";
import { createAlarm } from "./timers.ts";

interface FetcherOptions<Card extends ReplicaCard> {
  client: BoardClient;
  date: string;
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
  const { client, pause } = options;
  let current: Wanted | undefined;
  /** Of the request that is on its way. */
  let abort: AbortController | undefined;
  let tries = 0;
  const next = createAlarm(run);

  async function run(): Promise<void> {
    if (!current || abort || options.isPaused()) return;
    next.set();
    abort = new AbortController();
    const { signal } = abort;
    const asked = current;
    const { kind: type, epoch, since } = asked;
    const ask = type === "snapshot" ? client.getBoard : client.getChanges;
    const result = await ask({ query: { date: options.date, epoch, since }, signal, retries: 0 });
    if (signal.aborted) return;
    abort = undefined;
    if (result.ok || (since !== undefined && result.error.code === "revision_gone")) {
      current = undefined;
      const answer = result.ok ? { type, asked, answer: result.data } : { type: "changesGone", asked };
      // What comes is what was asked for, with the form of cards that this screen may see.
      options.onAnswer(answer as ReplicaInput<ReplicaCard> as ReplicaInput<Card>);
    } else {
      next.set(pause(tries++));
      options.onFailure(result.error);
    }
  }

  return {
    want: (wanted) => {
      if (wanted === current) return;
      abort?.abort();
      abort = undefined;
      current = wanted;
      tries = 0;
      next.set();
      // Up to twice the first pause, which is a second.
      if (wanted?.kind === "snapshot" && wanted.jitter) next.set(pause(1));
      else void run();
    },
    hurry: run,
  };
}
