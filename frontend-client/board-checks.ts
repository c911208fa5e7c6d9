import type {
  ApiError,
  Appointment,
  Diff,
  ErrorCode,
  RouteId,
  RouteResponse,
  ServerMessage,
  Status,
} from "@status-board/contracts";
import { statuses } from "./columns.ts";
import type { Removal, ReplicaCard } from "./replica-input.ts";

/*
 * What comes from outside is looked at before it is believed, though lightly: as far as a board would otherwise be
 * corrupted by it, or stumble over it. Who shows more of it looks at more, see checks.ts. The schemas of the contract say
 * all, and weigh ten times as much as all of this package.
 */

/** True where a value is what it claims to be. It may stumble over one that is nothing of the kind: that is a no. */
export type Check<Claimed> = (claimed: Claimed) => boolean;

/** What is looked at: a call's answer, a failure that the server tells of, a message of a socket. */
export interface Checks {
  answers: { readonly [Id in RouteId]?: Check<RouteResponse<Id>> };
  error: Check<ApiError>;
  messages: { readonly [Type in ServerMessage["type"]]: Check<Extract<ServerMessage, { type: Type }>> };
}

/** What a failure with this code brings along. */
export type ErrorChecks = { readonly [Code in ErrorCode]?: Check<Extract<ApiError, { code: Code }>> };

/** A JSON text as what it claims to be; undefined where it is not. */
export function sound<Claimed>(json: string, check: Check<Claimed>): Claimed | undefined {
  try {
    const claimed: Claimed = JSON.parse(json);
    return check(claimed) === true ? claimed : undefined;
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown) => Object(value) === value;
export const isText = (value: unknown): value is string => typeof value === "string";
const isWhole = Number.isSafeInteger;
export const isStatus = (value: Status) => statuses.includes(value);

const isRemoval = (removal: Removal) => isText(removal.id) && isWhole(removal.version);
const isRevision = (told: { epoch: string; rev: number }) => isText(told.epoch) && isWhole(told.rev);

/** As much of a card as a board builds on. */
export const isCard = (card: ReplicaCard) =>
  isRemoval(card) && isText(card.date) && isText(card.rank) && isStatus(card.status);

/** True where all is there that this code promises; of a code that is not known nothing is. */
export const bringsAll = (checks: ErrorChecks, error: ApiError): boolean =>
  (checks[error.code] as Check<ApiError> | undefined)?.(error) ?? true;

/** What has to be there where this is a card. */
export function checksFor(isCard: Check<Appointment>): Checks {
  const isDiff = (diff: Diff) =>
    isRevision(diff) && diff.ops.every((op) => ("card" in op ? isCard(op.card) : isRemoval(op)));
  const errors: ErrorChecks = {
    invalid_request: (error) => error.issues.every((issue) => isText(issue.path)),
    // One over something that has a rank is over a card.
    version_conflict: (error) => ("rank" in error.current ? isCard(error.current) : isRemoval(error.current)),
  };
  return {
    answers: {
      getBoard: (board) =>
        isRevision(board) &&
        board.removed.every(isRemoval) &&
        statuses.every((status) => board.columns[status].items.every(isCard)),
      getChanges: (answer) => isText(answer.epoch) && isWhole(answer.head) && answer.changes.every(isDiff),
      moveAppointment: isCard,
      undoMove: isCard,
    },
    error: (error) =>
      isText(error.code) && isText(error.message) && isText(error.correlationId) && bringsAll(errors, error),
    messages: {
      subscribed: (message) => isRevision(message) && (message.changes?.every(isDiff) ?? true),
      diff: isDiff,
      reset: isRevision,
      pong: (pong) => isRevision(pong) && isText(pong.at) && isWhole(pong.cards) && isWhole(pong.versionSum),
      error: () => true,
      bye: (bye) => isWhole(bye.retryAfterMs ?? 0),
    },
  };
}

export const boardChecks = checksFor(isCard);
