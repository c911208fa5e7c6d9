import { ulid } from "ulid";
import { clientOf, endpointOf, engineNames, newTables } from "../../../tests/support/dynamodb.ts";
import { devicesContract, triesContract } from "../../auth/testing/devices-contract.ts";
import { sessionsContract, signInsContract } from "../../auth/testing/sessions-contract.ts";
import { connectionsContract } from "../../live/connections-contract.ts";
import { liveStoreContract } from "../live-contract.ts";
import { createDynamoConnections } from "./connections.ts";
import { createDynamoDevices } from "./devices.ts";
import { createDynamoStore } from "./dynamo-store.ts";
import { createDynamoLiveStore } from "./live-store.ts";
import { createDynamoSessions } from "./sessions.ts";

for (const engine of engineNames) {
  let prepared: ReturnType<typeof prepare> | undefined;
  const prepare = async () => {
    const endpoint = await endpointOf(engine);
    return { endpoint, tables: await newTables(endpoint) };
  };

  liveStoreContract(`DynamoDB on ${engine}`, async ({ now }) => {
    prepared ??= prepare();
    const { endpoint, tables } = await prepared;
    const options = { client: clientOf(endpoint), ...tables, now, newId: ulid };
    return {
      store: createDynamoStore(options),
      live: createDynamoLiveStore(options),
      rival: createDynamoLiveStore(options),
    };
  });

  connectionsContract(`DynamoDB on ${engine}`, async () => {
    prepared ??= prepare();
    const { endpoint, tables } = await prepared;
    const now = () => new Date("2031-03-03T08:00:00.000Z");
    const options = { client: clientOf(endpoint), ...tables, now, newId: ulid };
    return {
      connections: createDynamoConnections(options),
      elsewhere: createDynamoConnections(options),
      close: async () => options.client.destroy(),
    };
  });

  const openSessions = async () => {
    prepared ??= prepare();
    const { endpoint, tables } = await prepared;
    const options = { client: clientOf(endpoint), ...tables, now: () => new Date(), newId: ulid };
    return {
      store: createDynamoSessions(options),
      elsewhere: createDynamoSessions(options),
      close: async () => options.client.destroy(),
    };
  };
  sessionsContract(`DynamoDB on ${engine}`, openSessions);
  signInsContract(`DynamoDB on ${engine}`, openSessions);

  const openDevices = async () => {
    prepared ??= prepare();
    const { endpoint, tables } = await prepared;
    const options = { client: clientOf(endpoint), ...tables, now: () => new Date(), newId: ulid };
    return {
      devices: createDynamoDevices(options),
      tries: createDynamoDevices(options),
      elsewhere: createDynamoDevices(options),
      sessions: createDynamoSessions(options),
      close: async () => options.client.destroy(),
    };
  };
  devicesContract(`DynamoDB on ${engine}`, openDevices);
  triesContract(`DynamoDB on ${engine}`, openDevices);
}
