import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { endpoints, type RouteId } from "@status-board/contracts";
import { ulid } from "ulid";
import { sealedCookies } from "../auth/cookie-seal.ts";
import type { KeyRing } from "../auth/key-ring.ts";
import { knowMachines } from "../auth/machines.ts";
import type { Principal } from "../auth/principal.ts";
import type { Service } from "../http/dispatch.ts";
import type { Handlers } from "../http/handlers.ts";
import type { openSignIn } from "../http/open-sign-in.ts";
import { sessionGuard } from "../http/session-guard.ts";
import type { Connections, Gateway, SetAside } from "../live/ports.ts";
import { silence } from "../live/silence.ts";
import { type LambdaEnvironment, needed, needOidc, readLambdaEnvironment } from "../runtime/lambda-environment.ts";
import type { Logger } from "../runtime/logger.ts";
import { meterCall, withMeter } from "../runtime/meter.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { createDynamoConnections } from "../store/dynamodb/connections.ts";
import { createDynamoDevices } from "../store/dynamodb/devices.ts";
import { createDynamoClient } from "../store/dynamodb/dynamo-client.ts";
import { createDynamoStore } from "../store/dynamodb/dynamo-store.ts";
import { createDynamoLiveStore } from "../store/dynamodb/live-store.ts";
import { createDynamoSessions } from "../store/dynamodb/sessions.ts";
import { emfMetrics } from "./emf.ts";
import { createGateway } from "./gateway.ts";
import { lambdaLogger } from "./lambda-logger.ts";
import type { openSecrets } from "./secrets.ts";
import { createSetAside } from "./set-aside.ts";

/** What the functions are made of; each takes of it what it needs. */
export interface LambdaCore {
  environment: LambdaEnvironment;
  service: Service;
  connections: Connections;
  /** What every request must bring along that comes through CloudFront; absent where nothing is asked for. */
  originKeys?: KeyRing;
}

/** What a function serves. Its bundle holds this and no more. */
export interface Served {
  handlers: Handlers;
  /** The way in, for the one function that has it. */
  openSignIn?: typeof openSignIn;
  /** The way to the connections, for the one function of operations that end some. */
  openGateway?: typeof createGateway;
  /** The keys, for those that answer HTTP. */
  openSecrets?: typeof openSecrets;
}

/** What a core stands on; the tests bring their own. */
export interface CoreParts {
  client: DynamoDBClient;
  clock: () => Date;
  logger: Logger;
  metrics?: Metrics;
  /** The way to the connections, made when it is needed. */
  gateway: () => Gateway;
}

/** The core over DynamoDB. Throws when a variable is missing that this function cannot do without. */
export function createCore(environment: LambdaEnvironment, served: Served, parts: CoreParts): LambdaCore {
  const { client, clock, logger, metrics } = parts;
  const { ALLOWED_HOSTS, ALLOWED_ORIGINS, PUBLIC_URL = "", RELEASE } = environment;
  const newId = () => ulid();
  const database = {
    client,
    boardTable: needed(environment, "BOARD_TABLE"),
    liveTable: needed(environment, "LIVE_TABLE"),
    now: clock,
    newId,
    onCapacity: ({ units }: { units: number }) => meterCall(units),
  };
  const connections = createDynamoConnections(database);
  const devices = createDynamoDevices(database);
  const endConnections = (hash: string) => silence(hash, { connections, gateway: parts.gateway() });
  const pairing = { devices, tries: devices, siteUrl: () => PUBLIC_URL, silence: endConnections };
  const ports = {
    store: createDynamoStore(database),
    live: createDynamoLiveStore(database),
    tickets: connections,
    liveUrl: () => needed(environment, "LIVE_URL"),
    clock,
    newId,
    random: Math.random,
    ...(environment.AUTH_MODE === "oidc" && { pairing }),
  };
  const sessions = createDynamoSessions(database);
  const publicUrl = () => PUBLIC_URL;
  const { cookieKeys, originKeys, clientSecret } = served.openSecrets?.(environment, { clock }) ?? {};
  const seal = cookieKeys && sealedCookies(cookieKeys);
  // One function alone may write sessions: the one that also gives devices their cookies anew.
  const seen = served.openSignIn && devices;
  const guard = sessionGuard({ sessions, devices: seen, clock, publicUrl, seal, logger });
  checkVariables(environment, served);
  const signIn = served.openSignIn?.(environment, {
    store: ports.store,
    sessions,
    signIns: sessions,
    seal,
    clientSecret,
    publicUrl,
    clock,
    silence: endConnections,
    logger,
  });
  const origins = PUBLIC_URL === "" ? ALLOWED_ORIGINS : [...ALLOWED_ORIGINS, PUBLIC_URL];
  const service: Service = {
    ports,
    gate: { allowedHosts: new Set(ALLOWED_HOSTS), allowedOrigins: new Set(origins) },
    logger,
    ...(metrics && { metrics }),
    metered: withMeter,
    release: RELEASE,
    handlers: served.handlers,
    authenticate: authenticateBy(environment, guard.authenticate),
    holds: guard.holds,
    ...(signIn && { signIn }),
    newCorrelationId: randomUUID,
  };
  return { environment, service, connections, ...(originKeys && { originKeys }) };
}

