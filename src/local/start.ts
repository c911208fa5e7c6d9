import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { ulid } from "ulid";
import type { Principal } from "../auth/principal.ts";
import { memorySignIns } from "../auth/sign-ins.ts";
import { memoryTries } from "../auth/tries.ts";
import { firstShop } from "../domain/first-shop.ts";
import { addDays, localDay } from "../domain/time.ts";
import { allHandlers } from "../http/all-handlers.ts";
import type { Service } from "../http/dispatch.ts";
import { createDocs, isDocsPath } from "../http/docs-page.ts";
import { openSignIn } from "../http/open-sign-in.ts";
import { sessionGuard } from "../http/session-guard.ts";
import type { Connections } from "../live/ports.ts";
import { silence } from "../live/silence.ts";
import { carryOver } from "../operations/carry-over.ts";
import type { Ports } from "../operations/ports.ts";
import { type LocalEnvironment, StartProblem } from "../runtime/environment.ts";
import type { Logger } from "../runtime/logger.ts";
import { release } from "../runtime/release.ts";
import { takeCare } from "./care.ts";
import { memoryConnections } from "./connections.ts";
import { readDocsRenderer } from "./docs-renderer.ts";
import { endSessions } from "./end-sessions.ts";
import { serveLive } from "./live.ts";
import { openStore } from "./open-store.ts";
import type { OpenedStore } from "./opened-store.ts";
import { isFromThisMachine } from "./own-machine.ts";
import { findOwnNames } from "./own-names.ts";
import { builtPageDirectory, pageFiles } from "./page-files.ts";
import { openReach } from "./reach.ts";
import { repeat } from "./repeat.ts";
import { createServer } from "./server.ts";
import { defaultSocketOptions, type SocketOptions, type Sockets } from "./sockets.ts";

/** A server that is listening. */
export interface Running {
  url: string;
  /** How others on the network find it, the best first; none where this machine alone reaches it. */
  networkUrls: () => readonly string[];
  /** True when the shop was made by this start, so that there is nothing on its boards yet. */
  firstStart: boolean;
  /** The shop's own, whatever the environment says of a first one. */
  timeZone: string;
  /** Finishes what is in flight, then lets go of the database. */
  close: () => Promise<void>;
}

/** How often the clock is looked at for a midnight that has passed, so that sleep and clock changes do no harm. */
const carryOverIntervalMs = 5_000;
const pruneIntervalMs = 3_600_000;
/** Within WS2's five seconds, with time for a slow database. */
const endSessionsIntervalMs = 2_000;
/** After a stop for good or a restart, clients come back within this, each at a moment of its own. */
const retryWithinMs = 2_000;

/** What a server is made of, where it is not the usual. */
export interface Parts {
  open: typeof openStore;
  connections: Connections;
  authenticate: Service["authenticate"];
  /** The present moment. */
  clock: () => Date;
  socketOptions: SocketOptions;
  /** Where the built page lies. */
  pageDirectory: string;
  /** The names of this machine on its network. */
  findNames: typeof findOwnNames;
  /** How often they are looked at: a router may give the machine another address at any time. Default 15 s. */
  ownNamesIntervalMs: number;
  /** Hears that the best of the URLs for others on the network has become another one. */
  onMoved: (moved: Pick<Running, "url" | "networkUrls">) => void;
  /** Hears that the disk has failed: from now on every request is answered with `unavailable`. */
  onLost: () => void;
}

/** Opens the database, makes the shop on a first start, and listens. Throws what says in one line why it cannot. */
export async function start(
  environment: LocalEnvironment,
  logger: Logger,
  parts: Partial<Parts> = {},
): Promise<Running> {
  const opened = await (parts.open ?? openStore)(environment, logger, parts.onLost);
  try {
    return await serve(environment, opened, logger, parts);
  } catch (error) {
    await opened.store.close();
    throw error;
  }
}

async function makeShop(environment: LocalEnvironment, { store }: OpenedStore) {
  const { SHOP_ID, SHOP_TIME_ZONE } = environment;
  const firstStart = (await store.listShops()).length === 0;
  const yesterday = addDays(localDay(new Date().toISOString(), SHOP_TIME_ZONE), -1);
  await store.createShop(firstShop(SHOP_ID, SHOP_TIME_ZONE), yesterday);
  return { firstStart, timeZone: (await store.readShop(SHOP_ID))?.timeZone ?? SHOP_TIME_ZONE };
}

