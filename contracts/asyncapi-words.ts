import type { Appointment } from "./appointment.ts";
import { limits } from "./limits.ts";
import { byeCodes, type ClientMessage, closeCodeOf, type Diff, type ServerMessage, type Subscribed } from "./live.ts";
import type { PublicAppointment, PublicDiff, PublicSubscribed } from "./public.ts";
import { PROTOCOL_VERSION } from "./version.ts";

/** What the document says of a message, in words and by an example. */
export interface Words<Message> {
  title: string;
  summary: string;
  description?: string;
  example: Message;
}

type Received = { [Action in ClientMessage["action"]]: Words<Extract<ClientMessage, { action: Action }>> };
type Sent = { [Type in ServerMessage["type"]]: Words<Extract<ServerMessage, { type: Type }>> };

const board = { date: "2026-03-17", epoch: "01KKX3G2T5Z6S8V9W0XYA1BCDE" } as const;

const publicCard: PublicAppointment = {
  id: "01KKX4R7M3N5P6Q8R9S0T1V2W3",
  date: board.date,
  version: 4,
  status: "ready",
  rank: "a1k9",
  start: "2026-03-17T08:30:00.000Z",
  end: "2026-03-17T09:30:00.000Z",
  customer: { name: "Maria Keller" },
  vehicle: { make: "VW", model: "Golf", plate: "B-MK 1234" },
  services: [{ name: "Oil change" }],
  checkInAt: "2026-03-17T08:34:12.120Z",
};

const card: Appointment = {
  ...publicCard,
  customer: { name: "Maria Keller", phone: "+49 30 5550142" },
  vehicle: { year: 2017, make: "VW", model: "Golf", plate: "B-MK 1234" },
  services: [{ code: "OIL", name: "Oil change", priceCents: 8_900, minutes: 45 }],
  totalCents: 8_900,
  paidCents: 0,
  createdAt: "2026-03-16T14:02:51.004Z",
  updatedAt: "2026-03-17T09:21:07.330Z",
  updatedBy: { id: "u-ana", name: "Ana" },
};

const diffAt = { type: "diff", ...board, rev: 42, at: "2026-03-17T09:21:07.330Z" } as const;
const diff: Diff = { ...diffAt, ops: [{ op: "upsert", card }] };
const publicDiff: PublicDiff = { ...diffAt, ops: [{ op: "upsert", card: publicCard }] };

const subscribedAt = {
  type: "subscribed",
  ...board,
  rev: 42,
  protocolVersion: PROTOCOL_VERSION,
  release: "0.1.0",
} as const;
const subscribed: Subscribed = { ...subscribedAt, changes: [diff] };
const publicSubscribed: PublicSubscribed = { ...subscribedAt, changes: [publicDiff] };

/** Client to server, by `action`. */
export const receivedWords: Received = {
  subscribe: {
    title: "subscribe",
    summary: "Watch one day's board, instead of the one watched so far",
    description: `Always answered by \`subscribed\`. State \`epoch\` and \`rev\` of what you hold, and the answer brings what you missed.`,
    example: { action: "subscribe", ...board, rev: 41, protocolVersion: PROTOCOL_VERSION },
  },
  ping: {
    title: "ping",
    summary: "Ask for the board's revision and fingerprint",
    description:
      "Answered by `pong`; before any subscribe it is an error. Every 25 s while the screen is visible and every 4 min while it is hidden is often enough.",
    example: { action: "ping", rev: 42 },
  },
  unsubscribe: {
    title: "unsubscribe",
    summary: "Stop watching, and keep the connection",
    description: "Has no answer.",
    example: { action: "unsubscribe" },
  },
};

/** Server to client, by `type`. */
export const sentWords: Sent = {
  subscribed: {
    title: "subscribed",
    summary: "The board is being watched, and stands at this revision",
    description:
      "`changes` is what you missed since the `rev` that you stated: empty when nothing. It is absent when you stated none, or one of another epoch, or when the changes do not fit into a message: then fetch them, or the board.",
    example: subscribed,
  },
  diff: {
    title: "diff",
    summary: "The board's next revision",
    description:
      "Ignore a revision that you have, and an op whose `version` is not newer than what you hold of that card, removed ones included. After a gap fetch what is missing.",
    example: diff,
  },
  reset: {
    title: "reset",
    summary: "More changed than is worth telling: take a new snapshot",
    description: "Wait for a random time of up to one second first, so that not every screen asks at once.",
    example: { type: "reset", ...board, rev: 57 },
  },
  pong: {
    title: "pong",
    summary: "The board's revision, and a fingerprint of the truth",
    description:
      "`cards` is how many cards the board has, `versionSum` the sum of their versions. Compare them only when `rev` is your own. If two successive pongs at your revision differ from what you hold, you are stale: say so, and take snapshots until you agree.",
    example: {
      type: "pong",
      ...board,
      rev: 42,
      cards: 18,
      versionSum: 71,
      at: "2026-03-17T09:21:30.018Z",
      release: "0.1.0",
    },
  },
  error: {
    title: "error",
    summary: "A message could not be understood or answered; the connection stays",
    description: "`message` names the field.",
    example: { type: "error", code: "invalid_request", message: "date: must be a calendar day, YYYY-MM-DD" },
  },
  bye: {
    title: "bye",
    summary: "The server ends the connection, and says why",
    description: "The close follows at once. Come back no sooner than after `retryAfterMs`, where it is given.",
    example: { type: "bye", code: "going_away", retryAfterMs: 1_000 },
  },
};

