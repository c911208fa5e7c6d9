import { openIssuer } from "../auth/issuer.ts";
import { oidcOf } from "../runtime/oidc-environment.ts";
import type { Store } from "../store/store.ts";
import { type BrowserSessionParts, createBrowserSessions } from "./browser-sessions.ts";
import { createSignIn, type SignIn, type SignInParts } from "./sign-in.ts";

type Parts = Omit<SignInParts, "issuer" | "claims" | "hasShop" | "browsers"> &
  BrowserSessionParts & {
    store: Pick<Store, "readShop">;
    /** Where the environment does not hold the client's secret itself. */
    clientSecret?: (() => Promise<string>) | undefined;
  };

/** How people are known where the environment says that they are; undefined where no browser has a session. */
export function openSignIn(
  environment: Parameters<typeof oidcOf>[0],
  { store, clientSecret, ...parts }: Parts,
): SignIn | undefined {
  const oidc = oidcOf(environment);
  if (oidc === undefined && environment.AUTH_MODE !== "paired") return undefined;
  const browsers = createBrowserSessions(parts);
  if (oidc === undefined) return browsers;
  return createSignIn({
    ...parts,
    browsers,
    claims: oidc.claims,
    issuer: openIssuer({ ...oidc, ...(clientSecret && { clientSecret }), publicUrl: parts.publicUrl }),
    hasShop: async (shopId) => (await store.readShop(shopId)) !== undefined,
  });
}
