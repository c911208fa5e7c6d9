import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Principal } from "../auth/principal.ts";
import { redeemTicket, type Tickets } from "../auth/tickets.ts";
import type { Failure } from "../http/answer.ts";
import { refuse, type Service } from "../http/dispatch.ts";
import { refusedBy } from "../http/gate.ts";
import type { HttpRequest } from "../http/message.ts";

/** Where screens connect. */
export const livePath = "/live";

export type Admission = { principal: Principal } | { failure: Failure };

const unauthenticated = (message: string): Admission => ({ failure: { code: "unauthenticated", message } });

/** Who may open a WebSocket: Host and Origin as for every request, then the ticket (WS1), then its session (WS2). */
export async function admit(incoming: IncomingMessage, service: Service, tickets: Tickets): Promise<Admission> {
  const request = requestOf(incoming);
  const refused = refusedBy(service.gate, request);
  if (refused !== undefined) return { failure: { code: "forbidden", message: refused } };
  if (request.path !== livePath) return { failure: { code: "not_found" } };
  const ticket = new URLSearchParams(request.query).get("ticket");
  const principal = await redeemTicket(ticket, { tickets, clock: service.ports.clock });
  if (principal === undefined) return unauthenticated("The ticket is unknown, used or expired.");
  return (await service.holds(principal)) ? { principal } : unauthenticated("The session of this ticket has ended.");
}

function requestOf({ method = "GET", url = "/", headers }: IncomingMessage): HttpRequest {
  const mark = url.indexOf("?");
  const path = mark === -1 ? url : url.slice(0, mark);
  return { method, path, query: mark === -1 ? "" : url.slice(mark + 1), headers };
}

/** Answers a handshake that is refused, in the form of every failure, and closes. */
export function turnAway(incoming: IncomingMessage, stream: Duplex, failure: Failure, service: Service): void {
  const { status, headers, body } = refuse(requestOf(incoming), failure, service);
  const lines = Object.entries({ ...headers, connection: "close", "content-length": Buffer.byteLength(body) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${body}`);
}
