import * as z from "zod";
import { appointmentSchema } from "./appointment.ts";
import { dateSchema, idSchema, instantSchema, namedSchema, versionSchema } from "./primitives.ts";

/** Names the life of a database: revisions of one epoch say nothing about another (LV2). */
export const epochSchema = z.string().regex(/^[0-9A-Za-z-]{1,64}$/, "must be an epoch that the server named");

/** The number of a board's change, from 1; 0 is a board without any. */
export const revisionSchema = z.int().min(0);

/** What became of one card. A card that left for another day is removed here and upserted there. */
export const opSchema = z
  .discriminatedUnion("op", [
    z.object({ op: z.literal("upsert"), card: appointmentSchema }),
    z.object({
      op: z.literal("remove"),
      id: idSchema,
      version: versionSchema,
      by: namedSchema,
      movedTo: dateSchema.optional(),
    }),
  ])
  .register(z.globalRegistry, { id: "Op" });
export type Op = z.infer<typeof opSchema>;

/** One revision of one board. `at` is when the newest write in it was made. */
export const diffSchema = z
  .object({
    type: z.literal("diff"),
    date: dateSchema,
    epoch: epochSchema,
    rev: revisionSchema,
    ops: z.array(opSchema),
    at: instantSchema,
  })
  .register(z.globalRegistry, { id: "Diff" });
export type Diff = z.infer<typeof diffSchema>;

/** Client to server. */
export const subscribeSchema = z
  .strictObject({
    action: z.literal("subscribe"),
    date: dateSchema,
    epoch: epochSchema.optional(),
    rev: revisionSchema.max(Number.MAX_SAFE_INTEGER).optional(),
    protocolVersion: z.int().min(1).max(999_999).optional(),
  })
  .register(z.globalRegistry, { id: "Subscribe" });
export type Subscribe = z.infer<typeof subscribeSchema>;

export const pingSchema = z
  .strictObject({ action: z.literal("ping"), rev: revisionSchema.max(Number.MAX_SAFE_INTEGER).optional() })
  .register(z.globalRegistry, { id: "Ping" });

export const unsubscribeSchema = z
  .strictObject({ action: z.literal("unsubscribe") })
  .register(z.globalRegistry, { id: "Unsubscribe" });

/** All that a client may send, told apart by `action`. */
export const clientMessageSchema = z.discriminatedUnion("action", [subscribeSchema, pingSchema, unsubscribeSchema]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/**
 * Answers every subscribe (WS5). `changes` is what the client missed since its own rev: empty when nothing, absent when
 * it gave none, gave another epoch, or when they do not fit and are to be fetched.
 */
export const subscribedSchema = z
  .object({
    type: z.literal("subscribed"),
    date: dateSchema,
    epoch: epochSchema,
    rev: revisionSchema,
    protocolVersion: z.int(),
    release: z.string(),
    changes: z.array(diffSchema).optional(),
  })
  .register(z.globalRegistry, { id: "Subscribed" });
export type Subscribed = z.infer<typeof subscribedSchema>;

/** More has changed than is worth telling: take a new snapshot, at a moment of your own within a second. */
export const resetSchema = z
  .object({ type: z.literal("reset"), date: dateSchema, epoch: epochSchema, rev: revisionSchema })
  .register(z.globalRegistry, { id: "Reset" });
export type Reset = z.infer<typeof resetSchema>;

/** The fingerprint of the truth: how many cards the board has, and the sum of their versions (WS3). */
export const pongSchema = z
  .object({
    type: z.literal("pong"),
    date: dateSchema,
    epoch: epochSchema,
    rev: revisionSchema,
    cards: z.int(),
    versionSum: z.int(),
    at: instantSchema,
    release: z.string(),
  })
  .register(z.globalRegistry, { id: "Pong" });
export type Pong = z.infer<typeof pongSchema>;

export const liveErrorCodes = [
  "invalid_request",
  "payload_too_large",
  "rate_limited",
  "unavailable",
  "internal",
] as const;

export const liveErrorSchema = z
  .object({ type: z.literal("error"), code: z.enum(liveErrorCodes), message: z.string() })
  .register(z.globalRegistry, { id: "LiveError" });
export type LiveError = z.infer<typeof liveErrorSchema>;

/** Why the server ends a connection (WS6). */
export const byeCodes = ["session_ended", "going_away", "too_many_errors", "slow", "protocol_too_old"] as const;
export type ByeCode = (typeof byeCodes)[number];

export const byeSchema = z
  .object({ type: z.literal("bye"), code: z.enum(byeCodes), retryAfterMs: z.int().optional() })
  .register(z.globalRegistry, { id: "Bye" });
export type Bye = z.infer<typeof byeSchema>;

/** The WebSocket close code that follows a bye, https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1. */
export const closeCodeOf = (code: ByeCode): number => (code === "going_away" ? 1001 : 1008);

/** All that a server may send, told apart by `type`. */
export const serverMessageSchema = z.discriminatedUnion("type", [
  subscribedSchema,
  diffSchema,
  resetSchema,
  pongSchema,
  liveErrorSchema,
  byeSchema,
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;

/** GET …/board/changes?date&epoch&since: since+1 … rev without a hole; `head` is the newest there is. */
export const changesQuerySchema = z.strictObject({
  date: dateSchema,
  epoch: epochSchema,
  since: queryRevisionSchema(),
});
export type ChangesQuery = z.infer<typeof changesQuerySchema>;

function queryRevisionSchema() {
  return z
    .string()
    .regex(/^(0|[1-9][0-9]{0,14})$/, "must be a revision")
    .transform(Number)
    .pipe(z.int().min(0))
    .meta({ queryType: "integer", minimum: 0 });
}

export const changesSchema = z
  .object({ epoch: epochSchema, rev: revisionSchema, head: revisionSchema, changes: z.array(diffSchema) })
  .register(z.globalRegistry, { id: "Changes" });
export type Changes = z.infer<typeof changesSchema>;

/** POST /api/admin/live/ticket: good once, for 30 s. The client opens `url` with `?ticket=` appended. */
export const ticketSchema = z
  .object({ ticket: z.string(), expiresAt: instantSchema, url: z.string() })
  .register(z.globalRegistry, { id: "Ticket" });
export type Ticket = z.infer<typeof ticketSchema>;
