import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Random } from "../../domain/rank.ts";
import type { OnCapacity } from "./database.ts";

/** What everything that is kept in DynamoDB needs. */
export interface DynamoOptions {
  client: DynamoDBClient;
  now: () => Date;
  /** A fresh id of at most 36 characters, unique for ten minutes at least. */
  newId: () => string;
  /** Told of each call's price, in capacity units. Without it prices are not asked for. */
  onCapacity?: OnCapacity;
  /** Jitters retries. Default Math.random. */
  random?: Random;
  /** Waits between tries. Default a timer. */
  sleep?: (ms: number) => Promise<void>;
}
