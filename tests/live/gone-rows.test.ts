import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { ulid } from "ulid";
import { expect, it } from "vitest";
import { publish } from "../../src/live/publish.ts";
import { board, changeOf, gatewayOf, itemOf, publishPorts } from "../../src/live/testing/publishing.ts";
import { createDynamoConnections } from "../../src/store/dynamodb/connections.ts";
import { clientOf, endpointOf, newTables } from "../support/dynamodb.ts";
import { principalOf } from "./support/live-server.ts";

const count = 1_000;
const atOnce = 40;

it("[LV8] 1,000 connections that nobody took leave of leave no row behind once their posts fail", async () => {
  const endpoint = await endpointOf("dynoxide");
  const { liveTable } = await newTables(endpoint);
  const client = clientOf(endpoint);
  const connections = createDynamoConnections({ client, liveTable, now: () => new Date(), newId: ulid });
  const rows = async () => (await client.send(new ScanCommand({ TableName: liveTable, ConsistentRead: true }))).Count;

  for (let made = 0; made < count; made += atOnce)
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        const id = ulid();
        await connections.add({ id, principal: principalOf("viewer") });
        await connections.watch(id, board.date);
      }),
    );
  expect(await connections.watchers(board)).toHaveLength(count);
  expect(await rows()).toBe(2 * count);

  const gateway = gatewayOf(() => "gone");
  const { ports } = publishPorts([], gateway);
  expect(await publish([itemOf(changeOf())], { ...ports, connections })).toEqual([]);
  expect(gateway.tries.size).toBe(count);
  expect([...gateway.tries.values()].every((tries) => tries === 1)).toBe(true);
  expect(await rows()).toBe(0);
  client.destroy();
});
