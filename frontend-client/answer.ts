import type { ApiError, ErrorCode, RouteId } from "@status-board/contracts";
import { type Check, type Checks, isObject, sound } from "./board-checks.ts";
import type { ClientError, Result } from "./result.ts";

/** What a status means that comes without an answer of ours; all above 500 are `unavailable`. */
const codes: Readonly<Record<number, ErrorCode>> = {
  400: "invalid_request",
  401: "unauthenticated",
  403: "forbidden",
  404: "not_found",
  405: "method_not_allowed",
  413: "payload_too_large",
  415: "unsupported_media_type",
  429: "rate_limited",
  500: "internal",
};

/** What an answer says. What has not the form of ours, such as a gateway's own refusal, is told by its status (HT7). */
export function readAnswer(
  { answers, error: isError }: Checks,
  id: RouteId,
  { ok, status, headers }: Response,
  body: string,
  sentId: string,
): Result<unknown> {
  const isData = (answers[id] as Check<unknown> | undefined) ?? isObject;
  // Documents come without an envelope.
  const enveloped = ok && id.endsWith("Api") ? `{"ok":true,"data":${body}}` : body;
  const answer = sound<Result<unknown>>(
    enveloped,
    (claimed) => claimed.ok === ok && (claimed.ok ? isData(claimed.data) : isError(claimed.error as ApiError)),
  );
  if (answer) return answer;
  const correlationId =
    headers.get("x-correlation-id") ?? headers.get("x-amzn-requestid") ?? headers.get("apigw-requestid") ?? sentId;
  const code = status > 500 ? "unavailable" : (codes[status] ?? "bad_answer");
  return { ok: false, error: { code, message: `HTTP ${status}`, correlationId, status, issues: [] } as ClientError };
}
