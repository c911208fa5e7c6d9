import { type ApiError, errorStatus, type RouteId } from "@status-board/contracts";
import type { Result } from "./result.ts";
import { type Checks, fits, text } from "./shapes.ts";

/** What an answer says. What has not the form of ours, such as a gateway's own refusal, is told by its status (HT7). */
export function readAnswer(
  { answers, errors }: Checks,
  id: RouteId,
  { ok, status, headers }: Response,
  body: string,
  sentId: string,
): Result<unknown> {
  /** True where all is there that its code promises. */
  const isError = (error: { code: string }): error is ApiError =>
    Object.hasOwn(errorStatus, error.code) &&
    fits(error, { message: text, correlationId: text, ...errors[error.code as ApiError["code"]] });

  const json = parsed(body);
  // Documents come without an envelope.
  const answer = Object(ok && id.endsWith("Api") ? { ok, data: json } : json);
  if (ok && answer.ok === true && fits(answer.data, answers[id] ?? {})) return { ok, data: answer.data };
  if (answer.ok === false && isError(Object(answer.error))) return { ok: false, error: answer.error };
  const correlationId =
    headers.get("x-correlation-id") ?? headers.get("x-amzn-requestid") ?? headers.get("apigw-requestid") ?? sentId;
  const message = `HTTP ${status}`;
  const [code = ""] = Object.entries(errorStatus).find(([, known]) => known === (status > 500 ? 503 : status)) ?? [];
  const told = { code, message, correlationId, issues: [] };
  return { ok: false, error: isError(told) ? told : { code: "bad_answer", message, correlationId, status } };
}

/** A text as the JSON that it is; undefined where it is none. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
