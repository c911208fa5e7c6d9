import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ulid } from "ulid";
import { inject } from "vitest";
import { createDynamoClient } from "../../src/store/dynamodb/dynamo-client.ts";
import { createTables } from "../../src/store/dynamodb/tables.ts";

/** The databases that speak DynamoDB's protocol, as far as this machine can run them. */
export type EngineName = "dynoxide" | "dynamodb-local";
export const engineNames: readonly EngineName[] = inject("hasDynamoDBLocal")
  ? ["dynoxide", "dynamodb-local"]
  : ["dynoxide"];

/** Where a database answers; starts it when nobody has asked for it yet. */
export async function endpointOf(engine: EngineName): Promise<string> {
  const response = await fetch(`${inject("databasesUrl")}/${engine}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

/** A client of a database under test, with credentials that mean nothing. */
export function clientOf(endpoint: string, config: Parameters<typeof createDynamoClient>[0] = {}): DynamoDBClient {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return createDynamoClient({ endpoint, region: "eu-central-1", credentials, ...config });
}

/** A board table of its own, ready for use. */
export async function newBoardTable(endpoint: string): Promise<string> {
  const boardTable = `board-${ulid()}`;
  const client = clientOf(endpoint);
  await createTables(client, { boardTable });
  client.destroy();
  return boardTable;
}
