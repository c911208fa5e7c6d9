import { limits } from "@status-board/contracts";
import type { Principal } from "./principal.ts";
import { hashOfSecret, isSecret, newSecret } from "./secrets.ts";

/** Who is signed in. A session is kept under the hash of its token, so that a copy of the database opens none. */
export interface Sessions {
  /** Keeps a session until `expiresAt`, ISO 8601. */
  putSession(hash: string, principal: Principal, expiresAt: string): Promise<void>;
  /** Whose session it is, with the session itself; undefined once it is over. Never from a memory (AU2). */
  findSession(hash: string, now: string): Promise<Principal | undefined>;
  /** Ends it at once; one that is not there is fine. */
  endSession(hash: string): Promise<void>;
}

interface SessionPorts {
  sessions: Sessions;
  clock: () => Date;
}

/** Begins a session of 12 h and gives its token. The token is always new, so that nobody can have set it before. */
export async function beginSession(principal: Principal, { sessions, clock }: SessionPorts): Promise<string> {
  const token = newSecret();
  const expiresAt = new Date(clock().getTime() + limits.sessionValidMs).toISOString();
  await sessions.putSession(hashOfSecret(token), principal, expiresAt);
  return token;
}

/** Whose token this is at `now`, ISO 8601; undefined for one that is unknown, expired or revoked. */
export async function findByToken(
  token: string | undefined,
  sessions: Sessions,
  now: string,
): Promise<Principal | undefined> {
  if (token === undefined || !isSecret(token)) return undefined;
  return sessions.findSession(hashOfSecret(token), now);
}

/** True while the session behind a ticket or a connection holds; without sign-in there is none that could end. */
export async function isSignedIn({ session }: Principal, { sessions, clock }: SessionPorts): Promise<boolean> {
  if (session === undefined) return true;
  const now = clock().toISOString();
  return session.expiresAt > now && (await sessions.findSession(session.hash, now)) !== undefined;
}
