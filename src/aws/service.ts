import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { pino } from "pino";
import { ulid } from "ulid";
import type { Principal } from "../auth/principal.ts";
import type { Service } from "../http/dispatch.ts";
import { openSignIn } from "../http/open-sign-in.ts";
import type { Connections, Gateway, SetAside } from "../live/ports.ts";
import { silence } from "../live/silence.ts";
import { type LambdaEnvironment, readLambdaEnvironment, StartProblem } from "../runtime/environment.ts";
import { createLogger, type Logger } from "../runtime/logger.ts";
import { meterCall } from "../runtime/meter.ts";
import { release } from "../runtime/release.ts";
import { createDynamoConnections } from "../store/dynamodb/connections.ts";
import { createDynamoClient } from "../store/dynamodb/dynamo-client.ts";
import { createDynamoStore } from "../store/dynamodb/dynamo-store.ts";
import { createDynamoLiveStore } from "../store/dynamodb/live-store.ts";
import { createDynamoSessions } from "../store/dynamodb/sessions.ts";
import { createGateway } from "./gateway.ts";
import { createSetAside } from "./set-aside.ts";

/** What the functions are made of; each takes of it what it needs. */
export interface LambdaCore {
  environment: LambdaEnvironment;
  service: Service;
  connections: Connections;
}

/** What a core stands on; the tests bring their own. */
export interface CoreParts {
  client: DynamoDBClient;
  clock: () => Date;
  logger: Logger;
  /** The way to the connections, made when it is needed. */
  gateway: () => Gateway;
}

/** A variable that not every function has, for one that cannot do without. */
function needed(environment: LambdaEnvironment, name: "LIVE_URL" | "CONNECTIONS_ENDPOINT"): string {
  const value = environment[name];
  if (value === undefined) throw new StartProblem(`Bad setting: ${name}="" must be set for this function.`);
  return value;
}

/** The core over DynamoDB. */
export function createCore(environment: LambdaEnvironment, parts: CoreParts): LambdaCore {
  const { client, clock, logger } = parts;
  const { BOARD_TABLE, LIVE_TABLE, SHOP_ID, ALLOWED_HOSTS, ALLOWED_ORIGINS, PUBLIC_URL = "" } = environment;
  const newId = () => ulid();
  const database = {
    client,
    boardTable: BOARD_TABLE,
    liveTable: LIVE_TABLE,
    now: clock,
    newId,
    onCapacity: ({ units }: { units: number }) => meterCall(units),
  };
  const connections = createDynamoConnections(database);
  const ports = {
    store: createDynamoStore(database),
    live: createDynamoLiveStore(database),
    tickets: connections,
    liveUrl: () => needed(environment, "LIVE_URL"),
    clock,
    newId,
    random: Math.random,
  };
  const sessions = createDynamoSessions(database);
  const signIn = openSignIn(environment, {
    store: ports.store,
    sessions,
    signIns: sessions,
    publicUrl: () => PUBLIC_URL,
    clock,
    silence: (hash) => silence(hash, { connections, gateway: parts.gateway() }),
    logger,
  });
  const owner: Principal = { shopId: SHOP_ID, user: { id: "owner", name: "Owner" }, role: "manager" };
  const origins = PUBLIC_URL === "" ? ALLOWED_ORIGINS : [...ALLOWED_ORIGINS, PUBLIC_URL];
  const service: Service = {
    ports,
    gate: { allowedHosts: new Set(ALLOWED_HOSTS), allowedOrigins: new Set(origins) },
    logger,
    release,
    authenticate: signIn?.authenticate ?? (() => owner),
    ...(signIn && { signIn }),
    newCorrelationId: randomUUID,
  };
  return { environment, service, connections };
}

let known: LambdaCore | undefined;

/** The core of this instance of a function, made once. Throws when a variable is missing or wrong. */
export function lambdaCore(): LambdaCore {
  if (known !== undefined) return known;
  const environment = readLambdaEnvironment(process.env);
  // An instance is frozen the moment it has answered: a line must be out before.
  const destination = pino.destination({ fd: 1, sync: true });
  const logger = createLogger({ level: environment.LOG_LEVEL, release, destination });
  let gateway: Gateway | undefined;
  known = createCore(environment, {
    client: createDynamoClient(),
    clock: () => new Date(),
    logger,
    gateway: () => {
      gateway ??= createGateway({ endpoint: needed(environment, "CONNECTIONS_ENDPOINT") }, logger);
      return gateway;
    },
  });
  return known;
}

/** What answers HTTP: a function that hands out tickets knows where they are good, and one that signs out, whom to tell. */
export function lambdaService(): Service {
  const { environment, service } = lambdaCore();
  needed(environment, "LIVE_URL");
  if (service.signIn !== undefined) needed(environment, "CONNECTIONS_ENDPOINT");
  return service;
}

/** The way to the connections of this deployment's WebSocket API. */
export function lambdaGateway(): Gateway {
  const { environment, service } = lambdaCore();
  return createGateway({ endpoint: needed(environment, "CONNECTIONS_ENDPOINT") }, service.logger);
}

/** Where what cannot be published is kept: in the queue, where the function has one. */
export function lambdaSetAside(): SetAside {
  const { environment, service } = lambdaCore();
  return createSetAside(environment.SET_ASIDE_QUEUE_URL, service.logger);
}
