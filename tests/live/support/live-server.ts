import type { Role, Shop } from "@status-board/contracts";
import { ulid } from "ulid";
import { onTestFinished } from "vitest";
import type { Principal } from "../../../src/auth/principal.ts";
import { composeService } from "../../../src/domain/service.ts";
import { headerOf } from "../../../src/http/message.ts";
import type { Connections } from "../../../src/live/ports.ts";
import { memoryConnections } from "../../../src/local/connections.ts";
import { openStore } from "../../../src/local/open-store.ts";
import type { OpenedStore } from "../../../src/local/opened-store.ts";
import { defaultSocketOptions, type SocketOptions } from "../../../src/local/sockets.ts";
import { type Running, start } from "../../../src/local/start.ts";
import { readLocalEnvironment } from "../../../src/runtime/environment.ts";
import { createLogger } from "../../../src/runtime/logger.ts";
import type { Api } from "../../../src/testing/api.ts";
import { eva, tom } from "../../../src/testing/workshop.ts";
import type { Database } from "./databases.ts";
import { httpApi } from "./http-api.ts";

/** What a test may put between the server and its parts. */
export interface Wrapping {
  opened?: (opened: OpenedStore) => OpenedStore;
  connections?: (connections: Connections) => Connections;
  sockets?: Partial<SocketOptions>;
  /** More variables of the environment. */
  variables?: Record<string, string>;
}

/** The real local server in this process, with two shops, on ports and a database of its own. */
export interface LiveServer {
  url: string;
  port: number;
  running: Running;
  /** As the server itself sees them, wrappings included. */
  opened: OpenedStore;
  connections: Connections;
  /** The product over HTTP as somebody of this role; in the shop `north` unless another is named. */
  as: (role: Role, person?: Person) => Api;
  headersOf: (role: Role, person?: Person) => { authorization: string };
  manager: Api;
  log: readonly string[];
}

export interface Person {
  user?: string;
  shop?: string;
}

export const principalOf = (role: Role, { user = role, shop = "north" }: Person = {}): Principal => ({
  shopId: shop,
  user: { id: user, name: `Name of ${user}` },
  role,
});

const shopNamed = (id: string): Shop => ({
  id,
  name: `Garage ${id}`,
  timeZone: "UTC",
  currency: "EUR",
  locale: "de-DE",
  technicians: [tom, eva],
  version: 1,
});

/** Makes a shop with one service, unless it is there. */
async function furnish(id: string, { store }: OpenedStore): Promise<void> {
  await store.createShop(shopNamed(id), "2099-12-31");
  const line = { code: "OIL001", name: "Oil change", priceCents: 4_900, minutes: 30 };
  await store.createService(id, composeService(ulid(), line, new Date().toISOString()), undefined);
}

/** Starts the server through its own start; who asks is what the authorization header names. */
export async function startLive(database: Database, wrapping: Wrapping = {}): Promise<LiveServer> {
  const { opened: wrap = (opened) => opened, connections: wrapConnections = (connections) => connections } = wrapping;
  const variables = { ...(await database.variables()), ...wrapping.variables };
  const environment = readLocalEnvironment({ PORT: "0", SHOP_ID: "north", SHOP_TIME_ZONE: "UTC", ...variables });
  const people = new Map<string, Principal>();
  const connections = wrapConnections(memoryConnections());
  const parts: { opened?: OpenedStore } = {};
  const log: string[] = [];
  const logger = createLogger({ level: "info", release: "1", destination: { write: (line) => void log.push(line) } });
  const running = await start(environment, logger, {
    open: async (...given) => {
      const opened = wrap(await openStore(...given));
      for (const id of ["north", "south"]) await furnish(id, opened);
      parts.opened = opened;
      return opened;
    },
    connections,
    authenticate: (request) => people.get(headerOf(request, "authorization") ?? ""),
    socketOptions: { ...defaultSocketOptions, ...wrapping.sockets },
  });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= running.close();
    return closing;
  };
  onTestFinished(close);
  const headersOf: LiveServer["headersOf"] = (role, person) => {
    const principal = principalOf(role, person);
    const authorization = `${principal.shopId}/${role}/${principal.user.id}`;
    people.set(authorization, principal);
    return { authorization };
  };
  const as: LiveServer["as"] = (role, person) => httpApi(running.url, headersOf(role, person));
  if (parts.opened === undefined) throw new Error("the server has opened no store");
  return {
    url: running.url,
    port: Number(new URL(running.url).port),
    running: { ...running, close },
    opened: parts.opened,
    connections,
    as,
    headersOf,
    manager: as("manager"),
    log,
  };
}
