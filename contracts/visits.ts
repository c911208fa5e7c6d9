import type { z } from "zod";
import { finishSignInQuerySchema, signInQuerySchema } from "./sign-in.ts";

/** An address that a browser visits, by GET alone: it answers with a redirect, or with a page that says what is wrong. */
export interface Visit {
  path: string;
  summary: string;
  query: z.ZodType;
}

/** The ways in, where people sign in at an issuer (AU2). They are no operations: nobody but a browser's window goes there. */
export const visits = {
  signIn: {
    path: "/auth/login",
    summary: "Go to the issuer, and come back to `returnTo`",
    query: signInQuerySchema,
  },
  finishSignIn: {
    path: "/auth/callback",
    summary: "Come back from the issuer",
    query: finishSignInQuerySchema,
  },
} as const satisfies Record<string, Visit>;

export type VisitId = keyof typeof visits;
