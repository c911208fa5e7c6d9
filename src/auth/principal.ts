import type { Named, Role } from "@status-board/contracts";

/** Who is asking, for which shop, and in which role. */
export interface Principal {
  shopId: string;
  user: Named;
  role: Role;
  /** The session by which he asks, handed on to his tickets and connections; absent where nobody signs in. */
  session?: SessionRef;
  /** Set for a paired device, which has the user's place: its id and name are the device's. */
  isDevice?: true;
}

/** A session as everybody but its browser knows it. */
export interface SessionRef {
  /** SHA-256 of the cookie's token. */
  hash: string;
  /** ISO 8601. */
  expiresAt: string;
}
