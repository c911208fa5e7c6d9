import { hash } from "node:crypto";
import { limits, type Named, type Role, roles, shopIdSchema } from "@status-board/contracts";
import type { Principal } from "./principal.ts";

/** What the issuer says of a person, after its signature was checked. */
export type Claims = Readonly<Record<string, unknown>>;

/** How claims are read. */
export interface ClaimSettings {
  /** The claim that names roles, e.g. `cognito:groups`: one text, or a list of them. */
  roleClaim: string;
  /** Which value of it makes whom what; of several the highest role counts. */
  roleMap: Readonly<Record<string, Role>>;
  /** The claim that names the shop; without it everybody belongs to `shopId`. */
  shopClaim?: string;
  shopId: string;
}

/** Who a person is here, or what is missing for him to be somebody. */
export type Recognized = { kind: "known"; principal: Principal } | { kind: "no_role" } | { kind: "no_shop" };

/** Reads who a person is, for which shop and in which role (AU4). What is not mapped is nobody. */
export function recognize(claims: Claims, settings: ClaimSettings): Recognized {
  const role = roleOf(claims[settings.roleClaim], settings.roleMap);
  if (role === undefined) return { kind: "no_role" };
  const shop = settings.shopClaim === undefined ? settings.shopId : claims[settings.shopClaim];
  const { data: shopId } = shopIdSchema.safeParse(shop);
  if (shopId === undefined) return { kind: "no_shop" };
  return { kind: "known", principal: { shopId, user: userOf(claims), role } };
}

function roleOf(claim: unknown, roleMap: ClaimSettings["roleMap"]): Role | undefined {
  const values: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  const named = new Set(
    values.flatMap((value) => (typeof value === "string" && Object.hasOwn(roleMap, value) ? roleMap[value] : [])),
  );
  return roles.findLast((role) => named.has(role));
}

/** Ids as issuers usually word them. Another one is hashed: an id stands in every card that its owner touches (CA7). */
const plainId = /^[A-Za-z0-9@._:|+-]{1,128}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing control characters is the point
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

function userOf(claims: Claims): Named {
  const subject = String(claims.sub);
  const id = plainId.test(subject) ? subject : hash("sha256", subject, "base64url");
  const names = [claims.name, claims.preferred_username, claims.email].filter((name) => typeof name === "string");
  const name = names.map(nameOf).find((one) => one !== "") ?? id;
  return { id, name };
}

/** A name as one line that fits into a card. */
const nameOf = (name: string): string =>
  [...name.replaceAll(control, " ").toWellFormed().trim()].slice(0, limits.nameMaxCharacters).join("");
