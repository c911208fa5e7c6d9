import type { CookieSeal } from "../auth/cookie-seal.ts";
import { type Devices, seenUntil } from "../auth/devices.ts";
import type { Principal } from "../auth/principal.ts";
import { findByToken, isSignedIn, type Sessions } from "../auth/sessions.ts";
import { instantOf } from "../domain/time.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Service } from "./dispatch.ts";
import { sessionCookie } from "./session-cookie.ts";

/** What it takes to know who asks. */
export interface SessionGuardParts {
  sessions: Sessions;
  /** Absent where somebody else notes that a device was seen. */
  devices?: Pick<Devices, "seeDevice"> | undefined;
  clock: () => Date;
  /** This site as browsers name it; a server on port 0 learns it late. */
  publicUrl: () => string;
  seal?: CookieSeal | undefined;
  logger: Logger;
}

/** Knows people, and paired devices, by the session that their cookie names (AU2). */
export function sessionGuard({
  sessions,
  devices,
  clock,
  publicUrl,
  seal,
  logger,
}: SessionGuardParts): Pick<Service, "authenticate" | "holds"> {
  const cookie = sessionCookie({ publicUrl, seal });

  /** That a device was seen is worth no failure of what it asks for. */
  async function see(principal: Principal, now: Date): Promise<void> {
    const until = seenUntil(principal, now);
    if (until === undefined || devices === undefined) return;
    await devices.seeDevice(principal, now.toISOString(), until).catch((error: unknown) => {
      logger.warn({ err: error }, "that a device was seen could not be noted");
    });
  }

  return {
    authenticate: async (request) => {
      const token = await cookie.tokenOf(request);
      const now = clock();
      const principal = await findByToken(token, sessions, instantOf(now));
      if (principal !== undefined) await see(principal, now);
      return principal;
    },
    holds: (principal) => isSignedIn(principal, { sessions, clock }),
  };
}
