import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { pino } from "pino";
import { ulid } from "ulid";
import type { Service } from "../http/dispatch.ts";
import type { Connections, Gateway } from "../live/ports.ts";
import { type LambdaEnvironment, needed, readLambdaEnvironment } from "../runtime/environment.ts";
import { createLogger, type Logger } from "../runtime/logger.ts";
import { meterCall } from "../runtime/meter.ts";
import { release } from "../runtime/release.ts";
import { createDynamoConnections } from "../store/dynamodb/connections.ts";
import { createDynamoClient } from "../store/dynamodb/dynamo-client.ts";
import { createDynamoStore } from "../store/dynamodb/dynamo-store.ts";
import { createDynamoLiveStore } from "../store/dynamodb/live-store.ts";
import { createGateway } from "./gateway.ts";

/** What the functions are made of; each takes of it what it needs. */
export interface LambdaCore {
  environment: LambdaEnvironment;
  service: Service;
  connections: Connections;
}
