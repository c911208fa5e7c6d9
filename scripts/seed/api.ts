import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type ApiError, failureSchema } from "@status-board/contracts";
import * as z from "zod";

/** Seeding cannot go on. The message is one line for whoever started it. */
export class SeedError extends Error {
  override name = "SeedError";
}

/** A success, or a failure that the caller may know what to do about; `problem` is that failure in one line. */
export type Answer<T> = { ok: true; data: T } | { ok: false; error: ApiError; problem: string };

/** The part of a route that calling it takes. */
interface CallableRoute<Body extends z.ZodType | null, Response extends z.ZodType> {
  method: string;
  path: string;
  body: Body;
  response: Response;
}

interface CallInput<Body extends z.ZodType | null> {
  id?: string;
  query?: Record<string, string>;
  body?: Body extends z.ZodType ? z.input<Body> : never;
}

/** The server's operations. A call that got no answer is repeated: all of the seeder's can be. */
export interface Api {
  call<Body extends z.ZodType | null, Response extends z.ZodType>(
    route: CallableRoute<Body, Response>,
    input?: CallInput<Body>,
  ): Promise<Answer<z.output<Response>>>;
}

export interface ApiOptions {
  url: string;
  headers: Readonly<Record<string, string>>;
  fetch: typeof fetch;
}

interface Call {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
  correlationId: string;
}

type Attempt = { kind: "answer"; status: number; body: unknown } | { kind: "again"; why: string; waitMs?: number };

const maxAttempts = 5;
const firstWaitMs = 200;
const longestWaitMs = 10_000;
const requestTimeoutMs = 15_000;
/** Failures that pass by themselves; gateways in front of the server answer 502 and 504 in its place. */
const passingStatuses = [429, 502, 503, 504];

/** Speaks to one server. */
export function createApi({ url, headers, fetch: send }: ApiOptions): Api {
  const base = url.replace(/\/+$/, "");
  const run = `seed-${randomBytes(4).toString("hex")}`;
  let calls = 0;
  return {
    async call(route, input = {}) {
      const path = route.path.replace("{id}", encodeURIComponent(input.id ?? ""));
      const query = input.query ? `?${new URLSearchParams(input.query)}` : "";
      const correlationId = `${run}-${++calls}`;
      const call: Call = {
        method: route.method,
        url: base + path + query,
        correlationId,
        body: input.body === undefined ? undefined : JSON.stringify(input.body),
        headers: {
          "x-correlation-id": correlationId,
          ...(input.body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
      };
      const { status, body } = await sendUntilAnswered(send, call);
      const success = z.object({ ok: z.literal(true), data: z.unknown() }).safeParse(body);
      if (!success.success) return failureOf(call, status, body);
      const data = z.safeParse(route.response, success.data.data);
      if (data.success) return { ok: true, data: data.data };
      throw new SeedError(`${describe(call)} answered what this version does not understand${trace(correlationId)}`);
    },
  };
}

/** What a call must bring: a failure ends the seeding. */
export function dataOf<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.data;
  throw new SeedError(answer.problem);
}

const describe = (call: Call) => `${call.method} ${call.url}`;
const trace = (correlationId: string) => ` (correlation id ${correlationId})`;

async function sendUntilAnswered(send: typeof fetch, call: Call) {
  for (let attempt = 1; ; attempt++) {
    const result = await sendOnce(send, call);
    if (result.kind === "answer") return result;
    if (attempt === maxAttempts) throw new SeedError(`${describe(call)} ${result.why}${trace(call.correlationId)}`);
    await sleep(Math.min(result.waitMs ?? firstWaitMs * 2 ** (attempt - 1), longestWaitMs));
  }
}

async function sendOnce(send: typeof fetch, { method, url, headers, body }: Call): Promise<Attempt> {
  try {
    const signal = AbortSignal.timeout(requestTimeoutMs);
    const response = await send(url, { method, headers, signal, ...(body !== undefined && { body }) });
    const text = await response.text();
    if (!passingStatuses.includes(response.status))
      return { kind: "answer", status: response.status, body: fromJson(text) };
    const waitSeconds = /^[0-9]{1,4}$/.exec(response.headers.get("retry-after") ?? "")?.[0];
    const waitMs = waitSeconds === undefined ? {} : { waitMs: Number(waitSeconds) * 1000 };
    return { kind: "again", why: `answered ${response.status}, ${maxAttempts} times`, ...waitMs };
  } catch (error) {
    return { kind: "again", why: `got no answer: ${reasonOf(error)}` };
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const causedSchema = z.object({ cause: z.object({ code: z.string() }) });

/** Why fetch got nowhere, e.g. ECONNREFUSED: its own message says only that it failed. */
function reasonOf(error: unknown): string {
  const caused = causedSchema.safeParse(error);
  if (caused.success) return caused.data.cause.code;
  return error instanceof Error ? error.message : String(error);
}

function failureOf(call: Call, status: number, body: unknown): Answer<never> {
  const failure = failureSchema.safeParse(body);
  if (!failure.success)
    throw new SeedError(
      `${describe(call)} answered ${status}, and not as a status board does${trace(call.correlationId)}`,
    );
  const { error } = failure.data;
  const issues = error.code === "invalid_request" ? error.issues.map(({ path, message }) => `${path} ${message}`) : [];
  const details = issues.length > 0 ? `: ${issues.join("; ")}` : "";
  const problem = `${describe(call)} answered ${status} ${error.code}: ${error.message}${details}${trace(error.correlationId)}`;
  return { ok: false, error, problem };
}
