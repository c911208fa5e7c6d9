import type { ErrorCode, errorStatus, RouteId, ServerMessage, Status } from "@status-board/contracts";

/*
 * What comes from outside is looked at before it is believed, though lightly: as far as the replica and a page would
 * otherwise stumble over it. The schemas of the contract say more, and weigh ten times as much as all of this package.
 */

/** What a value has to look like: a test, a list of such, or an object that has at least these fields. */
type Shape = ((value: unknown) => boolean) | readonly [Shape] | Fields;
type Fields = { readonly [field: string]: Shape };

/** True where the value has that shape. */
export function fits(value: unknown, shape: Shape): boolean {
  if (typeof shape === "function") return shape(value);
  if (isListShape(shape)) return Array.isArray(value) && value.every((item) => fits(item, shape[0]));
  const fields: Readonly<Record<string, unknown>> = Object(value);
  return fields === value && Object.entries(shape).every(([name, inner]) => fits(fields[name], inner));
}

const isListShape = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);

export const text = (value: unknown): value is string => typeof value === "string";
const whole = Number.isSafeInteger;
const time = (value: unknown) => text(value) && Date.parse(value) > 0;
const object = {};

const column: Fields = { items: [card] };
const columns: Record<Status, Shape> = {
  scheduled: column,
  in_progress: column,
  ready: column,
  completed: column,
  no_show: column,
};
const status = (value: unknown) => Object.keys(columns).some((known) => known === value);
const versioned = { id: text, version: whole };

function card(value: unknown): boolean {
  const details: Fields = { start: time, end: time, customer: { name: text }, vehicle: object, services: [object] };
  return fits(value, { ...versioned, date: text, status, rank: text, ...details });
}

const op = (value: unknown): boolean => {
  const is = (wanted: string) => (kind: unknown) => kind === wanted;
  return fits(value, { op: is("upsert"), card }) || fits(value, { op: is("remove"), ...versioned });
};
const at = { epoch: text, rev: whole };
const diff: Fields = { ...at, date: text, ops: [op] };

/** What an answer brings on which something is built. */
export const answers: { readonly [Id in RouteId]?: Shape } = {
  getBoard: { ...at, columns, removed: [versioned] },
  getChanges: { ...at, head: whole, changes: [diff] },
  getAppointment: card,
  createAppointment: card,
  editAppointment: card,
  moveAppointment: card,
  undoMove: card,
  removeAppointment: versioned,
  getHistory: { items: [object] },
  listServices: { items: [object] },
  listDevices: { items: [object] },
  createTicket: { ticket: text, url: text },
  getMe: {
    user: { id: text, name: text },
    shop: { name: text, timeZone: text, locale: text, currency: text },
    role: text,
  },
  getShop: { technicians: [{ id: text, name: text }] },
};

/** Every code, its HTTP status, and what comes with it. A conflict over something that has a status is over a card. */
const errorTable: { readonly [Code in ErrorCode]: readonly [(typeof errorStatus)[Code], Fields?] } = {
  invalid_request: [400, { issues: [{ path: text, message: text }] }],
  unauthenticated: [401],
  forbidden: [403],
  not_found: [404],
  method_not_allowed: [405],
  conflict: [409, { reason: text }],
  version_conflict: [
    409,
    {
      current: (item) =>
        fits(item, versioned) && (fits(item, { status: (known) => known === undefined }) || card(item)),
    },
  ],
  invalid_transition: [409, { from: status, to: status, allowed: [status] }],
  revision_gone: [410, at],
  payload_too_large: [413],
  unsupported_media_type: [415],
  rate_limited: [429],
  internal: [500],
  unavailable: [503],
};
export const errors = new Map<unknown, readonly [number, Fields?]>(Object.entries(errorTable));

/** The messages of a socket. */
const messageTable: { readonly [Type in ServerMessage["type"]]: Shape } = {
  subscribed: { ...at, date: text, changes: (value) => value === undefined || fits(value, [diff]) },
  diff,
  reset: { ...at, date: text },
  pong: { ...at, date: text, at: text, cards: whole, versionSum: whole },
  error: { code: text },
  bye: { code: text, retryAfterMs: (value) => value === undefined || whole(value) },
};
const messages = new Map<unknown, Shape>(Object.entries(messageTable));

/** A frame as the message that it is; undefined for what no server of ours would say. */
export function readMessage(frame: unknown): ServerMessage | undefined {
  try {
    const message = JSON.parse(String(frame));
    const shape = messages.get(message?.type);
    return shape && fits(message, shape) ? message : undefined;
  } catch {
    return undefined;
  }
}
