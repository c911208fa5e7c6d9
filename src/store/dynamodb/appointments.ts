import type { StoredAppointment } from "../../domain/appointment.ts";
import { type Item, isExpired } from "./attributes.ts";
import { readStored } from "./card-item.ts";
import type { Context } from "./context.ts";
import { cardKey } from "./keys.ts";

/** An item as it was found at a place; a card that left for another day, or nothing at all, is not there. */
export type Sighting = { kind: "here"; stored: StoredAppointment } | { kind: "left" } | { kind: "absent" };

/** Reads what was found on a board where an id was looked for. A tombstone past its time counts as absent. */
export function sight(item: Item | undefined, now: Date): Sighting {
  if (item === undefined || isExpired(item, now)) return { kind: "absent" };
  const stored = readStored(item);
  const hasLeft = stored.kind === "tombstone" && stored.movedTo !== undefined;
  return hasLeft ? { kind: "left" } : { kind: "here", stored };
}

const maxLooks = 3;

/**
 * Does something on the board where the id stands. The pointer is remembered, so that the board may be the wrong one:
 * then `attempt` says so, and the pointer is read anew. Undefined when the id stands nowhere.
 */
export async function whereItStands<T>(
  { pointers }: Context,
  shopId: string,
  id: string,
  attempt: (date: string) => Promise<{ kind: "left" } | { kind: "absent" } | { kind: "here"; answer: T }>,
): Promise<T | undefined> {
  for (let look = 0; look < maxLooks; look++) {
    const whereabouts = await pointers.find(shopId, id);
    if (whereabouts === undefined) return undefined;
    const result = await attempt(whereabouts.date);
    if (result.kind === "here") return result.answer;
    pointers.forget(shopId, id);
    const isGone = result.kind === "absent" && !whereabouts.remembered;
    if (isGone) return undefined;
  }
  return undefined;
}

/** The card, or the tombstone of one that was removed for good. */
export function findAppointment(context: Context, shopId: string, id: string): Promise<StoredAppointment | undefined> {
  return whereItStands(context, shopId, id, async (date) => {
    const sighting = sight(await context.database.get(cardKey(shopId, date, id)), context.now());
    return sighting.kind === "here" ? { kind: "here", answer: sighting.stored } : sighting;
  });
}
