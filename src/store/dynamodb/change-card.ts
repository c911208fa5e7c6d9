import type { Appointment } from "@status-board/contracts";
import { type StoredAppointment, type StoredCard, tombstoneOf } from "../../domain/appointment.ts";
import { type Mutation, remember } from "../../domain/mutation.ts";
import { defined } from "../../domain/outcome.ts";
import { place } from "../../domain/place.ts";
import type { CardChange, ChangeResult, Decision } from "../store.ts";
import { findAppointment, sight } from "./appointments.ts";
import { type Item, number, text } from "./attributes.ts";
import { cardItem, removedStatus, tombstoneItem } from "./card-item.ts";
import { readColumnAndCount, respacedNeighbours } from "./column.ts";
import type { Context } from "./context.ts";
import type { PutWrite } from "./database.ts";
import { movedPointer, removedPointer } from "./pointers.ts";
import { again, raceTries } from "./tries.ts";

type Result<T> = ChangeResult<StoredCard, T> | { kind: "board_full" };
/** A lost race, with the item that won it if the database told. */
type Lost = { kind: "lost"; item?: Item | undefined };

/** Reads a card, lets `decide` judge it, and writes what came of it if the card is still the same. */
export async function changeCard<T>(context: Context, change: CardChange<T>): Promise<Result<T>> {
  const { shopId, id, decide } = change;
  let met: StoredAppointment | undefined;
  return context.persist(async () => {
    const current = met ?? (await findAppointment(context, shopId, id));
    if (current === undefined) return { kind: "not_found" };
    const decision = decide(current);
    if (decision.kind === "refuse") return { kind: "refused", outcome: decision.outcome };
    if (current.kind === "tombstone") throw new Error("a removed card was decided to be written");
    const result = await apply(context, change, current, decision);
    if (result.kind !== "lost") return result;
    const sighting = sight(result.item, context.now());
    met = sighting.kind === "here" ? sighting.stored : undefined;
    return again;
  }, raceTries);
}

function apply<T>(
  context: Context,
  change: CardChange<T>,
  current: StoredCard,
  decision: Exclude<Decision<Appointment, T>, { kind: "refuse" }>,
): Promise<Result<never> | Lost> {
  if (decision.kind === "remove") return remove(context, change.shopId, current, decision);
  const next: StoredCard = {
    kind: "card",
    card: decision.item,
    memory: remember(current.memory, decision.mutation, decision.item.version),
  };
  if (next.card.date === current.card.date) return rewrite(context, change.shopId, current, next);
  return reschedule(context, change, current, next, decision.mutation);
}

/** Replaces an item whole, if it is still the card that was read. */
function replacement(current: StoredCard, next: Item): PutWrite {
  const isSameVersion = "version = :version";
  const isNotRemoved = "#status <> :removed";
  return {
    Item: next,
    ConditionExpression: `${isSameVersion} AND ${isNotRemoved}`,
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: { ":version": number(current.card.version), ":removed": text(removedStatus) },
  };
}

async function rewrite({ database, bodies }: Context, shopId: string, current: StoredCard, next: StoredCard) {
  const result = await database.put(replacement(current, cardItem(shopId, next)));
  if (result.kind === "refused") return { kind: "lost" as const, item: result.verdicts[0]?.item };
  bodies.set(shopId, next.card);
  return { kind: "written" as const, current: next };
}

async function remove(
  { database }: Context,
  shopId: string,
  current: StoredCard,
  removal: Extract<Decision<never, never>, { kind: "remove" }>,
): Promise<Result<never> | Lost> {
  const tombstone = tombstoneOf(current, removal);
  const { id, date } = current.card;
  const result = await database.transact([
    { Put: replacement(current, tombstoneItem(shopId, tombstone)) },
    { Update: removedPointer(shopId, id, date) },
  ]);
  if (result.kind === "refused") return { kind: "lost", item: result.verdicts[0]?.item };
  return { kind: "removed", version: tombstone.version };
}

/** Takes a card to the end of its column on another day: at no time does it stand on both boards or on none (AP3). */
async function reschedule<T>(
  { database, bodies, pointers }: Context,
  { shopId, maxCards, random }: CardChange<T>,
  current: StoredCard,
  next: StoredCard,
  mutation: Mutation | undefined,
): Promise<Result<never> | Lost> {
  const { id, date, status, updatedBy: by, updatedAt: at } = next.card;
  const { keys, count } = await readColumnAndCount(database, shopId, date, status);
  if (maxCards !== undefined && count >= maxCards) return { kind: "board_full" };
  const { rank, respaced } = place(keys, id, { kind: "end" }, random);
  const arrived: StoredCard = { ...next, card: { ...next.card, rank } };
  const tombstone = tombstoneOf(current, defined({ by, at, movedTo: date, mutation }));
  const result = await database.transact([
    { Put: replacement(current, tombstoneItem(shopId, tombstone)) },
    { Put: arrival(cardItem(shopId, arrived)) },
    { Update: movedPointer(shopId, id, current.card.date, date) },
    ...respacedNeighbours({ shopId, date, status }, keys, respaced, at),
  ]);
  if (result.kind === "refused") return { kind: "lost", item: result.verdicts[0]?.item };
  pointers.remember(shopId, id, date);
  bodies.set(shopId, arrived.card);
  return { kind: "written", current: arrived };
}

/** A card that comes to a board, where a tombstone of its own may stand from an earlier stay. */
function arrival(item: Item): PutWrite {
  return {
    Item: item,
    ConditionExpression: "attribute_not_exists(pk) OR #status = :removed",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: { ":removed": text(removedStatus) },
  };
}
