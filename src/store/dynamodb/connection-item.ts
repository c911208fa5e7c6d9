import { namedSchema, roleSchema, shopIdSchema } from "@status-board/contracts";
import * as z from "zod";
import type { Principal } from "../../auth/principal.ts";
import { defined } from "../../domain/outcome.ts";
import type { Connection, Watcher } from "../../live/ports.ts";
import {
  expiryItem,
  type Item,
  json,
  keyItem,
  number,
  readText,
  requireJson,
  requireNumber,
  requireText,
  text,
} from "./attributes.ts";
import type { DeleteWrite, PutWrite, Write } from "./database.ts";
import { connectionIdOf, connectionKey, sessionConnectionKey, ticketKey, watcherKey } from "./keys.ts";

const sessionSchema = z.object({ hash: z.string(), expiresAt: z.string() });
const principalSchema = z
  .object({
    shopId: shopIdSchema,
    user: namedSchema,
    role: roleSchema,
    session: sessionSchema.optional(),
    isDevice: z.literal(true).optional(),
  })
  .transform(defined);

/** The principal that stands in an item as JSON. */
export const readPrincipal = (item: Item): Principal => principalSchema.parse(requireJson(item, "principal"));

/** The row of a connection that watches nothing yet; it goes by itself after `keptUntil`. */
const connectionItem = ({ id, principal }: Connection, keptUntil: string): Item => ({
  ...keyItem(connectionKey(id)),
  principal: json(principal),
  ...expiryItem(keptUntil),
});

/** What notes a new connection: its row, and one with its session, by which it is found when that ends. */
export function newConnection(connection: Connection, keptUntil: string): [{ Put: PutWrite }, ...Write[]] {
  const { id, principal } = connection;
  const own = { Put: { Item: connectionItem(connection, keptUntil) } };
  if (principal.session === undefined) return [own];
  const ofSession = keyItem(sessionConnectionKey(principal.session.hash, id));
  return [own, { Put: { Item: { ...ofSession, ...expiryItem(keptUntil) } } }];
}

/** The connection of its row. */
export const readConnection = (item: Item): Connection =>
  defined({
    id: connectionIdOf(requireText(item, "pk")),
    principal: readPrincipal(item),
    date: readText(item, "date"),
  });

/** What {@link readWatcher} needs, and the expiry: the keys' longer half says nothing new. */
export const watcherProjection = {
  ProjectionExpression: "sk, #role, expiresAt",
  ExpressionAttributeNames: { "#role": "role" },
};

/** The connection of its row on a board. */
export const readWatcher = (item: Item): Watcher => ({
  id: connectionIdOf(requireText(item, "sk")),
  role: roleSchema.parse(requireText(item, "role")),
});

/** When the last message came that said what this connection watches, in ms since 1970. */
const askedAtOf = (item: Item): number | undefined =>
  item.askedAt === undefined ? undefined : requireNumber(item, "askedAt");

/** What holds while the connection's row says of the board that it watches what was read in it. */
function unchanged(item: Item): {
  Key: Item;
  ConditionExpression: string;
  ExpressionAttributeNames: Record<string, string>;
} {
  const { id, date } = readConnection(item);
  const day = date === undefined ? "attribute_exists(pk) AND attribute_not_exists(#date)" : "#date = :former";
  const asked = item.askedAt === undefined ? "attribute_not_exists(askedAt)" : "askedAt = :asked";
  return {
    Key: keyItem(connectionKey(id)),
    ConditionExpression: `${day} AND ${asked}`,
    ExpressionAttributeNames: { "#date": "date" },
  };
}
const formerValues = (item: Item): Item => ({
  ...(item.date && { ":former": item.date }),
  ...(item.askedAt && { ":asked": item.askedAt }),
});

/** Takes the connection off the board that it watches. */
function departure({ id, principal, date }: Connection): Write[] {
  return date === undefined ? [] : [{ Delete: { Key: keyItem(watcherKey(principal.shopId, date, id)) } }];
}

/** A row on a board expires with the connection, or with its session: from that moment the publisher passes it by (WS2). */
function watchedUntil({ expiresAt }: Item, { session }: Principal): Item {
  const own = session && expiryItem(session.expiresAt).expiresAt;
  const ends = [expiresAt, own].filter((end) => end !== undefined);
  const [first] = ends.toSorted((one, other) => Number(one.N) - Number(other.N));
  return first ? { expiresAt: first } : {};
}

/**
 * What lets the connection of this row watch that board, or none; nothing when it does so already, or when a message that came
 * later has said otherwise.
 */
export function turnedTo(item: Item, date: string | undefined, askedAt: number | undefined): Write[] {
  const connection = readConnection(item);
  const last = askedAtOf(item);
  const isLate = askedAt !== undefined && last !== undefined && askedAt < last;
  const isNoted = askedAt === undefined || askedAt === last;
  if (isLate || (connection.date === date && isNoted)) return [];
  const set = [...(date === undefined ? [] : ["#date = :date"]), ...(isNoted ? [] : ["askedAt = :now"])];
  const expression = [
    ...(set.length > 0 ? [`SET ${set.join(", ")}`] : []),
    ...(date === undefined ? ["REMOVE #date"] : []),
  ];
  const values = {
    ...formerValues(item),
    ...(date !== undefined && { ":date": text(date) }),
    ...(!isNoted && { ":now": number(askedAt) }),
  };
  const hasValues = Object.keys(values).length > 0;
  const own: Write = {
    Update: {
      ...unchanged(item),
      UpdateExpression: expression.join(" "),
      ...(hasValues && { ExpressionAttributeValues: values }),
    },
  };
  return connection.date === date ? [own] : [own, ...entrance(item, connection, date), ...departure(connection)];
}

/** Puts the connection on a board. */
function entrance(item: Item, { id, principal }: Connection, date: string | undefined): Write[] {
  if (date === undefined) return [];
  const board = keyItem(watcherKey(principal.shopId, date, id));
  return [{ Put: { Item: { ...board, role: text(principal.role), ...watchedUntil(item, principal) } } }];
}

/** What leaves nothing of the connection of this row. */
export function removal(item: Item): Write[] {
  const connection = readConnection(item);
  const values = formerValues(item);
  const hasValues = Object.keys(values).length > 0;
  const own = { ...unchanged(item), ...(hasValues && { ExpressionAttributeValues: values }) };
  const { session } = connection.principal;
  const ofSession = session && { Delete: { Key: keyItem(sessionConnectionKey(session.hash, connection.id)) } };
  return [{ Delete: own }, ...departure(connection), ...(ofSession ? [ofSession] : [])];
}

/** A ticket under the hash of its text. Its row may be seen for long after it expired, so the moment itself is in it. */
export const newTicket = (hash: string, principal: Principal, validUntil: string): PutWrite => ({
  Item: {
    ...keyItem(ticketKey(hash)),
    principal: json(principal),
    validUntil: text(validUntil),
    ...expiryItem(validUntil),
  },
});

/** Takes a ticket, if it is still there and good at that moment. */
export const takenTicket = (hash: string, now: string): DeleteWrite => ({
  Key: keyItem(ticketKey(hash)),
  ConditionExpression: "validUntil > :now",
  ExpressionAttributeValues: { ":now": text(now) },
});

/** Whose ticket it is. */
export const readTicket = (item: Item): Principal => readPrincipal(item);
