import type { FastifyInstance } from "fastify";
import type { Service } from "../http/dispatch.ts";
import type { Connections, Feed, FeedHandler } from "../live/ports.ts";
import { publish } from "../live/publish.ts";
import type { LiveStore } from "../store/live-store.ts";
import { StoreUnavailable } from "../store/store.ts";
import { defaultSocketOptions, type SocketOptions, type Sockets, serveSockets } from "./sockets.ts";

export interface LiveParts {
  live: LiveStore;
  feed: Feed;
  connections: Connections;
}

/** Sockets on the server's port, and the publisher that feeds them from what the store says was committed (LV1). */
export function serveLive(
  app: FastifyInstance,
  service: Service,
  { live, feed, connections }: LiveParts,
  options: SocketOptions = defaultSocketOptions,
): Sockets {
  const { metrics, release } = service;
  const { clock, random } = service.ports;
  const ports = { live, connections, clock, release, ...(metrics && { subscribed: metrics.subscribed }) };
  const sockets = serveSockets(app.server, service, ports, options);
  const handle: FeedHandler = async (items) => {
    const again = await publish(items, {
      live,
      connections,
      gateway: sockets.gateway,
      clock,
      random,
      ...(metrics && { published: metrics.published }),
      // A line of the log is where one machine keeps what its owner should look at.
      setAside: async (item, reason) => {
        const position = item.kind === "change" ? item.change.position : item.position;
        service.logger.error({ position, reason }, "a change could not be published and is set aside");
      },
    });
    if (again.length > 0) throw new StoreUnavailable("the publisher could not write");
  };
  feed.start(handle, () => sockets.ids().length > 0);
  return sockets;
}
