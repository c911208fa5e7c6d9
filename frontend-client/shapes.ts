import type { ErrorCode, errorStatus, ServerMessage } from "@status-board/contracts";
import { statuses } from "./columns.ts";

/*
 * What comes from outside is looked at before it is believed, though lightly: as far as the replica and a page would
 * otherwise stumble over it. The schemas of the contract say more, and weigh ten times as much as all of this package.
 */

/** What a value has to look like: a test, a list of such and such, or an object that has at least these fields. */
export type Shape = ((value: unknown) => boolean) | readonly Shape[] | Fields;
type Fields = { readonly [field: string]: Shape };

/** True where the value has that shape. */
export function fits(value: unknown, shape: Shape): boolean {
  if (typeof shape === "function") return shape(value);
  if (isList(shape)) return Array.isArray(value) && value.every((item) => shape.every((each) => fits(item, each)));
  const fields: Readonly<Record<string, unknown>> = Object(value);
  return fields === value && Object.entries(shape).every(([name, inner]) => fits(fields[name], inner));
}

const isList: (shape: Shape) => shape is readonly Shape[] = Array.isArray;

export const text = (value: unknown): value is string => typeof value === "string";
export const whole = Number.isSafeInteger;
const time = (value: unknown) => text(value) && Date.parse(value) > 0;
const object = {};

const status = (value: unknown) => statuses.some((known) => known === value);
export const columns: Fields = Object.fromEntries(statuses.map((name) => [name, { items: [card] }]));
export const removal = { id: text, version: whole };

export function card(value: unknown): boolean {
  const details: Fields = { start: time, end: time, customer: { name: text }, vehicle: object, services: [object] };
  return fits(value, { ...removal, date: text, status, rank: text, ...details });
}

const op = (value: unknown): boolean =>
  fits(value, Object(value).op === "remove" ? removal : { op: (kind) => kind === "upsert", card });
export const at = { epoch: text, rev: whole };
const diff: Fields = { ...at, date: text, ops: [op] };
export const changes: Shape = [diff];
/** Somebody. */
export const named: Fields = { id: text, name: text };
/** A page of things whose fields nothing here leans on. */
export const list: Fields = { items: [object] };

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
      current: (item) => fits(item, removal) && (fits(item, { status: (known) => known === undefined }) || card(item)),
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
  subscribed: { ...at, date: text, changes: (value) => value === undefined || fits(value, changes) },
  diff,
  reset: { ...at, date: text },
  pong: { ...at, date: text, at: text, cards: whole, versionSum: whole },
  error: { code: text },
  bye: { code: text, retryAfterMs: (value) => value === undefined || whole(value) },
};
const messages = new Map<unknown, Shape>(Object.entries(messageTable));

/** A frame as the message that it is; undefined for what no server of ours would say. */
export function readMessage(frame: unknown): ServerMessage | undefined {
  const message = parsed(String(frame));
  const shape = messages.get(Object(message).type);
  return shape && fits(message, shape) ? (message as ServerMessage) : undefined;
}

/** A text as the JSON that it is; undefined where it is none. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
