import type { ApiError, RouteId } from "@status-board/contracts";
import { operations } from "./operations.ts";
import type { Result } from "./result.ts";
import { errors, fits, parsed, type Shape, text } from "./shapes.ts";

/** What an answer says. What has not the form of ours, such as a gateway's own refusal, is told by its status (HT7). */
export function readAnswer(
  id: RouteId,
  { ok, status, headers }: Response,
  body: string,
  sentId: string,
): Result<unknown> {
  const json = parsed(body);
  const [operation, shape = {}]: readonly [string, Shape?] = operations[id];
  // Documents come without an envelope.
  const answer = Object(ok && operation.endsWith(".json") ? { ok, data: json } : json);
  if (ok && answer.ok === true && fits(answer.data, shape)) return { ok, data: answer.data };
  if (answer.ok === false && isError(answer.error)) return { ok: false, error: answer.error };
  const correlationId =
    headers.get("x-correlation-id") ?? headers.get("x-amzn-requestid") ?? headers.get("apigw-requestid") ?? sentId;
  const message = `HTTP ${status}`;
  const code = [...errors].find(([, [known]]) => known === (status > 500 ? 503 : status))?.[0];
  const told = { code, message, correlationId, issues: [] };
  return { ok: false, error: isError(told) ? told : { code: "bad_answer", message, correlationId, status } };
}

/** True where all is there that its code promises. */
function isError(value: unknown): value is ApiError {
  const [isKnown, details = {}] = errors.get(Object(value).code) ?? [];
  return !!isKnown && fits(value, { message: text, correlationId: text, ...details });
}
