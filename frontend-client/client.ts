import { PROTOCOL_VERSION, type RouteBody, type RouteId, type RouteQuery } from "@status-board/contracts";
import { type BareCodes, boardCodes, readAnswer } from "./answer.ts";
import { boardChecks, type Checks } from "./board-checks.ts";
import { boardOperations } from "./board-operations.ts";
import { newId } from "./new-id.ts";
import type { Result, RouteResult } from "./result.ts";

import { jittered, sleep } from "./timers.ts";

/** What one call sends. `id` fills the path's `{id}`. */
export type CallInput<Id extends RouteId> = {
  id?: string;
  /** What is undefined is left out. */
  query?: { [Name in keyof RouteQuery<Id>]?: RouteQuery<Id>[Name] | undefined };
  body?: RouteBody<Id>;
  /** Ends the call, whatever it is waiting for, with the error `aborted`. */
  signal?: AbortSignal;
  /** How often this call may be tried again. Default the client's. */
  retries?: number;
};

/** Operations of the API, each as a method named by its route id. */
export type ClientOf<Ids extends RouteId> = {
  readonly [Id in Ids]: (input?: CallInput<Id>) => Promise<RouteResult<Id>>;
} & {
  /** What its answers are checked for. A board looks at its messages alike. */
  readonly checks: Checks;
};

/** What a board needs. */
export type BoardClient = ClientOf<keyof typeof boardOperations>;

type Headers = Readonly<Record<string, string>>;

/** How a client reaches its server, and how patient it is. Nothing has to be given. */
export interface StatusBoardClientOptions {
  /** Where the API is, e.g. `https://board.example.com`, without a trailing slash. Default "": the page's own origin. */
  baseUrl?: string | undefined;
  /** Sent with each try, or what gives them, e.g. with a token that is renewed. Default none. */
  headers?: Headers | (() => Headers | Promise<Headers>);
  /** Default the global one. */
  fetch?: typeof fetch;
  /** Numbers in [0, 1) for jitter. Default Math.random. */
  random?: () => number;
  /** A whole try, answer included, in ms. Default 10,000. */
  timeoutMs?: number;
  /** How often a call that can safely be repeated is tried again. Default 3. */
  retries?: number;
  /** The pause before the n-th retry is a random share of min(max, first * 2^n), in ms. Default 300 and 5,000. */
  retryFirstMs?: number;
  retryMaxMs?: number;
  /** What answers, and messages of a board on this client, are checked for. Default what a board builds on. */
  checks?: Checks;
}

/** A call's input, of whichever operation. */
interface Sending {
  id?: string;
  query?: Readonly<Record<string, unknown>>;
  body?: object | undefined;
  signal?: AbortSignal;
  retries?: number;
}

/** A server that asks for a longer wait is not asked again: the caller decides. */
const retryAfterMaxMs = 30_000;

/**
 * Those operations of the HTTP API as functions that never throw for what the network or a server does. `codes` is how it
 * reads an answer that is not in the API's form.
 */
export function createClient<Ids extends RouteId>(
  operations: Readonly<Record<Ids, string>>,
  options: StatusBoardClientOptions = {},
  codes: BareCodes = boardCodes,
): ClientOf<Ids> {
  const { baseUrl = "", headers, fetch: send = fetch, random = Math.random, timeoutMs = 10_000 } = options;
  const { checks = boardChecks, retries = 3, retryFirstMs = 300, retryMaxMs = 5_000 } = options;

  async function call(id: Ids, input: Sending): Promise<Result<unknown>> {
    const { query, body, signal } = input;
    const [method, path] = operations[id].split(" ") as [string, string];
    const correlationId = newId();
    for (let tries = 0; ; tries++) {
      let result: Result<unknown>;
      /** How long the server asks to wait for the next try, where the failure may be over in a moment. */
      let waitMs = Infinity;
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        // JSON leaves out what is undefined.
        const search = String(new URLSearchParams(JSON.parse(JSON.stringify(query ?? {}))));
        const url = baseUrl + path.replace("{id}", encodeURIComponent(input.id ?? "")) + (search && `?${search}`);
        const response = await send(url, {
          method,
          headers: {
            ...(typeof headers === "function" ? await headers() : headers),
            ...(body && { "content-type": "application/json" }),
            "x-correlation-id": correlationId,
            "x-protocol-version": `${PROTOCOL_VERSION}`,
          },
          body: JSON.stringify(body) ?? null,
          credentials: "include",
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        });
        result = readAnswer(checks, codes, id, response, await response.text(), correlationId);
        const { status } = response;
        if (status === 429 || status >= 500) waitMs = waitOf(response.headers.get("retry-after"));
      } catch (error) {
        const code = signal?.aborted ? "aborted" : timeout.aborted ? "timeout" : "network";
        result = { ok: false, error: { code, message: String(error), correlationId } };
        if (!signal?.aborted) waitMs = 0;
      }
      // A write has no second effect when it comes twice where it names itself (HT5), as a new card with an id does.
      const named: { mutationId?: string; id?: string } = { ...query, ...body };
      const isRepeatable = method === "GET" || named.mutationId || named.id;
      if (waitMs > retryAfterMaxMs || tries >= (input.retries ?? retries) || !isRepeatable) return result;
      await sleep(waitMs + jittered(random, tries, retryFirstMs, retryMaxMs), signal);
    }
  }

  const client: Record<string, unknown> = { checks };
  for (const id in operations) client[id] = (input: Sending = {}) => call(id, input);
  // Each method is typed by its own route; only the generic loop hides that from the compiler.
  return client as ClientOf<Ids>;
}

/** A client that can do what a board needs, and no more. */
export const createBoardClient = (options?: StatusBoardClientOptions): BoardClient =>
  createClient(boardOperations, options);

/** A Retry-After as ms from now: it names seconds, or a date. */
const waitOf = (retryAfter: string | null): number =>
  Math.max(0, Number(retryAfter) * 1_000 || Date.parse(retryAfter ?? "") - Date.now() || 0);
