import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Client } from "undici";
import type { Target } from "./board.ts";

/** One request, made anew each time. */
export interface Shot {
  method: "GET" | "POST";
  path: string;
  body?: string;
}

/** What sends one request after the other. */
export interface Sender {
  /** Sends a request and gives the status of its answer when the last byte has come. */
  send: (shot: Shot) => Promise<number>;
  close: () => void;
}

/** A whole HTTP client on one connection, as a program has it. */
export async function openClient({ url, headers = {} }: Target): Promise<Sender> {
  const client = new Client(url, { pipelining: 1 });
  return {
    send: async ({ method, path, body = null }) => {
      const about = body !== null && { "content-type": "application/json" };
      const response = await client.request({ method, path, headers: { ...headers, ...about }, body });
      await response.body.arrayBuffer();
      return response.statusCode;
    },
    close: () => void client.close(),
  };
}

const headEnd = Buffer.from("\r\n\r\n");
const lengthLine = /\r\ncontent-length: (\d+)/i;

/**
 * A connection that carries one request after the other and reads of an answer no more than its status and its length. The clients
 * share their cores with the server that is measured, and a whole HTTP client takes half as long for a request as the server does.
 */
export class Connection implements Sender {
  private waiting: { resolve: (status: number) => void; reject: (error: Error) => void } | undefined;
  private status = 0;
  /** What has come of a head that is not whole. */
  private head: Buffer | undefined;
  private bytesLeft = 0;
  private readonly socket: Socket;
  private readonly headers: string;

  private constructor(socket: Socket, headers: string) {
    this.socket = socket;
    this.headers = headers;
    const fail = (error: Error) => this.waiting?.reject(error);
    socket.on("data", (chunk: Buffer) => this.take(chunk));
    socket.on("error", fail);
    socket.on("close", () => fail(new Error("the server hung up")));
  }

  /** Connects to a target; what it has every request carry is written once. */
  static async open({ url, headers = {} }: Target): Promise<Connection> {
    const { hostname, port, host } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, "connect");
    const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    return new Connection(socket, lines.join(""));
  }

  send({ method, path, body }: Shot): Promise<number> {
    const about =
      body === undefined ? "" : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) return reject(new Error("the server has hung up"));
      this.waiting = { resolve, reject };
      this.socket.write(`${method} ${path} HTTP/1.1\r\n${this.headers}${about}\r\n${body ?? ""}`);
    });
  }

  close(): void {
    this.waiting = undefined;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    if (this.bytesLeft > 0) this.bytesLeft -= chunk.length;
    else if (!this.takeHead(chunk)) return;
    if (this.bytesLeft > 0) return;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(this.status);
  }

  /** True when the head is whole, and with it the status and how much of the body is to come. */
  private takeHead(chunk: Buffer): boolean {
    const all = this.head === undefined ? chunk : Buffer.concat([this.head, chunk]);
    const end = all.indexOf(headEnd);
    this.head = end < 0 ? all : undefined;
    if (end < 0) return false;
    const text = all.toString("latin1", 0, end);
    this.status = Number(text.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length));
    const length = lengthLine.exec(text)?.[1];
    if (length === undefined) this.waiting?.reject(new Error(`an answer tells no length: ${text}`));
    this.bytesLeft = Number(length ?? 0) - (all.length - end - headEnd.length);
    return true;
  }
}
