import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  ScanCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { requireText } from "./attributes.ts";
import { again, type Persist, raceTries } from "./tries.ts";

type Item = Record<string, AttributeValue>;

/** As many as one call takes. */
const batchSize = 25;

async function* scan(client: DynamoDBClient, TableName: string, keysOnly: boolean): AsyncGenerator<Item[]> {
  let ExclusiveStartKey: Item | undefined;
  do {
    const projection = keysOnly && { ProjectionExpression: "pk, sk" };
    const page = await client.send(
      new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey, ...projection }),
    );
    yield page.Items ?? [];
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
}

async function write(client: DynamoDBClient, table: string, persist: Persist, requests: WriteRequest[]): Promise<void> {
  for (let first = 0; first < requests.length; first += batchSize) {
    let left = requests.slice(first, first + batchSize);
    await persist(async () => {
      const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: left } }));
      left = UnprocessedItems?.[table] ?? [];
      return left.length === 0 ? undefined : again;
    }, raceTries);
  }
}

const idOf = (item: Item): string => `${requireText(item, "pk")} ${requireText(item, "sk")}`;

/**
 * Makes one table hold what another holds, and nothing else: it puts what is there, then deletes what is not. May be cut
 * off and begun again. Nobody may write meanwhile. The keys of the source are held in memory. Gives the counts.
 */
export async function copyTable(
  client: DynamoDBClient,
  tables: { from: string; to: string },
  persist: Persist,
): Promise<{ put: number; deleted: number }> {
  const kept = new Set<string>();
  for await (const items of scan(client, tables.from, false)) {
    for (const item of items) kept.add(idOf(item));
    const puts = items.map((Item) => ({ PutRequest: { Item } }));
    await write(client, tables.to, persist, puts);
  }
  let deleted = 0;
  for await (const items of scan(client, tables.to, true)) {
    const deletes = items.filter((item) => !kept.has(idOf(item))).map((Key) => ({ DeleteRequest: { Key } }));
    deleted += deletes.length;
    await write(client, tables.to, persist, deletes);
  }
  return { put: kept.size, deleted };
}
