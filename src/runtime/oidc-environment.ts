import { type Role, roleSchema } from "@status-board/contracts";
import * as z from "zod";
import type { ClaimSettings } from "../auth/claims.ts";
import type { IssuerSettings } from "../auth/issuer.ts";

const loopback = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\]|::1)$/i;
/** True for a host name or address that only this machine reaches. */
export const isLoopback = (host: string): boolean => loopback.test(host);

/** A URL over TLS, or to this machine: what crosses a network in the clear could be read and changed. */
function isTrustworthy(value: string): boolean {
  const { protocol, hostname } = new URL(value);
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

const issuerWords = "must be an https URL, or http on a loopback address, without ? and #";
const publicWords =
  "must be this site's origin, such as https://board.example.com: https, or http on a loopback address";
const roleMapWords = 'must be JSON that maps values of the claim to roles, such as {"workshop-managers":"manager"}';

function parseRoleMap(value: string): Record<string, Role> | undefined {
  try {
    const map = z.record(z.string(), roleSchema).parse(JSON.parse(value));
    return Object.keys(map).length > 0 ? map : undefined;
  } catch {
    return undefined;
  }
}

/** The variables of signing in at an issuer; README.md lists what each means. */
export const oidcVariables = {
  OIDC_ISSUER: z
    .string()
    .refine((value) => URL.canParse(value) && isTrustworthy(value) && !/[?#]/.test(value), issuerWords)
    .optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_ROLE_CLAIM: z.string().default("roles"),
  OIDC_ROLE_MAP: z
    .string()
    .transform((value, context) => {
      const map = parseRoleMap(value);
      if (map === undefined) context.addIssue({ code: "custom", message: roleMapWords });
      return map ?? {};
    })
    .optional(),
  OIDC_SHOP_CLAIM: z.string().optional(),
  PUBLIC_URL: z
    .string()
    .transform((value) => value.replace(/\/$/, ""))
    .refine((value) => URL.canParse(value) && isTrustworthy(value) && new URL(value).origin === value, publicWords)
    .optional(),
};

const oidcSchema = z.object(oidcVariables);
type OidcVariables = z.output<typeof oidcSchema> & { AUTH_MODE?: string | undefined; SHOP_ID?: string | undefined };

const requiredForOidc = ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_ROLE_MAP"] as const;

/** The names that AUTH_MODE oidc cannot do without, but are not set. */
export function missingForOidc(variables: OidcVariables): readonly (typeof requiredForOidc)[number][] {
  if (variables.AUTH_MODE !== "oidc") return [];
  return requiredForOidc.filter((name) => variables[name] === undefined);
}

/** How people sign in; undefined where nobody does. */
export function oidcOf(
  variables: OidcVariables,
): (Omit<IssuerSettings, "publicUrl"> & { claims: ClaimSettings }) | undefined {
  const { AUTH_MODE, OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_ROLE_MAP, OIDC_SHOP_CLAIM } = variables;
  if (AUTH_MODE !== "oidc" || OIDC_ISSUER === undefined || OIDC_CLIENT_ID === undefined) return undefined;
  return {
    issuer: OIDC_ISSUER,
    clientId: OIDC_CLIENT_ID,
    ...(OIDC_CLIENT_SECRET !== undefined && { clientSecret: async () => OIDC_CLIENT_SECRET }),
    claims: {
      roleClaim: variables.OIDC_ROLE_CLAIM,
      roleMap: OIDC_ROLE_MAP ?? {},
      ...(OIDC_SHOP_CLAIM !== undefined && { shopClaim: OIDC_SHOP_CLAIM }),
      shopId: variables.SHOP_ID ?? "",
    },
  };
}
