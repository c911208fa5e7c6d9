import { type HttpRequest, headerOf } from "./message.ts";

/** The cookies of this site, by what they are for. */
export interface Cookies {
  session: string;
  /** The cookie of one sign-in; two that run at once in one browser have two. */
  signIn: (state: string) => string;
  /** The sign-ins' cookies that a request brings. */
  signInsOf: (request: HttpRequest) => string[];
  set: (name: string, value: string, validMs: number) => string;
  clear: (name: string) => string;
}

const stateCharacters = 8;

/**
 * Over https all have the prefix `__Host-`, by which a browser takes them from this host alone, over TLS, for all of its
 * paths: no neighbouring name can plant one (RFC 6265bis, 4.1.3). A loopback address without TLS has neither prefix nor
 * Secure.
 */
function cookiesFor(isSecure: boolean): Cookies {
  const prefix = isSecure ? "__Host-" : "";
  const signInPrefix = `${prefix}signin-`;
  // Lax, not Strict: coming back from the issuer, and opening a link to the board, are visits from elsewhere.
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
  return {
    session: `${prefix}session`,
    signIn: (state) => signInPrefix + state.slice(0, stateCharacters),
    signInsOf: (request) => pairsOf(request).flatMap(([name]) => (name.startsWith(signInPrefix) ? [name] : [])),
    set: (name, value, validMs) => `${name}=${value}; Max-Age=${Math.floor(validMs / 1000)}; ${attributes}`,
    clear: (name) => `${name}=; Max-Age=0; ${attributes}`,
  };
}

const [secure, plain] = [cookiesFor(true), cookiesFor(false)];

/** The cookies of a site as browsers name it. */
export const cookiesOf = (publicUrl: string): Cookies => (publicUrl.startsWith("https:") ? secure : plain);

/** The cookie of that name; of several the first, which belongs to the longest path. */
export const cookieOf = (request: HttpRequest, name: string): string | undefined =>
  pairsOf(request).find(([known]) => known === name)?.[1];

function pairsOf(request: HttpRequest): [name: string, value: string][] {
  const header = headerOf(request, "cookie") ?? "";
  return header.split(";").map((pair) => {
    const mark = pair.indexOf("=");
    return [pair.slice(0, Math.max(mark, 0)).trim(), pair.slice(mark + 1).trim()];
  });
}
