import { type ApiError, errorStatus, limits, PROTOCOL_VERSION } from "@status-board/contracts";
import { KeysUnavailable } from "../auth/key-ring.ts";
import { jsonOf } from "../domain/card-json.ts";
import type { Refusal } from "../domain/outcome.ts";
import { StoreUnavailable } from "../store/store.ts";
import type { HttpResponse } from "./message.ts";
import type { StaticFile } from "./static-file.ts";

type Without<T> = T extends unknown ? Omit<T, "message" | "correlationId"> & { message?: string } : never;
/** An error before it has words and a correlation id. `retryAfterMs` becomes the header, where the code has one. */
export type Failure = Without<ApiError> & { retryAfterMs?: number };

const messages: Record<ApiError["code"], string> = {
  invalid_request: "Something in this request is not valid; each issue names its field.",
  unauthenticated: "Sign in first.",
  forbidden: "This is not allowed to you.",
  not_found: "There is nothing here by that name.",
  method_not_allowed: "This address does not take that method.",
  conflict: "This contradicts what is already stored.",
  version_conflict: "Somebody else changed this first; `current` shows it as it is now.",
  invalid_transition: "A card cannot go that way.",
  revision_gone: "That revision is no longer kept; take a new snapshot.",
  payload_too_large: `The body is larger than ${limits.requestBodyMaxBytes} bytes.`,
  unsupported_media_type: "The body must be application/json, in UTF-8 and not compressed.",
  rate_limited: "Too many requests; wait as long as Retry-After says.",
  internal: "Something went wrong on our side.",
  unavailable: "The database does not answer just now; try again.",
};

/** The refusal of an operation as the error of the same name. */
export function failureOf(refusal: Refusal): Failure {
  switch (refusal.kind) {
    case "invalid_request":
      return { code: refusal.kind, issues: [...refusal.issues] };
    case "not_found":
      return { code: refusal.kind };
    case "forbidden":
      return { code: refusal.kind, message: refusal.message };
    case "rate_limited":
      return { code: refusal.kind, retryAfterMs: refusal.retryAfterMs };
    case "conflict":
      return { code: refusal.kind, reason: refusal.reason };
    case "revision_gone":
      return { code: refusal.kind, epoch: refusal.epoch, rev: refusal.rev };
    case "version_conflict":
      return { code: refusal.kind, current: refusal.current };
    case "invalid_transition":
      return { code: refusal.kind, from: refusal.from, to: refusal.to, allowed: [...refusal.allowed] };
  }
}

const keysAway: Failure = {
  code: "unavailable",
  message: "The keys that guard this site cannot be read just now; try again.",
};

/** What was thrown because something that is needed does not answer just now; undefined for everything else. */
export function outageOf(error: unknown): Failure | undefined {
  if (error instanceof StoreUnavailable) return { code: "unavailable" };
  return error instanceof KeysUnavailable ? keysAway : undefined;
}

/** Headers of every answer, whatever it says (HT7, HT8). Nothing here is a page, so nothing in it may be loaded or run. */
export const baseHeaders = (correlationId: string, release: string): Record<string, string> => ({
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "x-correlation-id": correlationId,
  "x-protocol-version": String(PROTOCOL_VERSION),
  "x-release": release,
});

/** A failure as a sentence. */
export const wordsOf = ({ code, message }: Failure): string => message ?? messages[code];

/** A failure in its envelope (HT1, HT2). */
export function failureResponse(failure: Failure, headers: Record<string, string>): HttpResponse {
  const { code, message: _message, retryAfterMs = limits.retryAfterSeconds * 1_000, ...details } = failure;
  const error = { code, message: wordsOf(failure), correlationId: headers["x-correlation-id"], ...details };
  const retry = code === "unavailable" || code === "rate_limited";
  return {
    status: errorStatus[code],
    headers: retry ? { ...headers, "retry-after": String(Math.ceil(retryAfterMs / 1_000)) } : headers,
    body: JSON.stringify({ ok: false, error }),
    error: code,
  };
}

/** A file; what it may load and how long it keeps are its own to say. */
export const fileResponse = (
  { contentType, headers: own, body, status = 200 }: StaticFile,
  headers: Record<string, string>,
): HttpResponse => ({ status, headers: { ...headers, ...own, "content-type": contentType }, body });

const remembered = new WeakMap<object, Uint8Array>();
const encoder = new TextEncoder();

/** A success in its envelope. The bytes of a board are kept as long as its object: it is written out once, read often. */
export function successBody(data: object, keep: boolean): string | Uint8Array {
  const known = keep ? remembered.get(data) : undefined;
  if (known !== undefined) return known;
  const text = `{"ok":true,"data":${jsonOf(data)}}`;
  if (!keep) return text;
  const bytes = encoder.encode(text);
  remembered.set(data, bytes);
  return bytes;
}
