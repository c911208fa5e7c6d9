import type { Appointment, Status } from "@status-board/contracts";
import { acceptsMove, moved, respaced, type StoredCard, tombstoneOf } from "../../domain/appointment.ts";
import { remember } from "../../domain/mutation.ts";
import { type Anchor, type ColumnKey, place } from "../../domain/place.ts";
import type { Random } from "../../domain/rank.ts";
import type {
  CardChange,
  CardCreation,
  ChangeResult,
  CreateResult,
  Decision,
  MoveCommand,
  MoveResult,
} from "../store.ts";
import type { AppointmentRow, AppointmentRows } from "./appointment-rows.ts";

/** What a write works with: the statements, and the moment it takes place. */
interface Work {
  rows: AppointmentRows;
  now: () => Date;
}

type ChangeOutcome<T> = ChangeResult<StoredCard, T> | { kind: "board_full" };

/** The item behind an id. A tombstone whose week is over counts as absent, whether or not its row is still there. */
export function findItem({ rows, now }: Work, shopId: string, id: string): AppointmentRow | undefined {
  const found = rows.find(shopId, id);
  if (found?.item.kind === "tombstone" && found.item.expiresAt <= now().toISOString()) return undefined;
  return found;
}

/** Makes a card at the end of its column, unless its id was ever used or the board is full. */
export function createCard({ rows }: Work, creation: CardCreation): CreateResult {
  const { shopId, card, hash, random, maxCards } = creation;
  const used = rows.findPointer(shopId, card.id);
  if (used !== undefined) {
    const current = used.removed ? undefined : rows.find(shopId, card.id)?.item;
    return { kind: "id_taken", hash: used.hash, ...(current?.kind === "card" && { current }) };
  }
  if (rows.count(shopId, card.date) >= maxCards) return { kind: "board_full" };
  const placement = { date: card.date, status: card.status, id: card.id, anchor: { kind: "end" } as const };
  const rank = makeRoom(rows, shopId, placement, random, card.createdAt);
  const stored: StoredCard = { kind: "card", card: { ...card, rank }, memory: [] };
  rows.addPointer(shopId, card.id, card.date, hash);
  rows.put(shopId, stored, null);
  return { kind: "created", current: stored };
}

/** Moves a card if the move's condition holds for it as it stands. */
export function moveCard(work: Work, command: MoveCommand): MoveResult {
  const { shopId, id, to, anchor, random, at } = command;
  const found = findItem(work, shopId, id);
  if (found === undefined) return { kind: "not_found" };
  const current = found.item;
  if (!acceptsMove(current, command)) return { kind: "refused", current };
  const placement = { date: current.card.date, status: to, id, anchor };
  const rank = makeRoom(work.rows, shopId, placement, random, at);
  const next = moved(current, { ...command, rank });
  work.rows.put(shopId, next, found.json);
  return { kind: "moved", current: next };
}

/** Does to a card what is decided from its state. */
export function changeCard<T>(work: Work, change: CardChange<T>): ChangeOutcome<T> {
  const found = findItem(work, change.shopId, change.id);
  if (found === undefined) return { kind: "not_found" };
  const decision = change.decide(found.item);
  if (decision.kind === "refuse") return { kind: "refused", outcome: decision.outcome };
  if (found.item.kind === "tombstone") throw new Error("a removed card cannot be written");
  const current = { stored: found.item, json: found.json };
  if (decision.kind === "remove") return removeCard(work.rows, change.shopId, current, decision);
  const { item, mutation } = decision;
  const next: StoredCard = {
    kind: "card",
    card: item,
    memory: remember(current.stored.memory, mutation, item.version),
  };
  if (item.date !== current.stored.card.date) return rescheduleCard(work.rows, change, current, next);
  work.rows.put(change.shopId, next, found.json);
  return { kind: "written", current: next };
}

interface Current {
  stored: StoredCard;
  json: string;
}

function removeCard(
  rows: AppointmentRows,
  shopId: string,
  { stored, json }: Current,
  removal: Extract<Decision<Appointment, never>, { kind: "remove" }>,
): { kind: "removed"; version: number } {
  const tombstone = tombstoneOf(stored, removal);
  rows.put(shopId, tombstone, json);
  rows.markRemoved(shopId, tombstone.id);
  return { kind: "removed", version: tombstone.version };
}

/** Takes a card to the end of its column on another board and leaves a tombstone on its own (AP3). */
function rescheduleCard<T>(
  rows: AppointmentRows,
  { shopId, random, maxCards }: CardChange<T>,
  { stored, json }: Current,
  next: StoredCard,
): ChangeOutcome<T> {
  const { id, date, status, updatedAt: at, updatedBy: by } = next.card;
  if (maxCards !== undefined && rows.count(shopId, date) >= maxCards) return { kind: "board_full" };
  const rank = makeRoom(rows, shopId, { date, status, id, anchor: { kind: "end" } }, random, at);
  const placed: StoredCard = { ...next, card: { ...next.card, rank } };
  rows.put(shopId, tombstoneOf(stored, { by, at, movedTo: date }), json);
  rows.put(shopId, placed, rows.findOn(shopId, date, id)?.json ?? null);
  rows.movePointer(shopId, id, date);
  return { kind: "written", current: placed };
}

/** The rank for a card at a place, after its neighbours have made room where that was needed (MV5). */
function makeRoom(
  rows: AppointmentRows,
  shopId: string,
  { date, status, id, anchor }: { date: string; status: Status; id: string; anchor: Anchor },
  random: Random,
  at: string,
): string {
  const placement = place(rows.column(shopId, date, status), id, anchor, random);
  for (const neighbour of placement.respaced) respace(rows, shopId, date, neighbour, at);
  return placement.rank;
}

function respace(rows: AppointmentRows, shopId: string, date: string, key: ColumnKey, at: string): void {
  const found = rows.findOn(shopId, date, key.id);
  if (found?.item.kind !== "card") throw new Error("a column names a card that is not there");
  rows.put(shopId, respaced(found.item, key.rank, at), found.json);
}
