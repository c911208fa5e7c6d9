import { DynamoDBStreamsClient, type DynamoDBStreamsClientConfig } from "@aws-sdk/client-dynamodb-streams";
import { impatience, withoutLog } from "./dynamo-client.ts";

/** A client for the tables' streams, which have an API of their own at the tables' endpoint. */
export const createStreamsClient = (config: DynamoDBStreamsClientConfig = {}): DynamoDBStreamsClient =>
  withoutLog(new DynamoDBStreamsClient({ ...impatience, ...config }));
