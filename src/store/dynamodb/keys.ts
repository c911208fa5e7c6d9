import type { PlaceStatus } from "../store.ts";

/** The primary key of an item. Nothing but this file builds or takes apart keys and places. */
export interface Key {
  pk: string;
  sk: string;
}

const shopPrefix = "SHOP#";
const appointmentPrefix = "APPT#";
const servicePrefix = "SERVICE#";
const connectionPrefix = "CONN#";
const changePrefix = "CHANGE#";
const shardPrefix = "SHARD#";

/** Numbers in keys sort as numbers: all of them take as many digits as the greatest safe integer. */
const padded = (number: number) => String(number).padStart(16, "0");

/** The life of the database and the shape of its items; one for the whole table. */
export const metaKey: Key = { pk: "META", sk: "META" };

const migrationPrefix = "MIGRATION#";
/** Says that a migration was carried out. */
export const migrationKey = (id: string): Key => ({ pk: metaKey.pk, sk: migrationPrefix + id });
/** Where the migrations that were carried out stand, and what their sort keys begin with. */
export const migrationsRange = { pk: metaKey.pk, prefix: migrationPrefix };
/** The migration, from its sort key. */
export const migrationIdOf = (sk: string): string => sk.slice(migrationPrefix.length);

const shopOf = (shopId: string) => shopPrefix + shopId;

/** The shop's own settings. */
export const shopKey = (shopId: string): Key => ({ pk: shopOf(shopId), sk: "CONFIG" });
/** Lists the shop among all shops, for what has to be done for each of them. */
export const shopListingKey = (shopId: string): Key => ({ pk: shopsRange.pk, sk: shopOf(shopId) });
/** Notes that an import into the shop is under way. */
export const importKey = (shopId: string): Key => ({ pk: shopOf(shopId), sk: "IMPORT" });
/** Where all shops are listed. */
export const shopsRange = { pk: "SHOPS" };
/** The shop that a listing names. */
export const listedShopIdOf = (sk: string): string => sk.slice(shopPrefix.length);

/** The partition of one day of one shop. */
export const boardOf = (shopId: string, date: string): string => `${shopOf(shopId)}#DAY#${date}`;
/** A card, or the tombstone that it left on that day. */
export const cardKey = (shopId: string, date: string, id: string): Key => ({
  pk: boardOf(shopId, date),
  sk: appointmentPrefix + id,
});
/** Where all cards and tombstones of a board stand, and what their sort keys begin with. */
export const cardsRange = (shopId: string, date: string) => ({ pk: boardOf(shopId, date), prefix: appointmentPrefix });

const pastOf = (shopId: string, id: string) => `${shopOf(shopId)}#${appointmentPrefix}${id}`;

/** Says on which day an id stands. */
export const pointerKey = (shopId: string, id: string): Key => ({ pk: pastOf(shopId, id), sk: "DAY" });
/** What became of a card in one version. */
export const eventKey = (shopId: string, id: string, version: number): Key => ({
  pk: pastOf(shopId, id),
  sk: `EVENT#${padded(version)}`,
});
/** A card's pointer, which comes first, and its events, the oldest first. */
export const pastRange = (shopId: string, id: string) => ({ pk: pastOf(shopId, id) });

/** The number of a board's newest revision. */
export const headKey = (shopId: string, date: string): Key => ({ pk: boardOf(shopId, date), sk: "HEAD" });
/** A revision of a board. */
export const changeKey = (shopId: string, date: string, rev: number): Key => ({
  pk: boardOf(shopId, date),
  sk: changePrefix + padded(rev),
});
/** The revisions of a board from that one on. */
export const changesRange = (shopId: string, date: string, firstRev: number) => ({
  pk: boardOf(shopId, date),
  from: changePrefix + padded(firstRev),
  to: `${changePrefix}~`,
});
/** The number of a revision, from its sort key. */
export const revOf = (sk: string): number => Number(sk.slice(changePrefix.length));

