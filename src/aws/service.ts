import { randomUUID } from "node:crypto";
import { ulid } from "ulid";
import type { Service } from "../http/dispatch.ts";
import { readLambdaEnvironment } from "../runtime/environment.ts";
import { createLogger } from "../runtime/logger.ts";
import { meterCall } from "../runtime/meter.ts";
import { release } from "../runtime/release.ts";
import { createDynamoClient } from "../store/dynamodb/dynamo-client.ts";
import { createDynamoStore } from "../store/dynamodb/dynamo-store.ts";

/** The core over DynamoDB, made once for each instance of a function. Throws when a variable is missing or wrong. */
export function lambdaService(variables: Readonly<Record<string, string | undefined>>): Service {
  const { BOARD_TABLE, SHOP_ID, LOG_LEVEL, ALLOWED_HOSTS, ALLOWED_ORIGINS } = readLambdaEnvironment(variables);
  const store = createDynamoStore({
    client: createDynamoClient(),
    boardTable: BOARD_TABLE,
    now: () => new Date(),
    newId: () => ulid(),
    onCapacity: ({ units }) => meterCall(units),
  });
  return {
    ports: { store, clock: () => new Date(), newId: () => ulid(), random: Math.random },
    gate: { allowedHosts: new Set(ALLOWED_HOSTS), allowedOrigins: new Set(ALLOWED_ORIGINS) },
    logger: createLogger({ level: LOG_LEVEL, release }),
    release,
    authenticate: () => ({ shopId: SHOP_ID, user: { id: "owner", name: "Owner" }, role: "manager" }),
    newCorrelationId: randomUUID,
  };
}
