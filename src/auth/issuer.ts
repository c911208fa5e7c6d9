import { limits } from "@status-board/contracts";
import type { Configuration } from "openid-client";
import type { Claims } from "./claims.ts";
import { KeysUnavailable } from "./key-ring.ts";

/** Where people sign in, and as which client we ask. */
export interface IssuerSettings {
  /** The issuer's URL, below which its OpenID configuration is found. */
  issuer: string;
  clientId: string;
  /** Absent for a public client, for which PKCE alone vouches. Asked for with the issuer's configuration. */
  clientSecret?: () => Promise<string>;
  /** This site as browsers name it, e.g. `https://board.example.com`, without a slash. */
  publicUrl: () => string;
}

type Failed =
  /** Nobody answers there, or what answers is broken: it may work later. */
  | { kind: "unavailable"; reason: string }
  /** It answered, and this sign-in is not to be trusted, or not wanted. */
  | { kind: "refused"; reason: string };

/**
 * An OpenID provider as the sign-in needs it. Nothing here throws for what the provider or the network does; a client's secret
 * that cannot be read is no matter of the provider's, and throws {@link KeysUnavailable}.
 */
export interface Issuer {
  /** Where to send a browser (AU2). `choose` lets the person pick an account, though one is signed in there. */
  authorizationUrl(given: {
    state: string;
    nonce: string;
    verifier: string;
    choose: boolean;
  }): Promise<{ kind: "url"; url: string } | Failed>;
  /** Trades the code of a callback's query for what the issuer says of the person; state, nonce and PKCE must fit. */
  claimsOf(
    query: string,
    expected: { state: string; nonce: string; verifier: string },
  ): Promise<{ kind: "claims"; claims: Claims } | Failed>;
}

export const callbackPath = "/auth/callback";
const scope = "openid profile email";

/** The library is loaded when somebody first signs in: a start without sign-in has no use for it. */
const load = () => import("openid-client");
type Library = Awaited<ReturnType<typeof load>>;

/**
 * The provider of that address. Its configuration is fetched when it is first needed and kept; while that fails, each
 * sign-in asks anew. A request to it ends after `timeoutMs`.
 */
export function openIssuer(settings: IssuerSettings, timeoutMs: number = limits.issuerTimeoutMs): Issuer {
  let known: Promise<{ oidc: Library; configuration: Configuration }> | undefined;

  async function discover() {
    const oidc = await load();
    const server = new URL(settings.issuer);
    const auth = clientAuth(oidc, await settings.clientSecret?.());
    const configuration = await oidc.discovery(server, settings.clientId, {}, auth, {
      timeout: timeoutMs / 1000,
      // The environment admits plain http on loopback alone.
      execute: [oidc.enableNonRepudiationChecks, ...(server.protocol === "http:" ? [oidc.allowInsecureRequests] : [])],
    });
    return { oidc, configuration };
  }

  function provider() {
    known ??= discover().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  }

  return {
    async authorizationUrl({ state, nonce, verifier, choose }) {
      try {
        const { oidc, configuration } = await provider();
        const url = oidc.buildAuthorizationUrl(configuration, {
          redirect_uri: settings.publicUrl() + callbackPath,
          scope,
          code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
          code_challenge_method: "S256",
          state,
          nonce,
          ...(choose && { prompt: "login" }),
        });
        return { kind: "url", url: url.href };
      } catch (error) {
        return away(error);
      }
    },

    async claimsOf(query, { state, nonce, verifier }) {
      const found = await provider().catch(away);
      if ("reason" in found) return found;
      const { oidc, configuration } = found;
      try {
        const tokens = await oidc.authorizationCodeGrant(
          configuration,
          new URL(`${settings.publicUrl()}${callbackPath}?${query}`),
          { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
        );
        return { kind: "claims", claims: tokens.claims() ?? {} };
      } catch (error) {
        // Its secret may be another one by now: the next sign-in asks for it anew.
        if (reasonOf(error) === "invalid_client") known = undefined;
        return { kind: isOutage(oidc, error) ? "unavailable" : "refused", reason: reasonOf(error) };
      }
    },
  };
}

/** Basic where the provider takes it, as each has to by RFC 6749, 2.3.1, unless it says that it does not. */
function clientAuth(oidc: Library, clientSecret: string | undefined) {
  if (clientSecret === undefined) return oidc.None();
  const [basic, post] = [oidc.ClientSecretBasic(clientSecret), oidc.ClientSecretPost(clientSecret)];
  return (...given: Parameters<typeof basic>) => {
    const { token_endpoint_auth_methods_supported: methods = ["client_secret_basic"] } = given[0];
    return methods.includes("client_secret_basic") ? basic(...given) : post(...given);
  };
}

function away(error: unknown): Failed {
  if (error instanceof KeysUnavailable) throw error;
  return { kind: "unavailable", reason: reasonOf(error) };
}

/** Codes of what is no judgement on this sign-in: no answer in time, or one that is no answer of a provider's. */
const outages = ["OAUTH_TIMEOUT", "OAUTH_ABORT", "OAUTH_RESPONSE_IS_NOT_JSON", "OAUTH_PARSE_ERROR"];

function isOutage(oidc: Library, error: unknown): boolean {
  if (error instanceof oidc.ResponseBodyError) return error.status >= 500;
  // fetch throws a TypeError when nobody can be reached.
  if (error instanceof TypeError) return true;
  if (!(error instanceof oidc.ClientError)) return false;
  const { code = "", cause } = error;
  return outages.includes(code) || (cause instanceof Response && cause.status >= 500);
}

const plain = /^[A-Za-z0-9_.-]{1,64}$/;

/** A word for the log, of those that protocol and library define: what an issuer writes freely may name people (HT6). */
function reasonOf(error: unknown): string {
  const fields: { error?: unknown; code?: unknown } = Object(error);
  const name = error instanceof Error ? error.name : undefined;
  const isPlain = (word: unknown): word is string => typeof word === "string" && plain.test(word);
  return [fields.error, fields.code, name].find(isPlain) ?? "unknown";
}
