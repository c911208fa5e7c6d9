import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ulid } from "ulid";
import { inject } from "vitest";
import { createDynamoClient } from "../../src/store/dynamodb/dynamo-client.ts";
import { createTables, type TableNames } from "../../src/store/dynamodb/tables.ts";
import { borrow } from "./borrow.ts";

/** The databases that speak DynamoDB's protocol, as far as this machine can run them. */
export type EngineName = "dynoxide" | "dynamodb-local";
export const engineNames: readonly EngineName[] = inject("hasDynamoDBLocal")
  ? ["dynoxide", "dynamodb-local"]
  : ["dynoxide"];

/** Where a database answers; starts it when nobody has asked for it yet. */
export const endpointOf = (engine: EngineName): Promise<string> => borrow(engine);

/** On a machine that is busy with tests an emulator may take its time. */
export const patience = { requestTimeout: 30_000, throwOnRequestTimeout: true };

/** A client of a database under test, with credentials that mean nothing. */
export function clientOf(endpoint: string, config: Parameters<typeof createDynamoClient>[0] = {}): DynamoDBClient {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return createDynamoClient({ endpoint, region: "eu-central-1", credentials, requestHandler: patience, ...config });
}

/** Names that no other test uses. */
export function tableNames(): TableNames {
  const name = ulid();
  return { boardTable: `board-${name}`, liveTable: `live-${name}` };
}

/** Tables of their own, ready for use. */
export async function newTables(endpoint: string): Promise<TableNames> {
  const tables = tableNames();
  const client = clientOf(endpoint);
  await createTables(client, tables);
  client.destroy();
  return tables;
}
