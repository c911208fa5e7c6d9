import type { Server } from "node:http";
import type { Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import type { Certificate } from "./certificates.ts";

/** What the first byte of a TLS connection is: the record of a handshake (RFC 8446, 5.1). */
const handshakeByte = 0x16;
/** A connection that a browser opened in advance may be silent for so long. */
const silentMaxMs = 60_000;
const handshakeMaxMs = 10_000;

export interface TlsDoor {
  /** From now on new connections get this certificate; those that are open stay. */
  renew: (certificate: Certificate) => void;
}

/**
 * Lets an HTTP server speak TLS at the port where it listens, and plain HTTP, too: the first byte tells which. So an
 * address that somebody types without its scheme is answered, and this machine's owner needs no certificate.
 */
export function openTlsDoor(server: Server, certificate: Certificate): TlsDoor {
  const door = createServer({ ...certificate, handshakeTimeout: handshakeMaxMs, minVersion: "TLSv1.2" });
  // By Node's own listener, which is the first one.
  const [serveHttp] = server.listeners("connection") as ((socket: Socket) => void)[];
  if (serveHttp === undefined) throw new Error("the server takes no connections");
  server.removeListener("connection", serveHttp);
  door.on("secureConnection", (socket: TLSSocket) => serveHttp.call(server, socket));
  // Whoever does not trust the certificate breaks off, and that is his answer.
  door.on("tlsClientError", (_error, socket) => socket.destroy());

  server.on("connection", (socket: Socket) => {
    const giveUp = () => socket.destroy();
    socket.setTimeout(silentMaxMs, giveUp);
    socket.on("error", giveUp);
    socket.once("data", (bytes: Buffer) => {
      socket.setTimeout(0);
      socket.removeListener("timeout", giveUp);
      socket.removeListener("error", giveUp);
      socket.pause();
      socket.unshift(bytes);
      if (bytes[0] === handshakeByte) door.emit("connection", socket);
      else serveHttp.call(server, socket);
      process.nextTick(() => socket.resume());
    });
  });
  return { renew: (renewed) => door.setSecureContext({ ...renewed, minVersion: "TLSv1.2" }) };
}
