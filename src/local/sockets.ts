import type { Server } from "node:http";
import type { Duplex } from "node:stream";
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
  /** The connections that are open. */
  ids(): readonly string[];
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
  const streams = new WeakMap<WebSocket, Duplex>();
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
        return webSockets.handleUpgrade(request, stream, head, (socket) => {
          streams.set(socket, stream);
          accept(socket, admitted.principal);
        });
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

  /** One message goes to many sockets: its frame is made once, and is one write to each. */
  let last: { text: string; frame: Buffer } = { text: "", frame: Buffer.alloc(0) };
  function frameOf(text: string): Buffer {
    if (text !== last.text) last = { text, frame: textFrame(text) };
    return last.frame;
  }

  /** Sends, unless more than enough waits for a reader who does not read: he is cut off (LV8). */
  function push(socket: WebSocket, text: string): "sent" | "gone" {
    if (socket.readyState !== socket.OPEN) return "gone";
    if (socket.bufferedAmount > options.queuedMaxBytes) {
      say(socket, { type: "bye", code: "slow" });
      terminateSoon(socket);
      return "gone";
    }
    // Nothing of ours is compressed, so that whatever else the socket sends is written at once, too, and in order.
    streams.get(socket)?.write(frameOf(text));
    return "sent";
  }

  const inTurns = turns(postsATurn);
  return {
    gateway: {
      post: (id, message) =>
        inTurns(() => {
          const socket = sockets.get(id);
          return socket === undefined ? "gone" : push(socket, message);
        }),
      close: async (id, bye) => {
        const socket = sockets.get(id);
        if (socket !== undefined) say(socket, bye);
      },
    },
    ids: () => [...sockets.keys()],
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

/** Posts in one turn of the event loop; more would keep whoever moves a card meanwhile waiting. */
const postsATurn = 32;

/** Does so much work in this turn of the event loop, and the rest in the next ones, in the order in which it came. */
function turns(most: number): <T>(work: () => T) => Promise<T> {
  const waiting: (() => void)[] = [];
  let done = 0;
  function turn(): void {
    done = 0;
    for (const work of waiting.splice(0, most)) work();
    if (waiting.length > 0) next();
  }
  function next(): void {
    setImmediate(turn);
  }
  return (work) =>
    new Promise((resolve) => {
      if (done++ === 0) next();
      const run = () => resolve(work());
      if (done <= most) run();
      else waiting.push(run);
    });
}

/** A whole text message from a server in one frame, https://www.rfc-editor.org/rfc/rfc6455#section-5.2. */
function textFrame(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length < 126) return Buffer.concat([Buffer.of(0x81, bytes.length), bytes]);
  const header = Buffer.of(0x81, 126, 0, 0);
  header.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([header, bytes]);
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
