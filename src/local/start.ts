import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { Shop } from "@status-board/contracts";
import { ulid } from "ulid";
import type { Principal } from "../auth/principal.ts";
import type { Gate } from "../http/gate.ts";
import type { Ports } from "../operations/ports.ts";
import { type LocalEnvironment, StartProblem } from "../runtime/environment.ts";
import type { Logger } from "../runtime/logger.ts";
import { release } from "../runtime/release.ts";
import { openStore } from "./open-store.ts";
import { createServer } from "./server.ts";

/** A server that is listening. */
export interface Running {
  url: string;
  /** True when the shop was made by this start, so that there is nothing on its boards yet. */
  firstStart: boolean;
  /** Finishes what is in flight, then lets go of the database. */
  close: () => Promise<void>;
}

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

const inUrl = (host: string) => (host.includes(":") ? `[${host}]` : host);

const newShop = ({ SHOP_ID, SHOP_TIME_ZONE }: LocalEnvironment): Shop => ({
  id: SHOP_ID,
  name: "Workshop",
  timeZone: SHOP_TIME_ZONE,
  currency: "USD",
  locale: "en-US",
  technicians: [],
  version: 1,
});

/** Opens the database, makes the shop on a first start, and listens. Throws what says in one line why it cannot. */
export async function start(environment: LocalEnvironment, logger: Logger): Promise<Running> {
  const { HOST, PORT, SHOP_ID } = environment;
  const store = await openStore(environment);
  try {
    const firstStart = await store.createShop(newShop(environment));
    const ports: Ports = { store, clock: () => new Date(), newId: () => ulid(), random: Math.random };
    const owner: Principal = { shopId: SHOP_ID, user: { id: "owner", name: "Owner" }, role: "manager" };
    const allowedOrigins = new Set(environment.ALLOWED_ORIGINS);
    const gate: Gate = {
      allowedHosts: new Set([...loopbackNames, inUrl(HOST).toLowerCase(), ...environment.ALLOWED_HOSTS]),
      allowedOrigins,
    };
    const app = createServer({ ports, gate, logger, release, authenticate: () => owner, newCorrelationId: randomUUID });
    await app.listen({ host: HOST, port: PORT }).catch((error: NodeJS.ErrnoException) => {
      throw listenProblem(error, HOST, PORT);
    });
    const { port } = app.server.address() as AddressInfo;
    for (const name of gate.allowedHosts) allowedOrigins.add(new URL(`http://${name}:${port}`).origin);
    const url = `http://${inUrl(HOST)}:${port}`;
    logger.info({ url, database: environment.DATABASE }, "listening");
    return { url, firstStart, close: () => app.close().then(() => store.close()) };
  } catch (error) {
    await store.close();
    throw error;
  }
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
