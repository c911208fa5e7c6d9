import { acceptsMove, type StoredAppointment } from "../../domain/appointment.ts";
import { type ColumnKey, type Placement, place } from "../../domain/place.ts";
import type { MoveCommand, MoveResult } from "../store.ts";
import { findAppointment, type Sighting, sight, whereItStands } from "./appointments.ts";
import type { Item } from "./attributes.ts";
import { readStored } from "./card-item.ts";
import { readColumn, respacedNeighbours } from "./column.ts";
import type { Context } from "./context.ts";
import { moveUpdate } from "./move-update.ts";
import { again } from "./tries.ts";

type Attempt = Exclude<Sighting, { kind: "here" }> | { kind: "here"; answer: MoveResult | typeof again };

/** Brings a card to its place by one conditional write, or one transaction where neighbours have to make room. */
export function moveCard(context: Context, command: MoveCommand): Promise<MoveResult> {
  const { shopId, id } = command;
  return context.persist(async () => {
    const answer = await whereItStands(context, shopId, id, (date) => moveOn(context, command, date));
    return answer ?? { kind: "not_found" };
  });
}

async function moveOn(context: Context, command: MoveCommand, date: string): Promise<Attempt> {
  const { shopId, id, to, anchor, random } = command;
  const keys = await readColumn(context.database, shopId, date, to);
  const placement = place(keys, id, anchor, random);
  if (placement.respaced.length > 0) return moveAmongNeighbours(context, command, date, keys, placement);
  const result = await context.database.update(moveUpdate(command, date, placement.rank));
  if (result.kind === "refused") return refusal(context, command, result.verdicts[0]?.item);
  return { kind: "here", answer: moved(context, command, readStored(result.item)) };
}

async function moveAmongNeighbours(
  context: Context,
  command: MoveCommand,
  date: string,
  keys: readonly ColumnKey[],
  { rank, respaced }: Placement,
): Promise<Attempt> {
  const { shopId, id, to, at } = command;
  const result = await context.database.transact([
    { Update: moveUpdate(command, date, rank) },
    ...respacedNeighbours({ shopId, date, status: to }, keys, respaced, at),
  ]);
  if (result.kind === "refused") {
    const [card] = result.verdicts;
    return card?.failed ? refusal(context, command, card.item) : { kind: "here", answer: again };
  }
  // A transaction answers no items. Whoever took the card further in the meantime has built upon this move.
  const current = await findAppointment(context, shopId, id);
  return { kind: "here", answer: current ? moved(context, command, current) : { kind: "not_found" } };
}

function moved({ bodies }: Context, { shopId }: MoveCommand, current: StoredAppointment): MoveResult {
  if (current.kind === "tombstone") return { kind: "not_found" };
  bodies.set(shopId, current.card);
  return { kind: "moved", current };
}

function refusal({ now }: Context, command: MoveCommand, item: Item | undefined): Attempt {
  const sighting = sight(item, now());
  if (sighting.kind !== "here") return sighting;
  const current = sighting.stored;
  return { kind: "here", answer: acceptsMove(current, command) ? again : { kind: "refused", current } };
}