/** A connection by its id. */
export const connectionKey = (id: string): Key => ({ pk: connectionPrefix + id, sk: "META" });
/** A connection that watches a board. */
export const watcherKey = (shopId: string, date: string, id: string): Key => ({
  pk: boardOf(shopId, date),
  sk: connectionPrefix + id,
});
/** Where all connections that watch a board stand, and what their sort keys begin with. */
export const watchersRange = (shopId: string, date: string) => ({
  pk: boardOf(shopId, date),
  prefix: connectionPrefix,
});
/** The id of a connection on a board or of a session, from its sort key. */
export const connectionIdOf = (sk: string): string => sk.slice(connectionPrefix.length);

/** A ticket by the hash of its text. */
export const ticketKey = (hash: string): Key => ({ pk: `TICKET#${hash}`, sk: "META" });

/** A session by the hash of its token. */
export const sessionKey = (hash: string): Key => ({ pk: `SESSION#${hash}`, sk: "META" });
/** A connection that was opened by a session. */
export const sessionConnectionKey = (hash: string, id: string): Key => ({
  pk: sessionKey(hash).pk,
  sk: connectionPrefix + id,
});
/** Where all connections of a session stand, and what their sort keys begin with. */
export const sessionConnectionsRange = (hash: string) => ({ pk: sessionKey(hash).pk, prefix: connectionPrefix });

/** A sign-in that is under way, by the hash of its state. */
export const signInKey = (hash: string): Key => ({ pk: `SIGNIN#${hash}`, sk: "META" });

/** A pairing code by its handle. */
export const pairingKey = (handle: string): Key => ({ pk: `PAIRING#${handle}`, sk: "META" });
/** How often something was tried. */
export const triesKey = (kind: string): Key => ({ pk: `TRIES#${kind}`, sk: "META" });

const devicePrefix = "DEVICE#";
/** Where all devices of a shop stand, and what their sort keys begin with. */
export const devicesRange = (shopId: string) => ({ pk: `${shopOf(shopId)}#DEVICES`, prefix: devicePrefix });
/** A device by its id. */
export const deviceKey = (shopId: string, id: string): Key => ({
  pk: devicesRange(shopId).pk,
  sk: devicePrefix + id,
});

/** How far the feed has come in a shard of the board table's stream. */
export const shardKey = (shardId: string): Key => ({ pk: shardsRange.pk, sk: shardPrefix + shardId });
/** Where the feed keeps how far it has come. */
export const shardsRange = { pk: "FEED" };
/** The shard, from its sort key. */
export const shardIdOf = (sk: string): string => sk.slice(shardPrefix.length);

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
const cardKeyPattern = /^SHOP#([^#]+)#DAY#([^#]+) APPT#([^#]+)$/;

/** Whose card it is that stands under this key, and on which day; undefined for a key of anything else. */
export function cardOfKey({ pk, sk }: Key): { shopId: string; date: string; id: string } | undefined {
  const [, shopId, date, id] = cardKeyPattern.exec(`${pk} ${sk}`) ?? [];
  return shopId && date && id ? { shopId, date, id } : undefined;
}
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

/** What stands under a key of a shop, and the id of its appointment where there is one. */
export function kindOfKey({ pk, sk }: Key): {
  kind: "appointment" | "pointer" | "history" | "service" | "shop" | "other";
  id: string;
} {
  const [, , part = "", id = ""] = pk.split("#");
  if (part === "") return { kind: sk === "CONFIG" ? "shop" : "other", id };
  if (part === "DAY") return { kind: sk.startsWith(appointmentPrefix) ? "appointment" : "other", id: cardIdOf(sk) };
  if (part === "SERVICES") return { kind: sk.startsWith(servicePrefix) ? "service" : "other", id };
  if (part !== "APPT") return { kind: "other", id };
  return { kind: sk === "DAY" ? "pointer" : "history", id };
}