/** What this function serves decides what it cannot do without: it says so in its first moment. */
function checkVariables(environment: LambdaEnvironment, { handlers, openSignIn, openSecrets }: Served): void {
  const asksWho = (Object.keys(handlers) as RouteId[]).some((id) => endpoints[id].roles !== "public");
  if (asksWho) for (const name of ["AUTH_MODE", "SHOP_ID"] as const) needed(environment, name);
  if (handlers.createTicket !== undefined) needed(environment, "LIVE_URL");
  if (environment.AUTH_MODE !== "oidc") return;
  // Without them cookies would go unsigned, and whoever goes around the site would be let in.
  if (openSecrets) for (const name of ["COOKIE_SECRET_ARN", "ORIGIN_SECRET_ARN"] as const) needed(environment, name);
  if (openSignIn === undefined) return;
  needOidc(environment);
  needed(environment, "CONNECTIONS_ENDPOINT");
}

/** Who asks, by the mode; a machine by its own way in, whatever the mode (AU1). */
function authenticateBy(
  { AUTH_MODE, MACHINE_ROLES, SHOP_ID = "" }: LambdaEnvironment,
  bySession: Service["authenticate"],
): Service["authenticate"] {
  const owner: Principal = { shopId: SHOP_ID, user: { id: "owner", name: "Owner" }, role: "manager" };
  const knowMachine = knowMachines({ roles: MACHINE_ROLES, shopId: SHOP_ID });
  const personBy = { none: () => owner, oidc: bySession, iam: () => undefined }[AUTH_MODE ?? "iam"];
  return (request) => {
    if (request.machine === undefined) return personBy(request);
    const { arn } = request.machine;
    return arn === undefined ? undefined : (knowMachine(arn) ?? "stranger");
  };
}

let known: LambdaCore | undefined;

/** The core of this instance of a function, made once. Throws when a variable is missing or wrong. */
export function lambdaCore(served: Served = { handlers: {} }): LambdaCore {
  if (known !== undefined) return known;
  const environment = readLambdaEnvironment(process.env);
  const { logger, write } = lambdaLogger(environment);
  const clock = () => new Date();
  const metrics = emfMetrics({ stage: environment.STAGE, clock, write });
  let gateway: Gateway | undefined;
  known = createCore(environment, served, {
    client: createDynamoClient(),
    clock,
    logger,
    metrics,
    gateway: () => {
      if (served.openGateway === undefined) throw new Error("this function has no way to the connections");
      gateway ??= served.openGateway({ endpoint: needed(environment, "CONNECTIONS_ENDPOINT") }, logger);
      return gateway;
    },
  });
  return known;
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
