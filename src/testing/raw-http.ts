import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A connection on which a test writes what bytes it likes. */
export interface RawConnection {
  socket: Socket;
  /** Everything that came back, once the server has closed the connection. */
  everything: Promise<string>;
}

export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: "127.0.0.1" });
  onTestFinished(() => void socket.destroy());
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  // A server that refuses a body half-way may reset the connection; what came before is the answer.
  const everything = new Promise<string>((resolve) => {
    socket.on("error", () => {});
    socket.once("close", () => resolve(Buffer.concat(chunks).toString("utf8")));
  });
  await once(socket, "connect");
  return { socket, everything };
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Reads the one answer in a text. */
export function parseRaw(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return { status: Number(statusLine.split(" ")[1]), headers, body: text.slice(end + 4) };
}

/** Sends these bytes and gives the one answer; the request must ask for the connection to be closed, or be refused. */
export async function sendRaw(port: number, ...parts: (string | Uint8Array)[]): Promise<RawAnswer> {
  const { socket, everything } = await openRaw(port);
  for (const part of parts) socket.write(part);
  return parseRaw(await everything);
}
