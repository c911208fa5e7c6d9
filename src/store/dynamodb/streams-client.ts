import { DynamoDBStreamsClient, type DynamoDBStreamsClientConfig } from "@aws-sdk/client-dynamodb-streams";
import { impatience } from "./dynamo-client.ts";

/** A client for the tables' streams, which have an API of their own at the tables' endpoint. */
export const createStreamsClient = (config: DynamoDBStreamsClientConfig = {}): DynamoDBStreamsClient =>
  new DynamoDBStreamsClient({ ...impatience, ...config });
