import type { RouteId } from "@status-board/contracts";
import { type BareCodes, boardCodes } from "./answer.ts";
import { type BoardClientOptions, type ClientOf, createClient, type Sending } from "./client.ts";
import { newId } from "./new-id.ts";
import { operations } from "./operations.ts";
import type { Result } from "./result.ts";
import { jittered, sleep } from "./timers.ts";

/** Every operation of the API as a method named by its route id. */
export type StatusBoardClient = ClientOf<RouteId>;

/** How a client reaches its server, and how patient it is. Nothing has to be given. */
export interface StatusBoardClientOptions extends BoardClientOptions {
  /** Numbers in [0, 1) for jitter. Default Math.random. */
  random?: () => number;
  /** How often a call that can safely be repeated is tried again. Default 3. */
  retries?: number;
  /** The pause before the n-th retry is a random share of min(max, first * 2^n), in ms. Default 300 and 5,000. */
  retryFirstMs?: number;
  retryMaxMs?: number;
}

const allCodes: BareCodes = {
  ...boardCodes,
  405: "method_not_allowed",
  413: "payload_too_large",
  415: "unsupported_media_type",
};

/** Failures that may be over in a moment. */
const passing: readonly string[] = ["network", "timeout", "rate_limited", "internal", "unavailable"];
/** A server that asks for a longer wait is not asked again: the caller decides. */
const retryAfterMaxMs = 30_000;

/** The whole HTTP API. A page that shows a board and nothing else does with less, see `createBoardClient`. */
export function createStatusBoardClient(options: StatusBoardClientOptions = {}): StatusBoardClient {
  const { fetch: send = fetch, random = Math.random, retries = 3, retryFirstMs = 300, retryMaxMs = 5_000 } = options;
  const sendFor: typeof fetch = async (url, init) => {
    const response = await send(url, init);
    return response.ok && documents.test(String(url)) ? enveloped(response) : response;
  };
  const once = createClient(operations, { ...options, fetch: sendFor }, allCodes);

  async function call(id: RouteId, input: Sending = {}): Promise<Result<unknown>> {
    const sending = { correlationId: newId(), ...input };
    const isRepeatable = operations[id].startsWith("GET") || namesItself({ ...input.query, ...input.body });
    const triesAgain = isRepeatable ? (input.retries ?? retries) : 0;
    for (let tries = 0; ; tries++) {
      const result: Result<unknown> = await (once[id] as (sending: Sending) => Promise<Result<unknown>>)(sending);
      if (result.ok || tries >= triesAgain || !passing.includes(result.error.code)) return result;
      const { retryAfterMs = 0 } = result.error;
      if (retryAfterMs > retryAfterMaxMs) return result;
      await sleep(retryAfterMs + jittered(random, tries, retryFirstMs, retryMaxMs), input.signal);
    }
  }

  const methods = Object.keys(operations).map((id) => [id, (input?: Sending) => call(id as RouteId, input)]);
  // Each method is typed by its own route; only the generic list hides that from the compiler.
  return { ...once, ...Object.fromEntries(methods) } as StatusBoardClient;
}

/** True for a write that has no second effect when it comes twice (HT5): a new card that has its id already, for one. */
const namesItself = ({ mutationId, id }: { mutationId?: string; id?: string }) => !!(mutationId || id);

/** They come bare, so that tools can read them (HT1). */
const documents = /api\.json$/;
const enveloped = async (document: Response): Promise<Response> =>
  new Response(`{"ok":true,"data":${await document.text()}}`, document);
