import type { ApiError, ErrorCode, RouteId } from "@status-board/contracts";
import { type Check, type Checks, isObject, sound } from "./board-checks.ts";
import type { ClientError, Result } from "./result.ts";

/** What a status means that comes without an answer of ours (HT7). Those above 500 are all `unavailable`. */
export type BareCodes = Readonly<Record<number, ErrorCode>>;

/** Those on which a board has something to do, or to say. */
export const boardCodes: BareCodes = {
  400: "invalid_request",
  401: "unauthenticated",
  403: "forbidden",
  404: "not_found",
  429: "rate_limited",
  500: "internal",
};

/** What an answer says. What has not the form of ours, such as a gateway's own refusal, is told by its status (HT7). */
export function readAnswer(
  { answers, error: isError }: Checks,
  codes: BareCodes,
  id: RouteId,
  { ok, status, headers }: Response,
  body: string,
  sentId: string,
): Result<unknown> {
  const isData = (answers[id] as Check<unknown> | undefined) ?? isObject;
  const answer = sound<Result<unknown>>(
    body,
    (claimed) => claimed.ok === ok && (claimed.ok ? isData(claimed.data) : isError(claimed.error as ApiError)),
  );
  if (answer?.ok) return answer;
  const correlationId =
    headers.get("x-correlation-id") ?? headers.get("x-amzn-requestid") ?? headers.get("apigw-requestid") ?? sentId;
  const code = status > 500 ? "unavailable" : (codes[status] ?? "bad_answer");
  const told = answer?.error ?? { code, message: `HTTP ${status}`, correlationId, status, issues: [] };
  return {
    ok: false,
    error: { ...told, retryAfterMs: waitOf(headers.get("retry-after")) || undefined } as ClientError,
  };
}

/** A Retry-After as ms from now: it names seconds, or a date. Nothing where it names no time to come. */
const waitOf = (retryAfter: string | null): number =>
  Math.max(0, Number(retryAfter) * 1_000 || Date.parse(retryAfter ?? "") - Date.now() || 0);
