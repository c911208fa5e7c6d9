import type { StoredCard } from "../../domain/appointment.ts";
import { defined } from "../../domain/outcome.ts";
import { place } from "../../domain/place.ts";
import type { CardCreation, CreateResult, Creation } from "../store.ts";
import { findAppointment } from "./appointments.ts";
import type { Item } from "./attributes.ts";
import { cardItem } from "./card-item.ts";
import { readColumnAndCount, respacedNeighbours } from "./column.ts";
import type { Context } from "./context.ts";
import { pointerKey } from "./keys.ts";
import { newPointer, readPointer } from "./pointers.ts";
import { again, raceTries } from "./tries.ts";

/** Puts a new card at the end of its column, together with the pointer that takes its id for good. */
export function createCard(context: Context, creation: CardCreation): Promise<CreateResult> {
  const { database, bodies, pointers, persist } = context;
  const { shopId, hash, random, maxCards } = creation;
  const { id, date, status, createdAt } = creation.card;
  return persist(async () => {
    const { keys, count } = await readColumnAndCount(database, shopId, date, status);
    if (count >= maxCards) {
      const pointer = await database.get(pointerKey(shopId, id));
      return pointer ? idTaken(context, shopId, id, pointer) : { kind: "board_full" };
    }
    const { rank, respaced } = place(keys, id, { kind: "end" }, random);
    const current: StoredCard = { kind: "card", card: { ...creation.card, rank }, memory: [] };
    const result = await database.transact([
      { Put: newPointer(shopId, id, date, hash) },
      { Put: { Item: cardItem(shopId, current), ConditionExpression: "attribute_not_exists(pk)" } },
      ...respacedNeighbours({ shopId, date, status }, keys, respaced, createdAt),
    ]);
    if (result.kind === "written") {
      pointers.remember(shopId, id, date);
      bodies.set(shopId, current.card);
      return { kind: "created", current };
    }
    const pointer = result.verdicts[0]?.item;
    return pointer ? idTaken(context, shopId, id, pointer) : again;
  }, raceTries);
}

/** What the id was used for, as its pointer tells for good. */
export async function findCreation(context: Context, shopId: string, id: string): Promise<Creation | undefined> {
  const pointer = await context.database.get(pointerKey(shopId, id));
  return pointer && creationOf(context, shopId, id, pointer);
}

async function creationOf(context: Context, shopId: string, id: string, pointer: Item): Promise<Creation> {
  const { hash, removed } = readPointer(pointer);
  const found = removed ? undefined : await findAppointment(context, shopId, id);
  return defined({ hash, current: found?.kind === "card" ? found : undefined });
}

const idTaken = async (...found: Parameters<typeof creationOf>): Promise<CreateResult> => ({
  kind: "id_taken",
  ...(await creationOf(...found)),
});