async function serve(
  environment: LocalEnvironment,
  opened: OpenedStore,
  logger: Logger,
  parts: Partial<Parts>,
): Promise<Running> {
  const { HOST, PORT, SHOP_ID, METRICS } = environment;
  const { connections = memoryConnections(), socketOptions = defaultSocketOptions, clock = () => new Date() } = parts;
  const { store, live, feed, sessions, devices } = opened;
  const { firstStart, timeZone } = await makeShop(environment, opened);

  let sockets: Sockets | undefined;
  const { findNames = findOwnNames, ownNamesIntervalMs = 15_000, onMoved } = parts;
  const reach = await openReach(environment, { clock, findNames, onMoved });
  const { gate, publicUrl } = reach;
  const endConnections = async (hash: string) => sockets && silence(hash, { connections, gateway: sockets.gateway });
  const pairing = { devices, tries: memoryTries(clock), siteUrl: publicUrl, silence: endConnections };
  const ports: Ports = {
    store,
    live,
    tickets: connections,
    liveUrl: reach.liveUrl,
    clock,
    newId: () => ulid(),
    random: Math.random,
    ...(environment.AUTH_MODE !== "none" && { pairing }),
  };
  const owner: Principal = { shopId: SHOP_ID, user: { id: "owner", name: "Owner" }, role: "manager" };
  const signIn = openSignIn(environment, {
    store,
    sessions,
    signIns: memorySignIns(),
    publicUrl,
    clock,
    silence: endConnections,
    logger,
  });
  const guard = sessionGuard({ sessions, devices, clock, publicUrl, logger });
  const { pageDirectory = builtPageDirectory } = parts;
  // Whoever does not want to be measured does not load what measures.
  const care = takeCare({ environment, file: opened.file, timeZone, clock, logger });
  ports.condition = care.condition;
  const prometheus =
    METRICS === "on"
      ? (await import("./prometheus.ts")).openPrometheus({
          release,
          clock,
          openSockets: () => sockets?.ids().length ?? 0,
          ...(care.backupAgeMs && { backupAgeMs: care.backupAgeMs }),
        })
      : undefined;
  const byMode: Record<LocalEnvironment["AUTH_MODE"], Service["authenticate"]> = {
    none: () => owner,
    paired: (request) => (isFromThisMachine(request) ? owner : guard.authenticate(request)),
    oidc: guard.authenticate,
  };
  const { authenticate = byMode[environment.AUTH_MODE] } = parts;
  const service: Service = {
    ports,
    gate,
    logger,
    ...(prometheus && { metrics: prometheus.metrics }),
    ...(opened.metered && { metered: opened.metered }),
    release,
    handlers: allHandlers,
    authenticate,
    holds: guard.holds,
    ...(signIn && { signIn }),
    ...(reach.liveUrlFor && { liveUrlFor: reach.liveUrlFor }),
    newCorrelationId: randomUUID,
    files: [
      ...reach.files,
      ...(prometheus ? [prometheus.page] : []),
      pageFiles(pageDirectory, reach.socketOrigins),
      { routeId: "getDocs", owns: isDocsPath, read: createDocs(readDocsRenderer) },
    ],
  };
  const app = createServer(service, reach.beforehand);
  await app.listen({ host: HOST, port: PORT }).catch((error: NodeJS.ErrnoException) => {
    throw listenProblem(error, HOST, PORT);
  });
  const { port } = app.server.address() as AddressInfo;
  const url = reach.listening(app.server, port);
  const watched = prometheus?.watchFeed(feed) ?? feed;
  const served = serveLive(app, service, { live, feed: watched, connections }, socketOptions);
  sockets = served;
  const tasks = [
    repeat("carry-over", carryOverIntervalMs, () => carryOver(ports), logger),
    repeat("prune", pruneIntervalMs, opened.prune, logger),
    repeat("own-names", ownNamesIntervalMs, reach.refresh, logger),
  ];
  const endOver = signIn && (() => endSessions(guard, { sockets: served, connections }));
  if (endOver) tasks.push(repeat("end-sessions", endSessionsIntervalMs, endOver, logger));
  care.start();
  logger.info({ url, database: environment.DATABASE }, "listening");
  const close = async () => {
    await Promise.all([app.close(), served.close(retryWithinMs), care.stop(), ...tasks.map((task) => task.stop())]);
    await feed.stop();
    await store.close();
  };
  return { url, networkUrls: reach.networkUrls, firstStart, timeZone, close };
}

function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE")
    return new StartProblem(`Port ${port} is in use: stop what listens there, or set PORT to another.`);
  if (error.code === "EACCES")
    return new StartProblem(`Port ${port} needs rights this user does not have: set PORT to 1024 or more.`);
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
    return new StartProblem(`HOST ${host} is no address of this machine: set HOST to one that is, such as 127.0.0.1.`);
  return error;
}
