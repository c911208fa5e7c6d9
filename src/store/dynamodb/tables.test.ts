import { DescribeTableCommand, DescribeTimeToLiveCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ulid } from "ulid";
import { describe, expect, it } from "vitest";
import { clientOf, endpointOf, engineNames, tableNames } from "../../../tests/support/dynamodb.ts";
import { number } from "./attributes.ts";
import { createDynamoStore } from "./dynamo-store.ts";
import { createTables } from "./tables.ts";

describe.each(engineNames)("tables on %s", (engine) => {
  it("[LV2] are made once, with one epoch, by many processes at once and again", async () => {
    const endpoint = await endpointOf(engine);
    const tables = tableNames();
    const prepare = async () => {
      const client = clientOf(endpoint);
      await createTables(client, tables);
      const store = createDynamoStore({ client, ...tables, now: () => new Date(), newId: ulid });
      await store.ping();
      const { epoch } = await store.readBoard("s1", "2031-03-03");
      await store.close();
      return epoch;
    };
    const epochs = [...(await Promise.all([prepare(), prepare(), prepare()])), await prepare()];
    expect(new Set(epochs).size).toBe(1);
    expect(epochs[0]).toMatch(/^[0-9A-Z]{26}$/);
  });

  it("[LV1] have a stream of the truth's old and new images, and rows that expire", async () => {
    const client = clientOf(await endpointOf(engine));
    const tables = tableNames();
    await createTables(client, tables);
    const streamOf = async (TableName: string) => {
      const { Table } = await client.send(new DescribeTableCommand({ TableName }));
      expect(Table?.BillingModeSummary?.BillingMode).toBe("PAY_PER_REQUEST");
      const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
      expect(TimeToLiveDescription).toMatchObject({ AttributeName: "expiresAt", TimeToLiveStatus: "ENABLED" });
      return Table?.StreamSpecification;
    };
    const images = { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" };
    expect(await streamOf(tables.boardTable)).toEqual(images);
    expect((await streamOf(tables.liveTable))?.StreamEnabled ?? false).toBe(false);
    client.destroy();
  });

  it("refuse a schema that this release does not know, and say so", async () => {
    const client = clientOf(await endpointOf(engine));
    const tables = tableNames();
    await createTables(client, tables);
    await client.send(
      new UpdateItemCommand({
        TableName: tables.boardTable,
        Key: { pk: { S: "META" }, sk: { S: "META" } },
        UpdateExpression: "SET #schema = :newer",
        ExpressionAttributeNames: { "#schema": "schema" },
        ExpressionAttributeValues: { ":newer": number(2) },
      }),
    );
    await expect(createTables(client, tables)).rejects.toThrow("has schema 2");
    const store = createDynamoStore({ client, ...tables, now: () => new Date(), newId: ulid });
    await expect(store.ping()).rejects.toThrow("has schema 2");
    await expect(store.readBoard("s1", "2031-03-03")).rejects.toThrow("has schema 2");
    await store.close();
  });
});
