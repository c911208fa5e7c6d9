import { hash, randomBytes } from "node:crypto";
import { limits, type Ticket } from "@status-board/contracts";
import type { Principal } from "./principal.ts";

/** Where tickets wait to be redeemed. */
export interface Tickets {
  /** Keeps a ticket under the hash of its text until `expiresAt`, ISO 8601. */
  putTicket(hash: string, principal: Principal, expiresAt: string): Promise<void>;
  /** Whose ticket it is; it is good once, and never after it expired (WS1). */
  takeTicket(hash: string, now: string): Promise<Principal | undefined>;
}

const ticketBytes = 24;
const hashOfTicket = (ticket: string): string => hash("sha256", ticket, "base64url");

/** A ticket for one connection of this principal within 30 s. What is kept is its hash alone. `url` is where to connect. */
export async function issueTicket(
  principal: Principal,
  { tickets, clock, url }: { tickets: Tickets; clock: () => Date; url: string },
): Promise<Ticket> {
  const ticket = randomBytes(ticketBytes).toString("base64url");
  const expiresAt = new Date(clock().getTime() + limits.ticketValidMs).toISOString();
  await tickets.putTicket(hashOfTicket(ticket), principal, expiresAt);
  return { ticket, expiresAt, url };
}

/** Whose ticket this is; undefined for one that is unknown, used or expired (WS1). */
export async function redeemTicket(
  ticket: string | null | undefined,
  { tickets, clock }: { tickets: Tickets; clock: () => Date },
): Promise<Principal | undefined> {
  if (!ticket || ticket.length > 64) return undefined;
  return tickets.takeTicket(hashOfTicket(ticket), clock().toISOString());
}
