import { limits } from "@status-board/contracts";
import { hashOfSecret, isSecret, newSecret } from "./secrets.ts";

/** What the callback needs to know of the visit to /auth/login that it belongs to. */
export interface SignInAttempt {
  /** SHA-256 of the secret in the cookie of the browser that left for the issuer. */
  browser: string;
  nonce: string;
  /** Of PKCE (RFC 7636); the issuer has its SHA-256. */
  verifier: string;
  /** A path of this site. */
  returnTo: string;
}

/** Where sign-ins wait for their callback. */
export interface SignIns {
  /** Keeps an attempt under the hash of its state until `expiresAt`, ISO 8601. */
  putSignIn(hash: string, attempt: SignInAttempt, expiresAt: string): Promise<void>;
  /** The attempt of that state, if it is this browser's: good once, and never after it expired. */
  takeSignIn(hash: string, browser: string, now: string): Promise<SignInAttempt | undefined>;
}

interface SignInPorts {
  signIns: SignIns;
  clock: () => Date;
}

/** A sign-in that begins: `secret` goes to the browser, the rest to the issuer. */
export interface NewSignIn {
  state: string;
  nonce: string;
  verifier: string;
  secret: string;
}

/** The secrets of one more sign-in. */
export const newSignIn = (): NewSignIn => ({
  state: newSecret(),
  nonce: newSecret(),
  verifier: newSecret(),
  secret: newSecret(),
});

/** Keeps a sign-in that must come back within ten minutes, by the same browser, to land at `returnTo`. */
export async function keepSignIn(
  { state, nonce, verifier, secret }: NewSignIn,
  returnTo: string,
  { signIns, clock }: SignInPorts,
): Promise<void> {
  const expiresAt = new Date(clock().getTime() + limits.signInValidMs).toISOString();
  const attempt = { browser: hashOfSecret(secret), nonce, verifier, returnTo };
  await signIns.putSignIn(hashOfSecret(state), attempt, expiresAt);
}

/** The sign-in that this state names, taken for good; undefined for one that is unknown, another browser's, used or too old. */
export async function takeSignIn(
  state: string | undefined,
  secret: string | undefined,
  { signIns, clock }: SignInPorts,
): Promise<SignInAttempt | undefined> {
  if (state === undefined || secret === undefined || !isSecret(state) || !isSecret(secret)) return undefined;
  return signIns.takeSignIn(hashOfSecret(state), hashOfSecret(secret), clock().toISOString());
}

/** Beyond these, the oldest give way: whoever only ever begins fills no memory. */
const rememberedSignIns = 10_000;

/** Sign-ins of this process: after a restart a person has to begin anew, no more. */
export function memorySignIns(): SignIns {
  const attempts = new Map<string, { attempt: SignInAttempt; expiresAt: string }>();
  return {
    putSignIn: async (hash, attempt, expiresAt) => {
      attempts.set(hash, { attempt, expiresAt });
      const [oldest] = attempts.keys();
      if (attempts.size > rememberedSignIns && oldest !== undefined) attempts.delete(oldest);
    },
    takeSignIn: async (hash, browser, now) => {
      const found = attempts.get(hash);
      if (found === undefined || found.attempt.browser !== browser) return undefined;
      attempts.delete(hash);
      return found.expiresAt > now ? found.attempt : undefined;
    },
  };
}
