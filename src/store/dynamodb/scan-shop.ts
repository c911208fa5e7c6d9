import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { StoreUnavailable } from "../store.ts";
import { type Item, text } from "./attributes.ts";
import { readFailure } from "./errors.ts";
import { shopKey } from "./keys.ts";

/**
 * All items of a shop in the board table, page by page and in no order. It reads the whole table, other shops too, since
 * nothing lists a shop's days; what is written meanwhile may or may not be seen.
 */
export async function* scanShop(client: DynamoDBClient, TableName: string, shopId: string): AsyncGenerator<Item> {
  const { pk } = shopKey(shopId);
  let ExclusiveStartKey: Item | undefined;
  do {
    const command = new ScanCommand({
      TableName,
      ConsistentRead: true,
      FilterExpression: "pk = :shop OR begins_with(pk, :parts)",
      ExpressionAttributeValues: { ":shop": text(pk), ":parts": text(`${pk}#`) },
      ExclusiveStartKey,
    });
    const page = await client.send(command).catch((error: unknown) => {
      if (readFailure(error).kind === "bug") throw error;
      throw new StoreUnavailable("the database did not answer Scan", { cause: error });
    });
    yield* page.Items ?? [];
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
}
