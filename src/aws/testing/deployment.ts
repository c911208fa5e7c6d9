import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Role } from "@status-board/contracts";
import { ulid } from "ulid";
import { onTestFinished } from "vitest";
import { clientOf, endpointOf, newTables } from "../../../tests/support/dynamodb.ts";
import { type FaultProxy, startFaultProxy } from "../../../tests/support/fault-proxy.ts";
import type { Principal } from "../../auth/principal.ts";
import { composeService } from "../../domain/service.ts";
import { allHandlers } from "../../http/all-handlers.ts";
import { type HttpRequest, headerOf } from "../../http/message.ts";
import { openSignIn } from "../../http/open-sign-in.ts";
import type { Gateway } from "../../live/ports.ts";
import { readLambdaEnvironment } from "../../runtime/lambda-environment.ts";
import { createLogger } from "../../runtime/logger.ts";
import type { TableNames } from "../../store/dynamodb/tables.ts";
import { type Api, apiAs } from "../../testing/api.ts";
import { host, origin } from "../../testing/workshop.ts";
import { emfMetrics } from "../emf.ts";
import { createGateway } from "../gateway.ts";
import type { HttpResult } from "../http-event.ts";
import { openSecrets } from "../secrets.ts";
import { createCore, type LambdaCore } from "../service.ts";
import { onSocketEvent } from "../socket-routes.ts";
import { openBoardStream, type StreamEvent } from "./board-stream.ts";
import { type ConnectionsDouble, openConnectionsDouble } from "./connections-double.ts";
import { type Metric, metricsOf } from "./metric-lines.ts";
import { connectEvent, disconnectEvent, messageEvent } from "./socket-events.ts";

const shopNamed = (id: string) => ({
  id,
  name: `Garage ${id}`,
  timeZone: "Europe/Berlin",
  currency: "EUR",
  locale: "de-DE",
  technicians: [],
  version: 1,
});

/** The functions of one deployment, on tables of the test's own, with a clock that the test moves. */
export interface Deployment {
  core: LambdaCore;
  client: DynamoDBClient;
  tables: TableNames;
  gateway: Gateway;
  /** What stands where API Gateway's @connections would. */
  connections: ConnectionsDouble;
  /** What stands between the functions and their database. */
  database: FaultProxy;
  as: (role: Role, shop?: string) => Api;
  now: () => Date;
  advance: (ms: number) => void;
  log: () => Record<string, unknown>[];
  logText: () => string;
  /** Every metric so far, as CloudWatch would take it from its line. */
  metrics: () => Metric[];
  /** The records of what was written since the last call, as one event. */
  records: () => Promise<StreamEvent>;
  /** Makes a shop; `north` and `south` are there. */
  addShop: (id: string, carriedThrough?: string) => Promise<void>;
  ticketFor: (role: Role, shop?: string) => Promise<string>;
  /** The routes of the WebSocket API, by what a client does. */
  connect: (id: string, given?: Parameters<typeof connectEvent>[1]) => Promise<HttpResult>;
  /** A message, and when the gateway took it, in ms since 1970. */
  send: (id: string, message?: object | string, askedAt?: number) => Promise<HttpResult>;
  disconnect: (id: string) => Promise<HttpResult>;
  /** Connects with a ticket of its own, and subscribes. */
  watch: (id: string, date: string, role?: Role, shop?: string) => Promise<void>;
}

const opening = Date.parse("2031-03-03T08:00:00.000Z");

/**
 * `variables` stand over the usual ones. Without `secrets`, cookies are not signed and no origin key is asked for. Where people
 * sign in, who asks is told by their cookie, as ever.
 */
export async function openDeployment(
  variables: Record<string, string> = {},
  secrets?: SecretsManagerClient,
): Promise<Deployment> {
  let time = opening;
  const now = () => new Date(time);
  const endpoint = await endpointOf("dynoxide");
  const tables = await newTables(endpoint);
  const database = await startFaultProxy(endpoint);
  const connections = await openConnectionsDouble();
  const client = clientOf(database.endpoint, { maxAttempts: 1 });
  onTestFinished(async () => {
    client.destroy();
    await database.close();
  });
  const environment = readLambdaEnvironment({
    STAGE: "test",
    RELEASE: "1.2.3",
    BOARD_TABLE: tables.boardTable,
    LIVE_TABLE: tables.liveTable,
    LIVE_URL: `wss://${host}/prod`,
    CONNECTIONS_ENDPOINT: connections.endpoint,
    AUTH_MODE: "none",
    ALLOW_PUBLIC_NONE: "test",
    SHOP_ID: "north",
    ALLOWED_HOSTS: host,
    ALLOWED_ORIGINS: origin,
    ...variables,
  });
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: "info", release: environment.RELEASE, destination });
  const people = new Map<string, Principal>();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const gateway = createGateway({ endpoint: connections.endpoint, region: "eu-central-1", credentials }, logger);
  const metricLines: string[] = [];
  const metrics = emfMetrics({ stage: "test", clock: now, write: (line) => void metricLines.push(line) });
  const open: typeof openSecrets = (given, { clock }) =>
    openSecrets(given, { clock, ...(secrets && { client: secrets }) });
  const served = { handlers: allHandlers, openSignIn, ...(secrets && { openSecrets: open }) };
  const core = createCore(environment, served, { client, clock: now, logger, metrics, gateway: () => gateway });
  const { authenticate } = core.service;
  const personOf = (request: HttpRequest) => people.get(headerOf(request, "authorization") ?? "");
  if (environment.AUTH_MODE === "none")
    core.service.authenticate = (request) =>
      request.machine === undefined ? personOf(request) : authenticate(request);

  const as: Deployment["as"] = (role, shop = "north") => {
    const token = `${shop}/${role}`;
    people.set(token, { shopId: shop, user: { id: role, name: `Name of ${role}` }, role });
    return apiAs(core.service, { host, authorization: token });
  };
  const addShop: Deployment["addShop"] = async (id, carriedThrough = "2031-03-02") => {
    const { store } = core.service.ports;
    await store.createShop(shopNamed(id), carriedThrough);
    const oil = { code: "OIL001", name: "Oil change", priceCents: 4_900, minutes: 30 };
    await store.createService(id, composeService(ulid(), oil, now().toISOString()), undefined);
  };
  await addShop("north");
  await addShop("south");
  const stream = await openBoardStream(endpoint, tables.boardTable);
  await stream.next();

  const live = onSocketEvent(core, gateway);
  const connect: Deployment["connect"] = (id, given) => live(connectEvent(id, given));
  const send: Deployment["send"] = (id, message, askedAt) =>
    live(messageEvent(id, typeof message === "object" ? JSON.stringify(message) : message, askedAt));
  const ticketFor: Deployment["ticketFor"] = async (role, shop) => (await as(role, shop).ok("createTicket")).ticket;
  return {
    core,
    client,
    tables,
    gateway,
    connections,
    database,
    as,
    now,
    advance: (ms) => {
      time += ms;
    },
    log: () => lines.map((line) => JSON.parse(line)),
    logText: () => lines.join(""),
    metrics: () => metricLines.flatMap(metricsOf),
    records: () => stream.next(),
    addShop,
    ticketFor,
    connect,
    send,
    disconnect: (id) => live(disconnectEvent(id)),
    watch: async (id, date, role = "manager", shop = "north") => {
      await connect(id, { ticket: await ticketFor(role, shop) });
      await send(id, { action: "subscribe", date });
    },
  };
}
