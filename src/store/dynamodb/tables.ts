import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  PutItemCommand,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { ulid } from "ulid";
import { type Item, keyItem, number, requireNumber, requireText, text } from "./attributes.ts";
import { byPlace } from "./database.ts";
import { readFailure } from "./errors.ts";
import { metaKey } from "./keys.ts";

/** The tables of one deployment. */
export interface TableNames {
  /** What is true. */
  boardTable: string;
  /** What was published, and who is connected. */
  liveTable: string;
}

/** The shape of the items that this code writes. A table of a newer one is not touched. */
export const schema = 1;

/** The life of the database, as its meta item names it. */
export function readEpoch(item: Item | undefined): string {
  if (item === undefined) throw new Error("the board table has no meta item: it was never prepared");
  const found = requireNumber(item, "schema");
  if (found > schema)
    throw new Error(`the board table has schema ${found}, but this release knows none newer than ${schema}`);
  return requireText(item, "epoch");
}

type TableInput = CreateTableCommandInput & { TableName: string };

const attributes = (names: readonly string[]) =>
  names.map((AttributeName) => ({ AttributeName, AttributeType: "S" as const }));

const liveTable = (TableName: string) =>
  ({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    AttributeDefinitions: attributes(["pk", "sk"]),
  }) satisfies TableInput;

const boardTable = (TableName: string): TableInput => ({
  ...liveTable(TableName),
  AttributeDefinitions: attributes(["pk", "sk", "place"]),
  LocalSecondaryIndexes: [
    {
      IndexName: byPlace,
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "place", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["version", "createdAt", "expiresAt"] },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
});

const tableWaitMaxSeconds = 120;

async function createTable(client: DynamoDBClient, input: TableInput): Promise<void> {
  try {
    await client.send(new CreateTableCommand(input));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: tableWaitMaxSeconds, minDelay: 1 }, { TableName: input.TableName });
}

/** Rows with an `expiresAt` go by themselves. Of several processes that switch it on at once, one does. */
async function expireRows(client: DynamoDBClient, TableName: string): Promise<void> {
  const isOn = async () => {
    const { TimeToLiveDescription: ttl } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    return ttl?.TimeToLiveStatus === "ENABLED" || ttl?.TimeToLiveStatus === "ENABLING";
  };
  if (await isOn()) return;
  const TimeToLiveSpecification = { AttributeName: "expiresAt", Enabled: true };
  try {
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  } catch (error) {
    if (!(await isOn())) throw error;
  }
}

/**
 * Begins the life of the database in an empty table, and refuses one whose schema is newer than this release knows.
 * However many processes do it at once, the first one's epoch stays.
 */
export async function prepareTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const command = new PutItemCommand({
    TableName,
    Item: { ...keyItem(metaKey), epoch: text(ulid()), schema: number(schema) },
    ConditionExpression: "attribute_not_exists(pk)",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  try {
    await client.send(command);
  } catch (error) {
    const failure = readFailure(error);
    if (failure.kind !== "refused") throw error;
    readEpoch(failure.verdicts[0]?.item);
  }
}

/** Makes what is not there yet: the tables, and in the board table the beginning of the database's life. */
export async function createTables(client: DynamoDBClient, names: TableNames): Promise<void> {
  for (const table of [boardTable(names.boardTable), liveTable(names.liveTable)]) {
    await createTable(client, table);
    await expireRows(client, table.TableName);
  }
  await prepareTable(client, names.boardTable);
}
