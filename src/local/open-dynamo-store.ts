import { ulid } from "ulid";
import { type LocalEnvironment, StartProblem } from "../runtime/environment.ts";
import { meterCall, withMeter } from "../runtime/meter.ts";
import { createDynamoDevices } from "../store/dynamodb/devices.ts";
import { createDynamoClient } from "../store/dynamodb/dynamo-client.ts";
import { createDynamoStore } from "../store/dynamodb/dynamo-store.ts";
import { createDynamoLiveStore } from "../store/dynamodb/live-store.ts";
import { createDynamoSessions } from "../store/dynamodb/sessions.ts";
import { createStreamsClient } from "../store/dynamodb/streams-client.ts";
import { createStreamsFeed } from "../store/dynamodb/streams-feed.ts";
import { createTables } from "../store/dynamodb/tables.ts";
import type { OpenedStore } from "./opened-store.ts";

/** An emulator on this machine takes any region and key; the ones of the environment are used where there are some. */
const emulatorDefaults = { region: "local", credentials: { accessKeyId: "local", secretAccessKey: "local" } };

/** AWS allows five reads a second of a shard; an emulator on this machine does not mind more. */
const pollIntervalMs = { aws: 250, emulator: 25 };

/** A client of the tables that the environment names, which are made when absent. Throws a StartProblem. */
export async function connectDynamo({ DYNAMODB_ENDPOINT, BOARD_TABLE, LIVE_TABLE }: LocalEnvironment) {
  const isEmulator = DYNAMODB_ENDPOINT !== undefined;
  const config = {
    ...(isEmulator && { endpoint: DYNAMODB_ENDPOINT }),
    ...(isEmulator && process.env.AWS_ACCESS_KEY_ID === undefined && emulatorDefaults),
  };
  const client = createDynamoClient(config);
  const names = { boardTable: BOARD_TABLE, liveTable: LIVE_TABLE };
  try {
    await createTables(client, names);
  } catch (error) {
    client.destroy();
    const why = error instanceof Error ? `${error.name}: ${error.message}`.split("\n")[0] : String(error);
    const where = DYNAMODB_ENDPOINT ?? "its AWS endpoint";
    throw new StartProblem(`DynamoDB cannot be used at ${where} (${why}): check that it runs, and DYNAMODB_ENDPOINT.`);
  }
  return { client, names, config, isEmulator };
}

/** Opens the store in DynamoDB, its tables made when absent. */
export async function openDynamoStore(
  environment: LocalEnvironment,
  feedFailed: (error: unknown) => void,
): Promise<OpenedStore> {
  const { client, names, config, isEmulator } = await connectDynamo(environment);
  const streams = createStreamsClient(config);
  const options = {
    client,
    ...names,
    now: () => new Date(),
    newId: () => ulid(),
    onCapacity: ({ units }: { units: number }) => meterCall(units),
  };
  const store = createDynamoStore(options);
  const feed = createStreamsFeed({
    ...options,
    streams,
    pollIntervalMs: isEmulator ? pollIntervalMs.emulator : pollIntervalMs.aws,
    failed: feedFailed,
  });
  const close = async () => {
    await feed.stop();
    streams.destroy();
    await store.close();
  };
  // The tables' own expiry prunes them.
  const [live, sessions] = [createDynamoLiveStore(options), createDynamoSessions(options)];
  const devices = createDynamoDevices(options);
  return { store: { ...store, close }, live, feed, sessions, devices, metered: withMeter, prune: async () => {} };
}
