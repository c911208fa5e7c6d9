import * as z from "zod";

/**
 * GET /auth/login. `returnTo` is the path to come back to; what is no path of this site is dropped. `account=other` asks
 * the issuer to let the person choose, where it would otherwise take the one who is signed in there.
 */
export const signInQuerySchema = z.strictObject({
  returnTo: z.string().optional(),
  account: z.literal("other", "must be other").optional(),
});
export type SignInQuery = z.infer<typeof signInQuerySchema>;

/** GET /auth/callback, as the issuer sends people back; issuers add parameters of their own. */
export const finishSignInQuerySchema = z.looseObject({ state: z.string().optional() });
export type FinishSignInQuery = z.infer<typeof finishSignInQuerySchema>;

/** POST /auth/logout, also for one who was not signed in. */
export const signedOutSchema = z.object({ signedOut: z.literal(true) }).register(z.globalRegistry, { id: "SignedOut" });
export type SignedOut = z.infer<typeof signedOutSchema>;
