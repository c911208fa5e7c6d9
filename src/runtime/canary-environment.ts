import * as z from "zod";
import { logLevelSchema, readVariables, type Variables } from "./environment.ts";

const canarySchema = z.object({
  STAGE: z.string().min(1),
  RELEASE: z.string().min(1),
  LOG_LEVEL: logLevelSchema,
  /** The machines' own address of the HTTP API, without a path. */
  CANARY_URL: z.url({ protocol: /^https?$/, error: "must be a URL that begins with https:" }),
  AWS_REGION: z.string().min(1),
  AWS_ACCESS_KEY_ID: z.string().min(1),
  AWS_SECRET_ACCESS_KEY: z.string().min(1),
  AWS_SESSION_TOKEN: z.string().min(1).optional(),
});

/** What the canary goes by; template.yaml sets it, and Lambda the keys of its role. */
export type CanaryEnvironment = z.output<typeof canarySchema>;

/** Their names. */
export const canaryVariables: readonly string[] = Object.keys(canarySchema.shape);

/** Reads the variables, once. Throws a `StartProblem`. */
export const readCanaryEnvironment = (variables: Variables): CanaryEnvironment =>
  readVariables(canarySchema, variables);
