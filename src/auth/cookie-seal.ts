import { createHmac } from "node:crypto";
import { isSameSecret, type KeyRing } from "./key-ring.ts";
import { isSecret } from "./secrets.ts";

/** What stands between a session's token and the cookie that carries it. */
export interface CookieSeal {
  /** The cookie's value for a token. */
  valueOf(token: string): Promise<string>;
  /** The token in a cookie's value; undefined for what cannot be ours. */
  tokenOf(value: string): Promise<string | undefined>;
}

/** The token as it is, where there is no key to sign it with. */
export const plainCookies: CookieSeal = {
  valueOf: async (token) => token,
  tokenOf: async (value) => (isSecret(value) ? value : undefined),
};

const signatureOf = (token: string, key: string): string => createHmac("sha256", key).update(token).digest("base64url");

/**
 * `<token>.<HMAC>`: a token that nobody was given is refused before the store is asked, and a copy of the store's hashes
 * does not help in making one. A value signed with a former key is good as long as the ring knows that key.
 */
export const sealedCookies = (keys: KeyRing): CookieSeal => ({
  valueOf: async (token) => `${token}.${signatureOf(token, await keys.current())}`,
  tokenOf: async (value) => {
    const [token = "", signature = "", ...rest] = value.split(".");
    if (!isSecret(token) || !isSecret(signature) || rest.length > 0) return undefined;
    return (await keys.some((key) => isSameSecret(signature, signatureOf(token, key)))) ? token : undefined;
  },
});
