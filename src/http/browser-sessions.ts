import { deviceValidMs } from "../auth/devices.ts";
import type { Principal } from "../auth/principal.ts";
import { hashOfSecret } from "../auth/secrets.ts";
import type { Sessions } from "../auth/sessions.ts";
import { type Cookies, cookiesOf } from "./cookies.ts";
import { type HttpRequest, headerOf } from "./message.ts";
import { type SessionCookie, type SessionCookieParts, sessionCookie } from "./session-cookie.ts";

/** What sessions in browsers take. */
export interface BrowserSessionParts extends SessionCookieParts {
  sessions: Sessions;
  /** Ends the sockets that were opened by a session (WS2). */
  silence: (sessionHash: string) => Promise<void>;
}

/** The sessions that browsers bring by their cookies. It throws only what its stores throw. */
export interface BrowserSessions {
  cookies: () => Cookies;
  session: SessionCookie;
  /** Ends the session that a request brings, if any, and its sockets; may be repeated. */
  end: (request: HttpRequest) => Promise<void>;
  /** The same for somebody who asks for it. */
  signOut: (request: HttpRequest) => Promise<{ kind: "signed_out"; cookies: readonly string[] } | { kind: "foreign" }>;
  /** The cookie of a device, anew, so that one that is in use never loses it; none for whoever is no device. */
  renewed: (request: HttpRequest, principal: Principal) => Promise<readonly string[]>;
}

/** Sessions by cookies. */
export function createBrowserSessions({ sessions, publicUrl, seal, silence }: BrowserSessionParts): BrowserSessions {
  const session = sessionCookie({ publicUrl, seal });

  /** The sockets are looked for even when the session has gone before: a first try may have been cut off between the two. */
  async function end(request: HttpRequest): Promise<void> {
    const token = await session.tokenOf(request);
    if (token === undefined) return;
    const hash = hashOfSecret(token);
    await sessions.endSession(hash);
    await silence(hash);
  }

  return {
    cookies: () => cookiesOf(publicUrl()),
    session,
    end,
    signOut: async (request) => {
      if (headerOf(request, "origin") === undefined) return { kind: "foreign" };
      await end(request);
      return { kind: "signed_out", cookies: [session.clear()] };
    },
    renewed: async (request, { isDevice, role }) => {
      const token = isDevice ? await session.tokenOf(request) : undefined;
      return token === undefined ? [] : [await session.set(token, deviceValidMs(role))];
    },
  };
}
