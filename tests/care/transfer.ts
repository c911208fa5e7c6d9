import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ulid } from "ulid";
import { onTestFinished } from "vitest";
import { exportShop as exportFromDynamo } from "../../src/store/dynamodb/export-shop.ts";
import { importShop as importIntoTable } from "../../src/store/dynamodb/import-shop.ts";
import type { TableNames } from "../../src/store/dynamodb/tables.ts";
import { exportShop } from "../../src/store/sqlite/export-shop.ts";
import { linesOf, type TransferRecord } from "../../src/store/transfer/records.ts";
import { addCard, addCardIn, edit, move } from "../../src/testing/cards.ts";
import { openWorkshop } from "../../src/testing/workshop.ts";
import { clientOf, endpointOf, newTables } from "../support/dynamodb.ts";

export const shopId = "north";
export const exportedAt = "2031-03-03T12:00:00.000Z";

/** A shop with something of every kind in it, in SQLite. */
export async function openFullShop() {
  const workshop = await openWorkshop();
  const { manager, store } = workshop;
  for (const status of ["scheduled", "in_progress", "ready", "completed", "no_show"] as const) {
    await addCardIn(manager, status);
    await addCardIn(manager, status, { notes: 'Line\n"two" 🚗', technicianId: "01K00000000000000000000T0M" });
  }
  const moved = await move(manager, await addCard(manager), "in_progress", { mutationId: "a-move" });
  await edit(manager, moved, { paidCents: 1_000, mutationId: "an-edit" });
  const removed = await addCard(manager);
  await manager.ok("removeAppointment", { id: removed.id, query: { expectedVersion: "1" } });
  const rescheduled = await addCard(manager);
  await edit(manager, rescheduled, { start: "2031-03-05T09:00:00.000Z", end: "2031-03-05T10:00:00.000Z" });
  const body = { code: "GONE01", name: "Gone", priceCents: 1, minutes: 1, mutationId: "a-service" };
  const service = await manager.ok("createService", { body });
  await manager.ok("removeService", { id: service.id, query: { expectedVersion: "1" } });
  return { ...workshop, file: store.database.location() ?? "", ids: { moved: moved.id, removed: removed.id } };
}

/** Tables of the test's own in an emulator. */
export async function openTables() {
  const endpoint = await endpointOf("dynoxide");
  const names = await newTables(endpoint);
  const client = clientOf(endpoint);
  onTestFinished(() => client.destroy());
  return { endpoint, names, client };
}

const optionsOf = (client: DynamoDBClient, names: TableNames) => ({
  client,
  ...names,
  now: () => new Date(exportedAt),
  newId: () => ulid(),
});

export const importInto = (
  { client, names }: { client: DynamoDBClient; names: TableNames },
  records: Iterable<TransferRecord>,
  fileHash = "file",
) => importIntoTable(optionsOf(client, names), shopId, { records, fileHash });

/** The lines of an export from either database. */
export async function exportLines(
  records: Iterable<TransferRecord> | AsyncIterable<TransferRecord>,
): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf({ shop: shopId, exportedAt }, records)) lines.push(line.trimEnd());
  return lines;
}

export const fromSqlite = (file: string): Promise<string[]> => exportLines(exportShop(file, shopId));
export const fromDynamo = ({ client, names }: { client: DynamoDBClient; names: TableNames }): Promise<string[]> =>
  exportLines(exportFromDynamo(optionsOf(client, names), shopId));

/** What lines say, whatever order they and their fields are in. */
export const contentOf = (lines: readonly string[]): string[] =>
  lines.map((line) => JSON.stringify(sorted(JSON.parse(line)))).toSorted();

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  );
}

export async function* asLines(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
