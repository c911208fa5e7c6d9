import { type ErrorCode, errorStatus } from "@status-board/contracts";
import { beforeEach, expect, vi } from "vitest";
import { createStatusBoardClient, type StatusBoardClientOptions } from "../status-board-client.ts";
import { sampleError } from "./samples.ts";
import { limitsOnFakeClock } from "./time-limits.ts";

/** What a request is answered with: a response, a failure of the network, or never. */
export type Answer = Response | Error | "silence";

export interface SentRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: unknown;
  credentials: string;
}

/** A network that answers each request as it was told to, and keeps what was sent. The last answer is for all others, too. */
export function scriptedFetch(...answers: (Answer | (() => Answer))[]) {
  const requests: SentRequest[] = [];
  const send: typeof fetch = async (input, { method, headers, body, signal, credentials } = {}) => {
    signal?.throwIfAborted();
    requests.push({
      url: String(input),
      method: String(method),
      headers: Object.fromEntries(new Headers(headers)),
      body: typeof body === "string" ? JSON.parse(body) : body,
      credentials: String(credentials),
    });
    const given = (answers.length > 1 ? answers.shift() : answers[0]) ?? "silence";
    const answer = typeof given === "function" ? given() : given;
    if (answer instanceof Error) throw answer;
    if (answer !== "silence") return answer;
    return new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  };
  return { requests, fetch: send };
}

/** A failure as browsers have it. */
export const noNetwork = () => new TypeError("Failed to fetch");

export const success = (data: unknown) => () => Response.json({ ok: true, data });

/** An answer of somebody between the client and its server. */
export const bareAnswer =
  (status: number, body = "", headers: Record<string, string> = {}) =>
  () =>
    new Response(body, { status, headers });

/** A failure as the server tells of it. */
export const failure =
  (code: ErrorCode, headers: Record<string, string> = {}) =>
  () =>
    Response.json({ ok: false, error: sampleError(code) }, { status: errorStatus[code], headers });

/** A client whose requests are answered so. */
export function clientThatGets(answers: (Answer | (() => Answer))[], options: StatusBoardClientOptions = {}) {
  const { fetch, requests } = scriptedFetch(...answers);
  return { client: createStatusBoardClient({ baseUrl: "http://board.test", fetch, ...options }), requests };
}

let limits: ReturnType<typeof limitsOnFakeClock> | undefined;
/** How many timers are running. */
export const timers = () => limits?.timers() ?? 0;

/** Gives the tests of a file a clock that moves only when it is told to. None may leave a timer behind. */
export function stopClock(): void {
  beforeEach(({ onTestFinished }) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    limits = limitsOnFakeClock();
    // The first to be registered is the last to be called: after whatever a test opened is closed.
    onTestFinished(async () => {
      // What a network still holds arrives, and is nobody's any more.
      await pass(5);
      const left = timers();
      limits?.end();
      vi.useRealTimers();
      expect(left).toBe(0);
    });
  });
}

/** Lets so much time pass, and all that comes of it. */
export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** The result of a call, however long it takes. */
export async function finish<T>(call: Promise<T>): Promise<T> {
  let isOver = false;
  const over = call.finally(() => {
    isOver = true;
  });
  while (!isOver) await pass(1_000);
  return over;
}
