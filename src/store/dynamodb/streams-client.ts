import { DynamoDBStreamsClient, type DynamoDBStreamsClientConfig } from "@aws-sdk/client-dynamodb-streams";

const connectionTimeoutMs = 1_000;
const requestTimeoutMs = 3_000;

/** A client of the tables' streams, which have an API of their own at the tables' endpoint. */
export function createStreamsClient(config: DynamoDBStreamsClientConfig = {}): DynamoDBStreamsClient {
  return new DynamoDBStreamsClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: connectionTimeoutMs, requestTimeout: requestTimeoutMs },
    ...config,
  });
}
