import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

const connectionTimeoutMs = 1_000;
const requestTimeoutMs = 3_000;

/** A client that gives up soon enough for somebody who waits. `config.endpoint` names a database other than AWS's own. */
export function createDynamoClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: connectionTimeoutMs, requestTimeout: requestTimeoutMs },
    ...config,
  });
}
