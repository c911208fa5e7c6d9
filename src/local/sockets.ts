import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type Bye, closeCodeOf, limits } from "@status-board/contracts";
import { type WebSocket, WebSocketServer } from "ws";
import type { Principal } from "../auth/principal.ts";
import { redeemTicket } from "../auth/tickets.ts";
import type { Failure } from "../http/answer.ts";
import { refuse, type Service } from "../http/dispatch.ts";
import { refusedBy } from "../http/gate.ts";
import type { HttpRequest } from "../http/message.ts";
import { createPace } from "../live/pace.ts";
import type { Gateway } from "../live/ports.ts";
import { receive } from "../live/receive.ts";
import type { SubscribePorts } from "../live/subscribe.ts";

/** Where screens connect. */
export const livePath = "/live";

export interface SocketOptions {
  /** Without a message from the client for so long, a connection ends. */
  idleMaxMs: number;
  /** However busy, it ends after this. */
  lifeMaxMs: number;
  /** Bytes that may wait for a slow reader before he is cut off. */
  queuedMaxBytes: number;
}

/** The limits of API Gateway's WebSocket APIs, so that a client meets the same everywhere. */
export const defaultSocketOptions: SocketOptions = {
  idleMaxMs: limits.connectionIdleMaxMs,
  lifeMaxMs: limits.connectionLifeMaxMs,
  queuedMaxBytes: 1_048_576,
};

export interface Sockets {
  gateway: Gateway;
  /** Says going_away to everybody and closes; clients come back within `retryWithinMs`, each at a moment of its own. */
  close(retryWithinMs: number): Promise<void>;
}

/** Serves WebSockets on the HTTP server's own port. */
export function serveSockets(
  server: Server,
  service: Service,
  ports: SubscribePorts,
  options: SocketOptions = defaultSocketOptions,
): Sockets {
  const sockets = new Map<string, WebSocket>();
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.serverMessageMaxBytes,
    perMessageDeflate: false,
  });

  server.on("upgrade", (request, stream, head) => {
    stream.on("error", () => stream.destroy());
    void admit(request, service, ports).then(
      (admitted) => {
        if ("failure" in admitted) return turnAway(request, stream, admitted.failure, service);
        return webSockets.handleUpgrade(request, stream, head, (socket) => void accept(socket, admitted.principal));
      },
      (error: unknown) => {
        service.logger.error({ err: error }, "handshake failed");
        stream.destroy();
      },
    );
  });

  async function accept(socket: WebSocket, principal: Principal): Promise<void> {
    const id = service.ports.newId();
    sockets.set(id, socket);
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      sockets.delete(id);
      void ports.connections.remove(id);
    });
    await ports.connections.add({ id, principal });
    listen(id, socket);
  }

  /** Takes a connection's messages one after the other, and ends it when it is idle or old. */
  function listen(id: string, socket: WebSocket): void {
    const pace = createPace(() => performance.now());
    const end = () => say(socket, { type: "bye", code: "going_away" });
    const idle = setTimeout(end, options.idleMaxMs);
    const life = setTimeout(end, options.lifeMaxMs);
    socket.on("close", () => {
      clearTimeout(idle);
      clearTimeout(life);
    });
    let last: Promise<void> = Promise.resolve();
    socket.on("message", (data, isBinary) => {
      idle.refresh();
      const text = isBinary ? "" : data.toString();
      last = last
        .then(() => answer(id, socket, text))
        .catch((error: unknown) => {
          service.logger.error({ err: error }, "message failed");
          send(socket, { type: "error", code: "internal", message: "something went wrong on our side" });
        });
    });

    async function answer(connectionId: string, to: WebSocket, text: string): Promise<void> {
      const connection = await ports.connections.find(connectionId);
      if (connection === undefined || to.readyState !== to.OPEN) return;
      for (const message of await receive(connection, text, pace, ports))
        if (message.type === "bye") say(to, message);
        else send(to, message);
    }
  }

  return {
    gateway: {
      post: async (id, message) => {
        const socket = sockets.get(id);
        if (socket === undefined || socket.readyState !== socket.OPEN) return "gone";
        if (socket.bufferedAmount > options.queuedMaxBytes) {
          cutOff(socket);
          return "gone";
        }
        socket.send(message);
        return "sent";
      },
      close: async (id, bye) => {
        const socket = sockets.get(id);
        if (socket !== undefined) say(socket, bye);
      },
    },
    close: async (retryWithinMs) => {
      for (const socket of sockets.values())
        say(socket, {
          type: "bye",
          code: "going_away",
          retryAfterMs: Math.floor(service.ports.random() * retryWithinMs),
        });
      await Promise.all([...sockets.values()].map((socket) => closed(socket)));
      webSockets.close();
    },
  };
}

/** How long a peer may take to answer a close before its connection is cut. */
const closeWaitMs = 1_000;

const send = (socket: WebSocket, message: object): void => {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
};

function say(socket: WebSocket, bye: Bye): void {
  send(socket, bye);
  socket.close(closeCodeOf(bye.code), bye.code);
}

/** A reader who does not read would never see a bye: it is cut off, and finds out when it looks again. */
function cutOff(socket: WebSocket): void {
  say(socket, { type: "bye", code: "slow" });
  setTimeout(() => socket.terminate(), closeWaitMs).unref();
}

function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), closeWaitMs);
    socket.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

type Admission = { principal: Principal } | { failure: Failure };

/** Host and Origin as for every request, then the ticket (WS1). */
async function admit(request: IncomingMessage, service: Service, ports: SubscribePorts): Promise<Admission> {
  const refused = refusedBy(service.gate, requestOf(request));
  if (refused !== undefined) return { failure: { code: "forbidden", message: refused } };
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname !== livePath) return { failure: { code: "not_found" } };
  const principal = await redeemTicket(url.searchParams.get("ticket"), {
    tickets: ports.connections,
    clock: ports.clock,
  });
  return principal === undefined
    ? { failure: { code: "unauthenticated", message: "The ticket is unknown, used or expired." } }
    : { principal };
}

const requestOf = (request: IncomingMessage): HttpRequest => ({
  method: request.method ?? "GET",
  path: livePath,
  query: "",
  headers: request.headers,
});

function turnAway(request: IncomingMessage, stream: Duplex, failure: Failure, service: Service): void {
  const { status, headers, body } = refuse(requestOf(request), failure, service);
  const lines = Object.entries({ ...headers, connection: "close", "content-length": Buffer.byteLength(body) });
  stream.end(`HTTP/1.1 ${status} \r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`);
}
