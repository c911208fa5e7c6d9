import { type ServerMessage, serverMessageSchema } from "@status-board/contracts";
import { expect, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { Api } from "../../../src/testing/api.ts";

type Type = ServerMessage["type"];
export type MessageOf<T extends Type> = Extract<ServerMessage, { type: T }>;

/** A client that says what the test makes it say, right or wrong. */
export interface Peer {
  socket: WebSocket;
  /** Everything that came, unparsed and in its order. */
  raw: readonly unknown[];
  /** The types of what came. */
  types: () => string[];
  send: (message: object | string | Buffer) => void;
  /** The next message that no call has taken yet; it must be of this type and hold nothing the contract does not name. */
  next: <T extends Type>(type: T) => Promise<MessageOf<T>>;
  /** Subscribes and waits for the answer. */
  subscribe: (date: string, resume?: { epoch?: string; rev?: number }) => Promise<MessageOf<"subscribed">>;
  closed: Promise<{ code: number; reason: string }>;
}

/** Takes a socket that is opening as a peer, once it is open. */
export async function peerOn(socket: WebSocket): Promise<Peer> {
  onTestFinished(() => socket.terminate());
  const raw: unknown[] = [];
  let taken = 0;
  let arrived = () => {};
  socket.on("message", (data) => {
    raw.push(JSON.parse(data.toString()));
    arrived();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  const over = closed.then(({ code }): never => {
    throw new Error(`the connection closed with ${code} before the message came`);
  });
  over.catch(() => {});
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => {});

  async function next<T extends Type>(type: T): Promise<MessageOf<T>> {
    const place = taken++;
    while (raw.length <= place)
      await Promise.race([
        new Promise<void>((resolve) => {
          const former = arrived;
          arrived = () => {
            former();
            resolve();
          };
        }),
        over,
      ]);
    const message = serverMessageSchema.parse(raw[place]);
    expect(message).toEqual(raw[place]);
    if (!isOf(message, type)) throw new Error(`expected ${type}, but: ${JSON.stringify(message)}`);
    return message;
  }

  const send: Peer["send"] = (message) =>
    socket.send(typeof message === "string" || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  return {
    socket,
    raw,
    types: () => raw.map((message) => serverMessageSchema.parse(message).type),
    send,
    next,
    subscribe: (date, resume = {}) => {
      send({ action: "subscribe", date, ...resume });
      return next("subscribed");
    },
    closed,
  };
}

const isOf = <T extends Type>(message: ServerMessage, type: T): message is MessageOf<T> => message.type === type;

/** Connects with a ticket of this caller's. */
export async function connect(api: Api): Promise<Peer> {
  const { url, ticket } = await api.ok("createTicket");
  return peerOn(new WebSocket(`${url}?ticket=${ticket}`));
}

/** The status and body with which a handshake is refused. */
export async function refusedHandshake(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; statusMessage: string; code: unknown }> {
  const socket = new WebSocket(url, { headers });
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      socket.terminate();
      reject(new Error("the handshake was accepted"));
    });
    socket.once("error", reject);
    socket.once("unexpected-response", (_request, response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          statusMessage: response.statusMessage ?? "",
          code: JSON.parse(body).error.code,
        }),
      );
    });
  });
}
