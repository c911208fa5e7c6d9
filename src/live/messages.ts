import { type ClientMessage, clientMessageSchema, type LiveError, limits } from "@status-board/contracts";
import { StoreUnavailable } from "../store/store.ts";
import { pong } from "./ping.ts";
import type { Connection } from "./ports.ts";
import type { Reply } from "./reply.ts";
import { type SubscribePorts, subscribe } from "./subscribe.ts";

const encoder = new TextEncoder();
const failure = (code: LiveError["code"], message: string): Reply => ({
  messages: [{ type: "error", code, message }],
  failed: true,
});

/** What a client sent, or why it cannot be understood; the message names the field (WS4). Bytes are no text. */
export function parseClientMessage(
  text: string | undefined,
): { kind: "parsed"; message: ClientMessage } | { kind: "failed"; reply: Reply } {
  if (text === undefined)
    return { kind: "failed", reply: failure("invalid_request", "the message: must be text, not bytes") };
  if (encoder.encode(text).length > limits.clientMessageMaxBytes)
    return {
      kind: "failed",
      reply: failure("payload_too_large", `a message takes ${limits.clientMessageMaxBytes} bytes at most`),
    };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "failed", reply: failure("invalid_request", "the message is not JSON") };
  }
  const parsed = clientMessageSchema.safeParse(value);
  if (parsed.success) return { kind: "parsed", message: parsed.data };
  const [issue] = parsed.error.issues;
  const field = issue?.code === "unrecognized_keys" ? issue.keys[0] : issue?.path.join(".");
  const what = issue?.code === "unrecognized_keys" ? "is not known here" : (issue?.message ?? "is not valid");
  return {
    kind: "failed",
    reply: failure("invalid_request", `${field || "the message"}: ${what}`.slice(0, 300).toWellFormed()),
  };
}

/** Answers one message of a connection. It never throws: what the database does not answer is `unavailable`. */
export async function answerMessage(
  connection: Connection,
  text: string | undefined,
  ports: SubscribePorts,
): Promise<Reply> {
  const parsed = parseClientMessage(text);
  if (parsed.kind === "failed") return parsed.reply;
  const { message } = parsed;
  try {
    if (message.action === "subscribe") return await subscribe(connection, message, ports);
    if (message.action === "unsubscribe") {
      await ports.connections.watch(connection.id, undefined, ports.askedAt);
      return { messages: [], failed: false };
    }
    if (connection.date === undefined) return failure("invalid_request", "action: ping comes after a subscribe");
    return { messages: [await pong(connection.principal.shopId, connection.date, ports)], failed: false };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return {
      messages: [{ type: "error", code: "unavailable", message: "the database does not answer just now" }],
      failed: false,
    };
  }
}
