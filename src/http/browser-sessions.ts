import { deviceValidMs } from "../auth/devices.ts";
import type { Principal } from "../auth/principal.ts";
import { hashOfSecret, isSecret } from "../auth/secrets.ts";
import type { Sessions } from "../auth/sessions.ts";
import { type Cookies, cookieOf, cookiesOf } from "./cookies.ts";
import { type HttpRequest, headerOf } from "./message.ts";

/** What sessions in browsers take. */
export interface BrowserSessionParts {
  sessions: Sessions;
  /** This site as browsers name it; its scheme decides which cookies they get. */
  publicUrl: () => string;
  /** Ends the sockets that were opened by a session (WS2). */
  silence: (sessionHash: string) => Promise<void>;
}

/** The sessions that browsers bring by their cookies. It throws only what its stores throw. */
export interface BrowserSessions {
  cookies: () => Cookies;
  /** Ends the session that a request brings, if any, and its sockets; may be repeated. */
  end: (request: HttpRequest) => Promise<void>;
  /** The same for somebody who asks for it. */
  signOut: (request: HttpRequest) => Promise<{ kind: "signed_out"; cookies: readonly string[] } | { kind: "foreign" }>;
  /** The cookie of a device, anew, so that one that is in use never loses it; none for whoever is no device. */
  renewed: (request: HttpRequest, principal: Principal) => readonly string[];
}

/** Sessions by cookies. */
export function createBrowserSessions({ sessions, publicUrl, silence }: BrowserSessionParts): BrowserSessions {
  const cookies = () => cookiesOf(publicUrl());
  const tokenOf = (request: HttpRequest) => cookieOf(request, cookies().session);

  /** The sockets are looked for even when the session has gone before: a first try may have been cut off between the two. */
  async function end(request: HttpRequest): Promise<void> {
    const token = tokenOf(request);
    if (token === undefined || !isSecret(token)) return;
    const hash = hashOfSecret(token);
    await sessions.endSession(hash);
    await silence(hash);
  }

  return {
    cookies,
    end,
    signOut: async (request) => {
      if (headerOf(request, "origin") === undefined) return { kind: "foreign" };
      await end(request);
      return { kind: "signed_out", cookies: [cookies().clear(cookies().session)] };
    },
    renewed: (request, { isDevice, role }) => {
      const token = tokenOf(request);
      return isDevice && token !== undefined ? [cookies().set(cookies().session, token, deviceValidMs(role))] : [];
    },
  };
}
