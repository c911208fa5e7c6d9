import type { Server } from "node:http";
import { type Bye, closeCodeOf, limits } from "@status-board/contracts";
import { type WebSocket, WebSocketServer } from "ws";
import type { Principal } from "../auth/principal.ts";
import type { Service } from "../http/dispatch.ts";
import { createPace } from "../live/pace.ts";
import type { Gateway } from "../live/ports.ts";
import { receive } from "../live/receive.ts";
import type { SubscribePorts } from "../live/subscribe.ts";
import { admit, turnAway } from "./handshake.ts";

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

  let isStopping = false;

  server.on("upgrade", (request, stream, head) => {
    stream.on("error", () => stream.destroy());
    admit(request, service, ports.connections)
      .then((admitted) => {
        if (isStopping) return turnAway(request, stream, { code: "unavailable" }, service);
        if ("failure" in admitted) return turnAway(request, stream, admitted.failure, service);
        return webSockets.handleUpgrade(request, stream, head, (socket) => accept(socket, admitted.principal));
      })
      .catch((error: unknown) => {
        service.logger.error({ err: error }, "handshake failed");
        stream.destroy();
      });
  });

  /** Everything is listened to from the first moment, and answered once the connection is noted. */
  function accept(socket: WebSocket, principal: Principal): void {
    const id = service.ports.newId();
    sockets.set(id, socket);
    const noted = ports.connections.add({ id, principal }).catch((error: unknown) => {
      service.logger.error({ err: error }, "connection could not be noted");
      say(socket, { type: "bye", code: "going_away" });
    });
    // The close code that says what was wrong is on its way already.
    socket.on("error", () => terminateSoon(socket));
    socket.on("close", () => {
      sockets.delete(id);
      void noted
        .then(() => ports.connections.remove(id))
        .catch((error: unknown) => service.logger.error({ err: error }, "connection could not be forgotten"));
    });
    listen(id, socket, noted);
  }

  /** Takes a connection's messages one after the other, and ends it when it is idle or old. */
  function listen(id: string, socket: WebSocket, noted: Promise<void>): void {
    const pace = createPace(() => performance.now());
    const end = () => say(socket, { type: "bye", code: "going_away" });
    const idle = setTimeout(end, options.idleMaxMs);
    const life = setTimeout(end, options.lifeMaxMs);
    socket.on("close", () => {
      clearTimeout(idle);
      clearTimeout(life);
    });
    let last = noted;
    let waiting = 0;
    socket.on("message", (data, isBinary) => {
      idle.refresh();
      // What a client sends faster than it is answered stays in its own network stack.
      if (waiting++ === 0) socket.pause();
      const message = isBinary ? undefined : data.toString();
      last = last
        .then(() => answer(message))
        .catch((error: unknown) => {
          service.logger.error({ err: error }, "message failed");
          push(
            socket,
            JSON.stringify({ type: "error", code: "internal", message: "something went wrong on our side" }),
          );
        })
        .finally(() => {
          if (--waiting === 0) socket.resume();
        });
    });

    async function answer(message: string | undefined): Promise<void> {
      const connection = await ports.connections.find(id);
      if (connection === undefined || socket.readyState !== socket.OPEN) return;
      for (const reply of await receive(connection, message, pace, ports))
        if (reply.type === "bye") say(socket, reply);
        else push(socket, JSON.stringify(reply));
    }
  }

  /** One message goes to many sockets: its bytes are made once. */
  let last = { text: "", bytes: Buffer.alloc(0) };
  function bytesOf(text: string): Buffer {
    if (text !== last.text) last = { text, bytes: Buffer.from(text) };
    return last.bytes;
  }

  /** Sends, unless more than enough waits for a reader who does not read: he is cut off (LV8). */
  function push(socket: WebSocket, text: string): "sent" | "gone" {
    if (socket.readyState !== socket.OPEN) return "gone";
    if (socket.bufferedAmount > options.queuedMaxBytes) {
      say(socket, { type: "bye", code: "slow" });
      terminateSoon(socket);
      return "gone";
    }
    socket.send(bytesOf(text), { binary: false });
    return "sent";
  }

  return {
    gateway: {
      post: async (id, message) => {
        const socket = sockets.get(id);
        return socket === undefined ? "gone" : push(socket, message);
      },
      close: async (id, bye) => {
        const socket = sockets.get(id);
        if (socket !== undefined) say(socket, bye);
      },
    },
    close: async (retryWithinMs) => {
      isStopping = true;
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

function say(socket: WebSocket, bye: Bye): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(bye));
  socket.close(closeCodeOf(bye.code), bye.code);
}

function terminateSoon(socket: WebSocket): void {
  const timer = setTimeout(() => socket.terminate(), closeWaitMs);
  socket.once("close", () => clearTimeout(timer));
}

function closed(socket: WebSocket): Promise<void> {
  terminateSoon(socket);
  return new Promise((resolve) => void socket.once("close", () => resolve()));
}
