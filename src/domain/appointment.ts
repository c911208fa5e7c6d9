import {
  type Appointment,
  isAllowed,
  limits,
  type Named,
  type Role,
  type Status,
  statusesOf,
  targetsOf,
} from "@status-board/contracts";
import { type Mutation, type MutationMemory, recall, remember } from "./mutation.ts";
import { defined, notFound, type Outcome, ok, type Refusal } from "./outcome.ts";

/** What a move replaced, kept so that its mover can undo it (MV7). Only a move with a mutation id leaves one. */
export interface UndoRecord {
  mutationId: string;
  /** The version that the move made; a re-spacing carries it along. */
  version: number;
  at: string;
  /** The mover's user id. */
  by: string;
  status: Status;
  rank: string;
  checkInAt?: string;
  checkOutAt?: string;
}

/** A card as the store holds it: what everybody sees, and what only the server needs. */
export interface StoredCard {
  kind: "card";
  card: Appointment;
  memory: MutationMemory;
  undo?: UndoRecord;
}

/** What remains of a removed card for seven days (CA6). `movedTo` is the day to which it went, if it lives on. */
export interface Tombstone {
  kind: "tombstone";
  id: string;
  date: string;
  version: number;
  at: string;
  by: Named;
  movedTo?: string;
  expiresAt: string;
  memory: MutationMemory;
}

export type StoredAppointment = StoredCard | Tombstone;

/** A move as it is judged: `from` are the columns from which the mover may bring a card to `to`. */
export interface MoveRequest {
  expectedVersion: number;
  to: Status;
  from: readonly Status[];
  mutation?: Mutation;
}

/** The condition of a move, the same that the stores write into their own conditions (MV2, MV4). */
export function acceptsMove(current: StoredAppointment, move: MoveRequest): current is StoredCard {
  return (
    current.kind === "card" &&
    current.card.version === move.expectedVersion &&
    move.from.includes(current.card.status) &&
    recall(current.memory, move.mutation) === "new"
  );
}

/** The repeat of a write, a stale version, or a removed card: what every write is refused for first (HT2's order). */
export function judgeWrite(
  current: StoredAppointment,
  expectedVersion: number,
  mutation: Mutation | undefined,
): Outcome<Appointment> | undefined {
  if (current.kind === "tombstone") return notFound;
  const recalled = recall(current.memory, mutation);
  if (recalled === "repeat") return ok(current.card);
  if (recalled === "reused") return { kind: "conflict", reason: "mutation_reused" };
  if (current.card.version !== expectedVersion) return { kind: "version_conflict", current: current.card };
  return undefined;
}

/** Says why a move was not accepted. Undefined when nothing speaks against it, so that it may be tried again. */
export function judgeMove(current: StoredAppointment, move: MoveRequest, role: Role): Outcome<Appointment> | undefined {
  return judgeWrite(current, move.expectedVersion, move.mutation) ?? judgeStep(current, move.to, role);
}

function judgeStep(current: StoredAppointment, to: Status, role: Role): Refusal | undefined {
  if (current.kind === "tombstone") return notFound;
  const from = current.card.status;
  const open = statusesOf(role);
  if (!open.includes(from) || !open.includes(to))
    return { kind: "forbidden", message: `A ${role} may not move a card from ${from} to ${to}.` };
  return isAllowed(from, to) ? undefined : { kind: "invalid_transition", from, to, allowed: targetsOf(from, role) };
}

/** The check times that a card has in a column: decided by the column alone (CA4). */
function checkTimes(card: Appointment, to: Status, at: string): Pick<Appointment, "checkInAt" | "checkOutAt"> {
  const { checkInAt, checkOutAt } = card;
  if (to === "in_progress" || to === "ready") return { checkInAt: checkInAt ?? at };
  if (to === "completed") return defined({ checkInAt, checkOutAt: checkOutAt ?? at });
  return {};
}

/** The next version of a card with some fields replaced. */
export function nextCard(card: Appointment, change: Partial<Appointment>, by: Named, at: string): Appointment {
  return { ...card, ...change, version: card.version + 1, updatedAt: at, updatedBy: by };
}

/** The card after a move: place, check times, version, memory and the way back. */
export function moved(
  current: StoredCard,
  move: { to: Status; rank: string; mutation?: Mutation; by: Named; at: string },
): StoredCard {
  const { checkInAt, checkOutAt, ...rest } = current.card;
  const { status, rank } = current.card;
  const card = nextCard(
    rest,
    { status: move.to, rank: move.rank, ...checkTimes(current.card, move.to, move.at) },
    move.by,
    move.at,
  );
  const undo = move.mutation && {
    mutationId: move.mutation.id,
    version: card.version,
    at: move.at,
    by: move.by.id,
    ...defined({ status, rank, checkInAt, checkOutAt }),
  };
  return defined({ kind: "card" as const, card, memory: remember(current.memory, move.mutation, card.version), undo });
}

/** A neighbour with a new rank: a version of its own, while its memory and the way back stay as they are (MV5). */
export function respaced(current: StoredCard, rank: string, at: string): StoredCard {
  const undo = current.undo && { ...current.undo, version: current.undo.version + 1 };
  return { ...current, card: nextCard(current.card, { rank }, system, at), ...(undo && { undo }) };
}

/** Who is named for what nobody did by hand. */
export const system: Named = { id: "system", name: "system" };

/**
 * The card as it was before its last move, if that may be undone: by its mover, within a minute, and while nothing but
 * re-spacing has touched it since (MV7).
 */
export function undone(
  current: StoredCard,
  request: { mutationId: string; by: Named; role: Role; at: string },
): { kind: "undone"; card: Appointment } | Refusal {
  const { undo, card } = current;
  const named = undo?.mutationId === request.mutationId;
  if (undo === undefined || !named || undo.version !== card.version) {
    const remembered = current.memory.find(({ id }) => id === request.mutationId);
    if (named || (remembered !== undefined && remembered.version !== card.version))
      return { kind: "version_conflict", current: card };
    return {
      kind: "invalid_transition",
      from: card.status,
      to: card.status,
      allowed: targetsOf(card.status, request.role),
    };
  }
  const open = statusesOf(request.role);
  if (!open.includes(card.status) || !open.includes(undo.status))
    return {
      kind: "forbidden",
      message: `A ${request.role} may not move a card from ${card.status} to ${undo.status}.`,
    };
  const tooOld = Date.parse(request.at) - Date.parse(undo.at) > limits.undoWindowMs;
  if (tooOld || undo.by !== request.by.id)
    return {
      kind: "invalid_transition",
      from: card.status,
      to: undo.status,
      allowed: targetsOf(card.status, request.role),
    };
  const { checkInAt: _in, checkOutAt: _out, ...rest } = card;
  const { status, rank, checkInAt, checkOutAt } = undo;
  return {
    kind: "undone",
    card: nextCard(rest, defined({ status, rank, checkInAt, checkOutAt }), request.by, request.at),
  };
}

/** The tombstone that takes a card's place on its board. */
export function tombstoneOf(
  current: StoredCard,
  removal: { by: Named; at: string; movedTo?: string; mutation?: Mutation },
): Tombstone {
  const { id, date, version } = current.card;
  const { by, at, movedTo, mutation } = removal;
  return defined({
    kind: "tombstone" as const,
    id,
    date,
    version: version + 1,
    at,
    by,
    movedTo,
    expiresAt: new Date(Date.parse(at) + limits.tombstoneKeptMs).toISOString(),
    memory: remember(current.memory, mutation, version + 1),
  });
}
