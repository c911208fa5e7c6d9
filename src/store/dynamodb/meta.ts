import { keyItem, requireText, text } from "./attributes.ts";
import type { Database } from "./database.ts";
import { metaKey, migrationIdOf, migrationKey, migrationsRange } from "./keys.ts";
import { readEpoch } from "./tables.ts";

/** A migration that was carried out. */
export interface NotedMigration {
  id: string;
  name: string;
  /** When it had come to its end. */
  at: string;
}

/** The migrations that were carried out, in the order of their numbers. */
export async function readMigrations(board: Database): Promise<NotedMigration[]> {
  const { items } = await board.query(migrationsRange);
  return items.map((item) => ({
    id: migrationIdOf(requireText(item, "sk")),
    name: requireText(item, "name"),
    at: requireText(item, "at"),
  }));
}

/** Notes that a migration was carried out. Of several who do, the first stays. */
export async function noteMigration(board: Database, { id, name, at }: NotedMigration): Promise<void> {
  await board.put({
    Item: { ...keyItem(migrationKey(id)), name: text(name), at: text(at) },
    ConditionExpression: "attribute_not_exists(pk)",
  });
}

/**
 * Begins another life of the database (LV2), so that every client drops what it holds. Gives the one before. Processes
 * that are running read the epoch once: they follow when they are started anew.
 */
export async function takeNewEpoch(board: Database, epoch: string): Promise<string> {
  const before = readEpoch(await board.get(metaKey));
  const result = await board.update({
    Key: keyItem(metaKey),
    UpdateExpression: "SET epoch = :epoch",
    ConditionExpression: "epoch = :before",
    ExpressionAttributeValues: { ":epoch": text(epoch), ":before": text(before) },
  });
  if (result.kind === "refused")
    throw new Error("somebody else has just taken a new epoch: look before you take another");
  return before;
}
