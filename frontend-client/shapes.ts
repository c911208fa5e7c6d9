import type { ErrorCode, RouteId, ServerMessage } from "@status-board/contracts";
import { statuses } from "./columns.ts";

/*
 * What comes from outside is looked at before it is believed, though lightly: as far as a board would otherwise be
 * corrupted by it, or stumble over it. Who shows more of it looks at more, see checks.ts. The schemas of the contract say
 * all, and weigh ten times as much as all of this package.
 */

/** What a value has to look like: a test, a list of such and such, or an object that has at least these fields. */
export type Shape = ((value: unknown) => boolean) | readonly Shape[] | Fields;
export type Fields = { readonly [field: string]: Shape };

/** What has to be there, by what it is: a call's answer, a message of a socket, or what comes with an error's code. */
export interface Checks {
  answers: { readonly [Id in RouteId]?: Fields };
  errors: { readonly [Code in ErrorCode]?: Fields };
  messages: { readonly [Type in ServerMessage["type"]]: Fields };
}

/** True where the value has that shape. */
export function fits(value: unknown, shape: Shape): boolean {
  if (typeof shape === "function") return shape(value);
  if (isList(shape)) return Array.isArray(value) && value.every((item) => shape.every((each) => fits(item, each)));
  const fields: Readonly<Record<string, unknown>> = Object(value);
  return fields === value && Object.entries(shape).every(([name, inner]) => fits(fields[name], inner));
}

const isList: (shape: Shape) => shape is readonly Shape[] = Array.isArray;

export const text = (value: unknown): value is string => typeof value === "string";
const whole = Number.isSafeInteger;
const optional = (shape: Shape) => (value: unknown) => value === undefined || fits(value, shape);
export const isStatus = (value: unknown) => statuses.includes(value as string);

const removal = { id: text, version: whole };
/** As much of a card as a board builds on. */
export const card = { ...removal, date: text, status: isStatus, rank: text };

/** What has to be there where a card looks so. */
export function checksFor(card: Fields): Checks {
  const at = { epoch: text, rev: whole };
  const diff = { ...at, ops: [(op: unknown) => fits(op, "card" in Object(op) ? { card } : removal)] } as const;
  const items = { items: [card] } as const;
  return {
    answers: {
      getBoard: { ...at, columns: Object.fromEntries(statuses.map((name) => [name, items])), removed: [removal] },
      getChanges: { epoch: text, head: whole, changes: [diff] },
      moveAppointment: card,
      undoMove: card,
    },
    errors: {
      invalid_request: { issues: [{ path: text }] },
      conflict: { reason: text },
      // One over something that has a rank is over a card.
      version_conflict: { current: (item) => fits(item, "rank" in Object(item) ? card : removal) },
      revision_gone: at,
    },
    messages: {
      subscribed: { ...at, changes: optional([diff]) },
      diff,
      reset: at,
      pong: { ...at, at: text, cards: whole, versionSum: whole },
      error: {},
      bye: { retryAfterMs: optional(whole) },
    },
  };
}

export const boardChecks = checksFor(card);
