import { setTimeout as wait } from "node:timers/promises";
import { ulid } from "ulid";
import { copyTable } from "../../src/store/dynamodb/copy-table.ts";
import { type Database, openDatabase } from "../../src/store/dynamodb/database.ts";
import { createDynamoClient } from "../../src/store/dynamodb/dynamo-client.ts";
import { createDynamoStore } from "../../src/store/dynamodb/dynamo-store.ts";
import { noteMigration, readMigrations, takeNewEpoch } from "../../src/store/dynamodb/meta.ts";
import { createPersist } from "../../src/store/dynamodb/tries.ts";
import type { Migration, MigrationContext } from "./migration.ts";

type Client = MigrationContext["client"];
type Say = (line: string) => void;

const persist = createPersist(wait, Math.random);

/** The board table, call by call. */
export const openBoard = (client: Client, table: string): Database =>
  openDatabase({ client, table, persist, newId: () => ulid() });

/** A client for the region and credentials of the environment; scans of large pages may take their time. */
export const openClient = (): Client =>
  createDynamoClient({ requestHandler: { requestTimeout: 30_000, throwOnRequestTimeout: true } });

/** A migration that failed, by name; those before it stay, those after it were not begun. */
export class MigrationFailed extends Error {
  override name = "MigrationFailed";
}

/** Runs, in order, what the table does not know to have run. Gives how many that were. */
export async function migrateUp(
  migrations: readonly Migration[],
  context: MigrationContext,
  say: Say,
): Promise<number> {
  const board = openBoard(context.client, context.tables.boardTable);
  const done = new Set((await readMigrations(board)).map(({ id }) => id));
  const due = migrations.filter(({ id }) => !done.has(id));
  for (const { id, name, run } of due) {
    try {
      await run(context);
    } catch (cause) {
      const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      throw new MigrationFailed(`migration ${id} ${name} failed: ${why.split("\n")[0]}`, { cause });
    }
    await noteMigration(board, { id, name, at: context.clock().toISOString() });
    say(`ran ${id} ${name}`);
  }
  return due.length;
}

/** The store as migrations use it, on the environment's own client. */
export function contextOf(options: Omit<MigrationContext, "store" | "clock">): MigrationContext {
  const { client, tables } = options;
  const clock = () => new Date();
  const store = createDynamoStore({ client, ...tables, now: clock, newId: () => ulid(), memoryMaxBytes: 1 });
  return { ...options, store, clock };
}

/** Gives the epoch before and the new one. */
export async function newEpoch(board: Database): Promise<{ before: string; after: string }> {
  const after = ulid();
  return { before: await takeNewEpoch(board, after), after };
}

/** The board table holds what the other one holds, in another life. Gives how many items were put and deleted. */
export async function restoreFrom(client: Client, tables: { from: string; to: string }) {
  const counts = await copyTable(client, tables, persist);
  await newEpoch(openBoard(client, tables.to));
  return counts;
}
