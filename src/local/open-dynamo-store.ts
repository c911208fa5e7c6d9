import { ulid } from "ulid";
import { type LocalEnvironment, StartProblem } from "../runtime/environment.ts";
import { meterCall } from "../runtime/meter.ts";
import { createDynamoClient } from "../store/dynamodb/dynamo-client.ts";
import { createDynamoStore } from "../store/dynamodb/dynamo-store.ts";
import { createTables } from "../store/dynamodb/tables.ts";
import type { Store } from "../store/store.ts";

/** An emulator on this machine takes any region and key; the ones of the environment are used where there are some. */
const emulatorDefaults = { region: "local", credentials: { accessKeyId: "local", secretAccessKey: "local" } };

/** Opens the store in DynamoDB, its tables made when absent. */
export async function openDynamoStore({ DYNAMODB_ENDPOINT, BOARD_TABLE }: LocalEnvironment): Promise<Store> {
  const emulated = DYNAMODB_ENDPOINT !== undefined && process.env.AWS_ACCESS_KEY_ID === undefined;
  const client = createDynamoClient({
    ...(DYNAMODB_ENDPOINT !== undefined && { endpoint: DYNAMODB_ENDPOINT }),
    ...(emulated && emulatorDefaults),
  });
  try {
    await createTables(client, { boardTable: BOARD_TABLE });
  } catch (error) {
    client.destroy();
    const why = error instanceof Error ? `${error.name}: ${error.message}`.split("\n")[0] : String(error);
    const where = DYNAMODB_ENDPOINT ?? "its AWS endpoint";
    throw new StartProblem(`DynamoDB cannot be used at ${where} (${why}): check that it runs, and DYNAMODB_ENDPOINT.`);
  }
  return createDynamoStore({
    client,
    boardTable: BOARD_TABLE,
    now: () => new Date(),
    newId: () => ulid(),
    onCapacity: ({ units }) => meterCall(units),
  });
}