/** What a viewer gets in the place of the message of the same `type`. */
export const publicWords: { subscribed: Words<PublicSubscribed>; diff: Words<PublicDiff> } = {
  subscribed: {
    title: "subscribed, to a viewer",
    summary: "As `subscribed`, with the public projection of cards",
    example: publicSubscribed,
  },
  diff: {
    title: "diff, to a viewer",
    summary: "As `diff`, with the public projection of cards",
    example: publicDiff,
  },
};

/** Why the server closes a connection, by WebSocket close code. */
export const closeCodes: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    [...new Set(byeCodes.map(closeCodeOf))].map((code) => [code, byeCodes.filter((bye) => closeCodeOf(bye) === code)]),
  ),
  1009: [`a frame over ${limits.serverMessageMaxBytes / 1_024} KB`],
};

/** The limits of the socket. */
export const liveLimits = {
  ticketValidMs: limits.ticketValidMs,
  clientMessageMaxBytes: limits.clientMessageMaxBytes,
  serverMessageMaxBytes: limits.serverMessageMaxBytes,
  clientMessagesMax: limits.clientMessagesMax,
  clientErrorsMax: limits.clientErrorsMax,
  clientMessagesWindowMs: limits.clientMessagesWindowMs,
  connectionIdleMaxMs: limits.connectionIdleMaxMs,
  connectionLifeMaxMs: limits.connectionLifeMaxMs,
} as const;

const seconds = (ms: number) => `${ms / 1_000} s`;
const minutes = (ms: number) => `${ms / 60_000} min`;

/** The document's introduction: the order of things, then what bounds and ends a connection. In Markdown. */
export const introduction = `A board's changes as they happen, over one WebSocket. Protocol version ${PROTOCOL_VERSION}. All else goes over HTTP: reading a board, changing it, fetching changes.

## The order of things

1. **Ticket.** \`POST /api/admin/live/ticket\` answers \`{ ticket, expiresAt, url }\`. A ticket is good once, for ${seconds(limits.ticketValidMs)}, for the user, role and shop that asked.
2. **Connect.** Open \`url\` with \`?ticket=\` and the ticket appended. A handshake is refused with 401 for its ticket, with 403 for its Host or Origin.
3. **Subscribe.** Send \`subscribe\` with the day, and with \`epoch\` and \`rev\` of what you hold. Keep every \`diff\` from now on, and apply none yet.
4. **Resume.** \`subscribed\` tells the board's revision. With \`changes\`, apply them. Without: if you hold an earlier revision of the same epoch, \`GET /api/admin/appointments/board/changes\` brings what you missed; if you hold nothing, if the epoch is another, or if that answers \`revision_gone\`, drop all you hold and \`GET /api/admin/appointments/board\`. Then apply the diffs that you kept.
5. **Diffs.** Each is the next revision of the board: \`rev\` rises by one. Ignore what you have. If one is missing, fetch the changes since your own revision. So loss, repetition and disorder do no harm.
6. **Heartbeat.** Send \`ping\`, and compare \`pong\` with what you hold. A screen that cannot be sure says so.
7. **Again.** After a close, take a new ticket and begin at 1, with \`epoch\` and \`rev\`: after a random time that grows from 0.5 to 30 s, or when \`bye\` says. A planned swap opens the second connection before it closes the first.

\`epoch\` names the life of the database; revisions of another epoch say nothing about this one. A board without any change is at \`rev\` 0. Changes are kept for ${limits.changeKeptMs / 3_600_000} h. Times are UTC with milliseconds, money is whole cents.

A connection hears one board of its own shop, and nothing once its session has ended. A viewer gets the public projection of cards: no contact data, no prices, no notes, and not who made a change.

## Limits

| | |
|---|---|
| a message to the server | ${limits.clientMessageMaxBytes / 1_024} KB |
| a message from the server | under ${limits.serverMessageMaxBytes / 1_024} KB |
| messages to the server | ${limits.clientMessagesMax} in ${seconds(limits.clientMessagesWindowMs)} |
| errors that end the connection | ${limits.clientErrorsMax} in ${seconds(limits.clientMessagesWindowMs)} |
| a connection without any message | ${minutes(limits.connectionIdleMaxMs)} |
| a connection in all | ${minutes(limits.connectionLifeMaxMs)} |

## How a connection ends

| Close code | Because of |
|---|---|
${Object.entries(closeCodes)
  .map(
    ([code, reasons]) =>
      `| ${code} | ${reasons.map((reason) => (reason.includes(" ") ? reason : `bye \`${reason}\``)).join(", ")} |`,
  )
  .join("\n")}
`;
