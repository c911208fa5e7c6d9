import { hash, randomBytes } from "node:crypto";
import { limits, type Ticket } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import type { Connections } from "./ports.ts";

const ticketBytes = 24;
const hashOfTicket = (ticket: string): string => hash("sha256", ticket, "base64url");

/** A ticket for one connection of this principal within 30 s. What is kept is its hash alone. `url` is where to connect. */
export async function issueTicket(
  principal: Principal,
  { connections, clock, url }: { connections: Connections; clock: () => Date; url: string },
): Promise<Ticket> {
  const ticket = randomBytes(ticketBytes).toString("base64url");
  const expiresAt = new Date(clock().getTime() + limits.ticketValidMs).toISOString();
  await connections.putTicket(hashOfTicket(ticket), principal, expiresAt);
  return { ticket, expiresAt, url };
}

/** Whose ticket this is; undefined for one that is unknown, used or expired (WS1). */
export async function redeemTicket(
  ticket: string | null | undefined,
  { connections, clock }: { connections: Connections; clock: () => Date },
): Promise<Principal | undefined> {
  if (!ticket || ticket.length > 64) return undefined;
  return connections.takeTicket(hashOfTicket(ticket), clock().toISOString());
}
