import { type FinishSignInQuery, limits, type SignInQuery, type VisitId, visits } from "@status-board/contracts";
import { type ClaimSettings, recognize } from "../auth/claims.ts";
import type { Issuer } from "../auth/issuer.ts";
import { returnPath } from "../auth/return-to.ts";
import { isSecret } from "../auth/secrets.ts";
import { beginSession, type Sessions } from "../auth/sessions.ts";
import { keepSignIn, newSignIn, type SignIns, takeSignIn } from "../auth/sign-ins.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Failure } from "./answer.ts";
import type { BrowserSessions } from "./browser-sessions.ts";
import { cookieOf } from "./cookies.ts";
import type { HttpRequest } from "./message.ts";
import { parseRequest, unparsed } from "./parse.ts";

/** What signing in takes. */
export interface SignInParts {
  issuer: Issuer;
  claims: ClaimSettings;
  /** This site as browsers name it. */
  publicUrl: () => string;
  sessions: Sessions;
  browsers: BrowserSessions;
  signIns: SignIns;
  clock: () => Date;
  hasShop: (shopId: string) => Promise<boolean>;
  logger: Logger;
}

/** What a visit leads to. Cookies are whole Set-Cookie headers. */
export type Visited =
  | { kind: "redirect"; location: string; cookies: readonly string[] }
  | { kind: "failure"; failure: Failure; cookies: readonly string[]; retry: Retry };

/** How somebody who could not sign in tries again. */
export interface Retry {
  href: string;
  label: string;
}

/** How people get their sessions. It throws only what its stores throw. */
export interface SignIn extends BrowserSessions {
  /** Signing in at an issuer; absent where devices alone come in, by their codes. */
  visit?: (id: VisitId, request: HttpRequest, correlationId: string) => Promise<Visited>;
}

/** A browser with more sign-ins under way than these forgets them: they are abandoned, and cookies weigh on each request. */
const signInsAtOnce = 5;

const forgotten: Failure = {
  code: "invalid_request",
  message: "This sign-in was begun in another browser, is used already, or took too long.",
  issues: [{ path: "state", message: "names no sign-in of this browser that is under way" }],
};
const notAccepted: Failure = {
  code: "invalid_request",
  message: "The sign-in was stopped, or its answer cannot be trusted. Nobody was signed in.",
  issues: [{ path: "code", message: "was not accepted" }],
};
const issuerAway: Failure = {
  code: "unavailable",
  message: "The sign-in service does not answer. Try again in a moment.",
};
const strangers = {
  no_role: "The sign-in service knows you, but you have no role on this board. Ask your manager for one.",
  no_shop: "The sign-in service knows you, but you belong to no shop of this board. Ask your manager.",
};

/** Signing in by OpenID Connect's authorization code flow, with sessions on the server. */
export function createSignIn(parts: SignInParts): SignIn {
  const { issuer, claims, publicUrl, browsers, logger } = parts;
  const { cookies } = browsers;
  const retryAt = (returnTo: string, account?: "other"): Retry => ({
    href: `${publicUrl()}${visits.signIn.path}?${new URLSearchParams({ returnTo, ...(account && { account }) })}`,
    label: account === undefined ? "Try again" : "Sign in as somebody else",
  });

  async function begin({ returnTo, account }: SignInQuery, request: HttpRequest, tell: Tell): Promise<Visited> {
    const path = returnPath(returnTo);
    const begun = newSignIn();
    const target = await issuer.authorizationUrl({ ...begun, choose: account === "other" });
    if (target.kind !== "url") {
      tell(target.reason);
      return { kind: "failure", failure: issuerAway, cookies: [], retry: retryAt(path) };
    }
    await keepSignIn(begun, path, parts);
    const abandoned = cookies().signInsOf(request);
    const forget = abandoned.length >= signInsAtOnce ? abandoned.map(cookies().clear) : [];
    const own = cookies().set(cookies().signIn(begun.state), begun.secret, limits.signInValidMs);
    return { kind: "redirect", location: target.url, cookies: [...forget, own] };
  }

  async function finish({ state = "" }: FinishSignInQuery, request: HttpRequest, tell: Tell): Promise<Visited> {
    const name = cookies().signIn(state);
    const secret = isSecret(state) ? cookieOf(request, name) : undefined;
    const attempt = await takeSignIn(state, secret, parts);
    const used = secret === undefined ? [] : [cookies().clear(name)];
    const fail = (failure: Failure, retry: Retry): Visited => ({ kind: "failure", failure, cookies: used, retry });
    if (attempt === undefined) return fail(forgotten, retryAt("/"));
    const { nonce, verifier, returnTo } = attempt;
    const answer = await issuer.claimsOf(request.query, { state, nonce, verifier });
    if (answer.kind !== "claims") {
      tell(answer.reason);
      return fail(answer.kind === "unavailable" ? issuerAway : notAccepted, retryAt(returnTo));
    }
    const person = await recognizeHere(answer.claims);
    if (person.kind !== "known")
      return fail({ code: "forbidden", message: strangers[person.kind] }, retryAt(returnTo, "other"));
    await browsers.end(request);
    const token = await beginSession(person.principal, parts);
    const own = await browsers.session.set(token, limits.sessionValidMs);
    return { kind: "redirect", location: returnTo, cookies: [...used, own] };
  }

  async function recognizeHere(said: Parameters<typeof recognize>[0]): Promise<ReturnType<typeof recognize>> {
    const person = recognize(said, claims);
    if (person.kind !== "known") return person;
    return (await parts.hasShop(person.principal.shopId)) ? person : { kind: "no_shop" };
  }

  return {
    ...browsers,
    visit: async (id, request, correlationId) => {
      const tell: Tell = (reason) => logger.warn({ correlationId, route: id, reason }, "sign-in failed");
      const parsed = parseRequest(request, { query: visits[id].query });
      if (parsed.kind !== "parsed")
        return { kind: "failure", failure: unparsed(parsed), cookies: [], retry: retryAt("/") };
      return id === "signIn"
        ? begin(visits.signIn.query.parse(parsed.query), request, tell)
        : finish(visits.finishSignIn.query.parse(parsed.query), request, tell);
    },
  };
}

/** Notes in the log why a sign-in failed. */
type Tell = (reason: string) => void;
