import type { Appointment } from "@status-board/contracts";
import {
  acceptsMove,
  moved,
  respaced,
  type StoredAppointment,
  type StoredCard,
  tombstoneOf,
} from "../../domain/appointment.ts";
import { remember } from "../../domain/mutation.ts";
import { type Anchor, place } from "../../domain/place.ts";
import type { Random } from "../../domain/rank.ts";
import type {
  CardChange,
  CardCreation,
  ChangeResult,
  CreateResult,
  Creation,
  Decision,
  MoveCommand,
  MoveResult,
} from "../store.ts";
import type { AppointmentRows } from "./appointment-rows.ts";
import { type Boards, countCards } from "./boards.ts";

/** What a write works with. */
export interface Work {
  rows: AppointmentRows;
  boards: Boards;
  now: () => Date;
}

type ChangeOutcome<T> = ChangeResult<StoredCard, T> | { kind: "board_full" };

/** The item behind an id. A tombstone whose week is over counts as absent, whether or not its row is still there. */
export function findItem({ rows, boards, now }: Work, shopId: string, id: string): StoredAppointment | undefined {
  const pointer = rows.findPointer(shopId, id);
  const item = pointer && boards.get(shopId, pointer.date).items.get(id)?.item;
  const expired = item?.kind === "tombstone" && item.expiresAt <= now().toISOString();
  return expired ? undefined : item;
}

/** What the id was used for, as its pointer tells for good. */
export function findCreation(work: Work, shopId: string, id: string): Creation | undefined {
  const used = work.rows.findPointer(shopId, id);
  if (used === undefined) return undefined;
  const current = findItem(work, shopId, id);
  return { hash: used.hash, ...(current?.kind === "card" && { current }) };
}

/** Makes a card at the end of its column, unless its id was ever used or the board is full. */
export function createCard(work: Work, { shopId, card, hash, random, maxCards }: CardCreation): CreateResult {
  const used = findCreation(work, shopId, card.id);
  if (used !== undefined) return { kind: "id_taken", ...used };
  if (isFull(work, shopId, card.date, maxCards)) return { kind: "board_full" };
  const rank = makeRoom(work, shopId, card, { kind: "end" }, random, card.createdAt);
  const current: StoredCard = { kind: "card", card: { ...card, rank }, memory: [] };
  work.boards.put(shopId, current);
  work.rows.addPointer(shopId, card.id, { date: card.date, hash });
  return { kind: "created", current };
}

/** Moves a card if the move's condition holds for it as it stands. */
export function moveCard(work: Work, command: MoveCommand): MoveResult {
  const { shopId, id, to, anchor, random, at } = command;
  const current = findItem(work, shopId, id);
  if (current === undefined) return { kind: "not_found" };
  if (!acceptsMove(current, command)) return { kind: "refused", current };
  const rank = makeRoom(work, shopId, { ...current.card, status: to }, anchor, random, at);
  const next = moved(current, { ...command, rank });
  work.boards.put(shopId, next);
  return { kind: "moved", current: next };
}

/** Does to a card what is decided from its state. */
export function changeCard<T>(work: Work, change: CardChange<T>): ChangeOutcome<T> {
  const { shopId, id, decide } = change;
  const current = findItem(work, shopId, id);
  if (current === undefined) return { kind: "not_found" };
  const decision = decide(current);
  if (decision.kind === "refuse") return { kind: "refused", outcome: decision.outcome };
  if (current.kind === "tombstone") throw new Error("a removed card cannot be written");
  if (decision.kind === "remove") return removeCard(work, shopId, current, decision);
  const { item: card, mutation } = decision;
  const next: StoredCard = { kind: "card", card, memory: remember(current.memory, mutation, card.version) };
  if (card.date !== current.card.date) return rescheduleCard(work, change, current, next);
  work.boards.put(shopId, next);
  return { kind: "written", current: next };
}

function removeCard(
  { rows, boards }: Work,
  shopId: string,
  current: StoredCard,
  removal: Extract<Decision<Appointment, never>, { kind: "remove" }>,
): { kind: "removed"; version: number } {
  const tombstone = tombstoneOf(current, removal);
  boards.put(shopId, tombstone);
  rows.markRemoved(shopId, tombstone.id);
  return { kind: "removed", version: tombstone.version };
}

/** Takes a card to the end of its column on another board and leaves a tombstone on its own (AP3). */
function rescheduleCard<T>(
  work: Work,
  { shopId, random, maxCards }: CardChange<T>,
  current: StoredCard,
  next: StoredCard,
): ChangeOutcome<T> {
  const { id, date, updatedAt: at, updatedBy: by } = next.card;
  if (maxCards !== undefined && isFull(work, shopId, date, maxCards)) return { kind: "board_full" };
  const rank = makeRoom(work, shopId, next.card, { kind: "end" }, random, at);
  const placed: StoredCard = { ...next, card: { ...next.card, rank } };
  work.boards.put(shopId, tombstoneOf(current, { by, at, movedTo: date }));
  work.boards.put(shopId, placed);
  work.rows.movePointer(shopId, id, date);
  return { kind: "written", current: placed };
}

const isFull = ({ boards }: Work, shopId: string, date: string, maxCards: number) =>
  countCards(boards.get(shopId, date)) >= maxCards;

/** The rank for a card at a place in its column, once its neighbours have made room where that was needed (MV5). */
function makeRoom(
  { boards }: Work,
  shopId: string,
  { id, date, status }: Pick<Appointment, "id" | "date" | "status">,
  anchor: Anchor,
  random: Random,
  at: string,
): string {
  const board = boards.get(shopId, date);
  const placement = place(board.columns[status], id, anchor, random);
  for (const neighbour of placement.respaced) {
    const current = board.items.get(neighbour.id)?.item;
    if (current?.kind !== "card") throw new Error("a column names a card that is not there");
    boards.put(shopId, respaced(current, neighbour.rank, at));
  }
  return placement.rank;
}
