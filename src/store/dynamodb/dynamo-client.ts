import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

const connectionTimeoutMs = 1_000;
const requestTimeoutMs = 3_000;

/** Gives up soon enough for somebody who waits. By itself the SDK would only warn of a request that takes too long. */
export const impatience = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
  },
};

/** The SDK makes a copy of each call and its answer for a log that nobody has asked for: with it a board's 100 cards cost twice. */
export function withoutLog<Client extends { middlewareStack: { removeByTag: (tag: string) => boolean } }>(
  client: Client,
): Client {
  client.middlewareStack.removeByTag("LOGGER");
  return client;
}

/** A client for the tables. `config.endpoint` names a database other than AWS's own. */
export const createDynamoClient = (config: DynamoDBClientConfig = {}): DynamoDBClient =>
  withoutLog(new DynamoDBClient({ ...impatience, ...config }));
