import { type CookieSeal, plainCookies } from "../auth/cookie-seal.ts";
import { cookieOf, cookiesOf } from "./cookies.ts";
import type { HttpRequest } from "./message.ts";

/** What the session's cookie takes. */
export interface SessionCookieParts {
  /** This site as browsers name it; its scheme decides which cookies they get. A server on port 0 learns it late. */
  publicUrl: () => string;
  /** Default {@link plainCookies}. */
  seal?: CookieSeal | undefined;
}

/** The cookie that carries a session's token. */
export interface SessionCookie {
  /** The token that a request brings; undefined for none, and for what cannot be ours. */
  tokenOf: (request: HttpRequest) => Promise<string | undefined>;
  /** A Set-Cookie header with that token. */
  set: (token: string, validMs: number) => Promise<string>;
  /** One that takes the cookie away. */
  clear: () => string;
}

export function sessionCookie({ publicUrl, seal = plainCookies }: SessionCookieParts): SessionCookie {
  const cookies = () => cookiesOf(publicUrl());
  return {
    tokenOf: async (request) => {
      const value = cookieOf(request, cookies().session);
      return value === undefined ? undefined : seal.tokenOf(value);
    },
    set: async (token, validMs) => cookies().set(cookies().session, await seal.valueOf(token), validMs),
    clear: () => cookies().clear(cookies().session),
  };
}
