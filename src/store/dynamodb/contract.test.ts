import { ulid } from "ulid";
import { clientOf, endpointOf, engineNames, newTables } from "../../../tests/support/dynamodb.ts";
import { storeContract } from "../contract.ts";
import { createDynamoStore } from "./dynamo-store.ts";

for (const engine of engineNames) {
  let prepared: ReturnType<typeof prepare> | undefined;
  const prepare = async () => {
    const endpoint = await endpointOf(engine);
    return { endpoint, tables: await newTables(endpoint) };
  };
  storeContract(
    `DynamoDB on ${engine}`,
    async ({ now }) => {
      prepared ??= prepare();
      const { endpoint, tables } = await prepared;
      return { store: createDynamoStore({ client: clientOf(endpoint), ...tables, now, newId: ulid }) };
    },
    { moves: 300 },
  );
}
