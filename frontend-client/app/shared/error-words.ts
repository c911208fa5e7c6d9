import type { ClientError } from "../../result.ts";

/** What each failure means to somebody who has no use for codes. */
const words: Partial<Record<ClientError["code"], string>> = {
  unauthenticated: "You are signed out.",
  forbidden: "You may not do that.",
  not_found: "It is no longer there.",
  invalid_transition: "It can't go there any more.",
  version_conflict: "Somebody else changed it in the meantime.",
  conflict: "It contradicts what is stored.",
  payload_too_large: "That is too much text.",
  rate_limited: "That was too fast. Try again in a moment.",
  unavailable: "The server is busy. Try again in a moment.",
  internal: "The server failed.",
  network: "The server can't be reached.",
  timeout: "The server did not answer in time.",
  aborted: "It was stopped before the answer came.",
  bad_answer: "The server's answer makes no sense.",
};

/** Failures that whoever runs the server can look up; the others are no fault of it, or never reached it. */
const ours: ReadonlySet<ClientError["code"]> = new Set(["internal", "unavailable", "bad_answer", "timeout"]);

/** A failure as a sentence. What is wrong with a field stands at the field, so here it is only counted. */
export function errorWords(error: ClientError): string {
  if (error.code === "invalid_request") return error.issues[0]?.message ?? "Something in it is not right.";
  return words[error.code] ?? "It did not work.";
}

/** The id to quote for a failure that is ours; undefined for the others. */
export function quotableId(error: ClientError): string | undefined {
  return ours.has(error.code) ? error.correlationId : undefined;
}
