import { ulid } from "ulid";
import { clientOf, endpointOf, engineNames, newBoardTable } from "../../../tests/support/dynamodb.ts";
import { storeContract } from "../contract.ts";
import { createDynamoStore } from "./dynamo-store.ts";

for (const engine of engineNames) {
  let table: Promise<{ endpoint: string; boardTable: string }> | undefined;
  const prepare = async () => {
    const endpoint = await endpointOf(engine);
    return { endpoint, boardTable: await newBoardTable(endpoint) };
  };
  storeContract(
    `DynamoDB on ${engine}`,
    async ({ now }) => {
      table ??= prepare();
      const { endpoint, boardTable } = await table;
      return { store: createDynamoStore({ client: clientOf(endpoint), boardTable, now, newId: ulid }) };
    },
    { moves: 300 },
  );
}
