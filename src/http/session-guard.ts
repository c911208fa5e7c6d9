import { findByToken, isSignedIn, type Sessions } from "../auth/sessions.ts";
import { cookieOf, cookiesOf } from "./cookies.ts";
import type { Service } from "./dispatch.ts";

/** What it takes to know who asks. */
export interface SessionGuardParts {
  sessions: Sessions;
  clock: () => Date;
  /** This site as browsers name it; a server on port 0 learns it late. */
  publicUrl: () => string;
}

/** Knows people by the session that their cookie names (AU2). */
export function sessionGuard({
  sessions,
  clock,
  publicUrl,
}: SessionGuardParts): Pick<Service, "authenticate" | "holds"> {
  return {
    authenticate: (request) => findByToken(cookieOf(request, cookiesOf(publicUrl()).session), { sessions, clock }),
    holds: (principal) => isSignedIn(principal, { sessions, clock }),
  };
}
