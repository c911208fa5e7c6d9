import type { PlaceStatus } from "../store.ts";

/** The primary key of an item. Nothing but this file builds or takes apart keys and places. */
export interface Key {
  pk: string;
  sk: string;
}

const appointmentPrefix = "APPT#";
const servicePrefix = "SERVICE#";

/** The life of the database and the shape of its items; one for the whole table. */
export const metaKey: Key = { pk: "META", sk: "META" };

const shopOf = (shopId: string) => `SHOP#${shopId}`;

/** The shop's own settings. */
export const shopKey = (shopId: string): Key => ({ pk: shopOf(shopId), sk: "CONFIG" });
/** Lists the shop among all shops, for what has to be done for each of them. */
export const shopListingKey = (shopId: string): Key => ({ pk: "SHOPS", sk: shopOf(shopId) });

/** The partition of one day of one shop. */
export const boardOf = (shopId: string, date: string): string => `${shopOf(shopId)}#DAY#${date}`;
/** A card, or the tombstone that it left on that day. */
export const cardKey = (shopId: string, date: string, id: string): Key => ({
  pk: boardOf(shopId, date),
  sk: appointmentPrefix + id,
});
/** Where all cards and tombstones of a board stand, and what their sort keys begin with. */
export const cardsRange = (shopId: string, date: string) => ({ pk: boardOf(shopId, date), prefix: appointmentPrefix });

/** Says on which day an id stands. */
export const pointerKey = (shopId: string, id: string): Key => ({
  pk: `${shopOf(shopId)}#${appointmentPrefix}${id}`,
  sk: "DAY",
});

const servicesOf = (shopId: string) => `${shopOf(shopId)}#SERVICES`;

/** Where all services of a shop stand, and what their sort keys begin with. */
export const servicesRange = (shopId: string) => ({ pk: servicesOf(shopId), prefix: servicePrefix });
/** A service by its id, which stays when its code changes. */
export const serviceKey = (shopId: string, id: string): Key => ({ pk: servicesOf(shopId), sk: servicePrefix + id });
/** Codes are one whatever their case (SV2). */
export const codeKey = (shopId: string, code: string): Key => ({
  pk: servicesOf(shopId),
  sk: `CODE#${code.toUpperCase()}`,
});

/** The day of a board, from its partition key. */
export const dateOf = (board: string): string => board.slice(board.lastIndexOf("#") + 1);
/** The id that a card's sort key names. */
export const cardIdOf = (sk: string): string => sk.slice(appointmentPrefix.length);

/** What the places of one column begin with. */
export const columnOf = (status: PlaceStatus): string => `${status}#`;
/**
 * Sorts a board's items by column, rank, then id. No character of a rank sorts below `#`, so that a rank stands before
 * all that it is a prefix of.
 */
export const placeOf = (status: PlaceStatus, rank: string, id: string): string => `${columnOf(status)}${rank}#${id}`;

/** The parts of a place. */
export function partsOfPlace(place: string): { status: string; rank: string; id: string } {
  const [status = "", rank = "", id = ""] = place.split("#");
  return { status, rank, id };
}
