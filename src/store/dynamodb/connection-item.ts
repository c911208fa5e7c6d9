import { namedSchema, roleSchema, shopIdSchema } from "@status-board/contracts";
import * as z from "zod";
import type { Principal } from "../../auth/principal.ts";
import { defined } from "../../domain/outcome.ts";
import type { Connection, Watcher } from "../../live/ports.ts";
import { expiryItem, type Item, json, keyItem, readText, requireJson, requireText, text } from "./attributes.ts";
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

/** Holds while the connection's row names the day that was read in it. */
const isSame = ({ id, date }: Connection) => ({
  Key: keyItem(connectionKey(id)),
  ConditionExpression: date === undefined ? "attribute_exists(pk) AND attribute_not_exists(#date)" : "#date = :former",
  ExpressionAttributeNames: { "#date": "date" },
});
const formerValue = ({ date }: Connection): Item => (date === undefined ? {} : { ":former": text(date) });

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

/** What lets the connection of this row watch another board; nothing when it watches that already. */
export function arrival(item: Item, date: string): Write[] {
  const connection = readConnection(item);
  const { id, principal } = connection;
  if (connection.date === date) return [];
  const values = { ...formerValue(connection), ":date": text(date) };
  const board = keyItem(watcherKey(principal.shopId, date, id));
  return [
    { Update: { ...isSame(connection), UpdateExpression: "SET #date = :date", ExpressionAttributeValues: values } },
    { Put: { Item: { ...board, role: text(principal.role), ...watchedUntil(item, principal) } } },
    ...departure(connection),
  ];
}

/** What lets the connection of this row watch no board; nothing when it watches none. */
export function retreat(item: Item): Write[] {
  const connection = readConnection(item);
  if (connection.date === undefined) return [];
  const ExpressionAttributeValues = formerValue(connection);
  const leave = { ...isSame(connection), UpdateExpression: "REMOVE #date", ExpressionAttributeValues };
  return [{ Update: leave }, ...departure(connection)];
}

/** What leaves nothing of the connection of this row. */
export function removal(item: Item): Write[] {
  const connection = readConnection(item);
  const values = formerValue(connection);
  const hasValues = connection.date !== undefined;
  const own = { ...isSame(connection), ...(hasValues && { ExpressionAttributeValues: values }) };
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
