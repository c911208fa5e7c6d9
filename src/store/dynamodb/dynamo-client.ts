import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

const connectionTimeoutMs = 1_000;
const requestTimeoutMs = 3_000;

/** A client that gives up soon enough for somebody who waits. `endpoint` names a database other than AWS's own. */
export function createDynamoClient(options: { endpoint?: string; region?: string } & DynamoDBClientConfig = {}) {
  return new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: connectionTimeoutMs, requestTimeout: requestTimeoutMs },
    ...options,
  });
}
