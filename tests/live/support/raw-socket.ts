import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { Api } from "../../../src/testing/api.ts";

/** A text frame as a client sends it, with a mask of zeros (RFC 6455, 5.2); for texts below 126 bytes. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > 125) throw new Error("too long for a short frame");
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/**
 * A WebSocket made of bytes, that says hello and subscribes in one packet. It answers nothing, not even a close; unless
 * `reads`, it stops reading after the handshake.
 */
export async function openRawLive(api: Api, date: string, reads: boolean): Promise<Socket> {
  const { url, ticket } = await api.ok("createTicket");
  const { port } = new URL(url);
  const socket = connect({ port: Number(port), host: "127.0.0.1" });
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  const lines = [
    `GET /live?ticket=${ticket} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    "connection: upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  const hello = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
  socket.write(Buffer.concat([hello, clientFrame(JSON.stringify({ action: "subscribe", date }))]));
  await once(socket, "readable");
  if (reads) socket.resume();
  return socket;
}
