import { openIssuer } from "../auth/issuer.ts";
import { oidcOf } from "../runtime/oidc-environment.ts";
import type { Store } from "../store/store.ts";
import { createSignIn, type SignIn, type SignInParts } from "./sign-in.ts";

/** The way in that the environment asks for; undefined where nobody signs in. */
export function openSignIn(
  environment: Parameters<typeof oidcOf>[0],
  { store, ...parts }: Omit<SignInParts, "issuer" | "claims" | "hasShop"> & { store: Pick<Store, "readShop"> },
): SignIn | undefined {
  const oidc = oidcOf(environment);
  if (oidc === undefined) return undefined;
  return createSignIn({
    ...parts,
    claims: oidc.claims,
    issuer: openIssuer({ ...oidc, publicUrl: parts.publicUrl }),
    hasShop: async (shopId) => (await store.readShop(shopId)) !== undefined,
  });
}
