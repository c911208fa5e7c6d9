import { PROTOCOL_VERSION, type RouteBody, type RouteId, type RouteQuery } from "@status-board/contracts";
import { type BareCodes, boardCodes, readAnswer } from "./answer.ts";
import { boardChecks, type Checks } from "./board-checks.ts";
import { boardOperations } from "./board-operations.ts";
import { newId } from "./new-id.ts";
import type { Result, RouteResult } from "./result.ts";

/** What one call sends. `id` fills the path's `{id}`. */
export type CallInput<Id extends RouteId> = {
  id?: string;
  /** What is undefined is left out. */
  query?: { [Name in keyof RouteQuery<Id>]?: RouteQuery<Id>[Name] | undefined };
  body?: RouteBody<Id>;
  /** Ends the call, whatever it is waiting for, with the error `aborted`. */
  signal?: AbortSignal;
  /** How often this call may be tried again, by a client that does so. Default the client's. */
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

/** How a client reaches its server. Nothing has to be given. */
export interface BoardClientOptions {
  /** Where the API is, e.g. `https://board.example.com`, without a trailing slash. Default "": the page's own origin. */
  baseUrl?: string | undefined;
  /** Sent with each try, or what gives them, e.g. with a token that is renewed. Default none. */
  headers?: Headers | (() => Headers | Promise<Headers>);
  /** Default the global one. */
  fetch?: typeof fetch;
  /** A whole try, answer included, in ms. Default 10,000. */
  timeoutMs?: number;
  /** What answers, and messages of a board on this client, are checked for. Default what a board builds on. */
  checks?: Checks;
}

/** A call's input, of whichever operation. */
export interface Sending {
  id?: string;
  query?: Readonly<Record<string, unknown>>;
  body?: object | undefined;
  signal?: AbortSignal;
  retries?: number;
  /** Default a new one. */
  correlationId?: string;
}

/**
 * Those operations of the HTTP API as functions that never throw for what the network or a server does, and try once.
 * `codes` is how they read an answer that is not in the API's form.
 */
export function createClient<Ids extends RouteId>(
  operations: Readonly<Record<Ids, string>>,
  options: BoardClientOptions = {},
  codes: BareCodes = boardCodes,
): ClientOf<Ids> {
  const { baseUrl = "", headers, fetch: send = fetch, timeoutMs = 10_000, checks = boardChecks } = options;

  async function call(id: Ids, input: Sending): Promise<Result<unknown>> {
    const { query, body, signal, correlationId = newId() } = input;
    const [method, path] = operations[id].split(" ") as [string, string];
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
      return readAnswer(checks, codes, id, response, await response.text(), correlationId);
    } catch (error) {
      const code = signal?.aborted ? "aborted" : timeout.aborted ? "timeout" : "network";
      return { ok: false, error: { code, message: String(error), correlationId } };
    }
  }

  const client: Record<string, unknown> = { checks };
  for (const id in operations) client[id] = (input: Sending = {}) => call(id, input);
  // Each method is typed by its own route; only the generic loop hides that from the compiler.
  return client as ClientOf<Ids>;
}

/** A client that can do what a board needs, and no more. It tries each call once: a board tries again by itself. */
export const createBoardClient = (options?: BoardClientOptions): BoardClient => createClient(boardOperations, options);
