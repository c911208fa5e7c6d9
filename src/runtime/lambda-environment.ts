import { type Role, roleSchema, shopIdSchema } from "@status-board/contracts";
import * as z from "zod";
import { listSchema, logLevelSchema, readVariables, StartProblem, tableSchema, type Variables } from "./environment.ts";
import { missingForOidc, oidcVariables } from "./oidc-environment.ts";

const urlOf = (protocols: string) =>
  z.url({
    protocol: new RegExp(`^${protocols}$`),
    error: `must be a URL that begins with ${protocols.replace("?", "")}:`,
  });

const secretArnSchema = z
  .string()
  .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:.+$/, "must be the ARN of a secret");

const machineRolesWords =
  'must be JSON that maps ARNs of IAM roles or users to roles, such as {"arn:aws:iam::123456789012:role/seeder":"manager"}';
const machineRolesSchema = z.record(z.string().regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)\/.+$/), roleSchema);

function parseMachineRoles(value: string): Readonly<Record<string, Role>> | undefined {
  try {
    return machineRolesSchema.parse(JSON.parse(value));
  } catch {
    return undefined;
  }
}

const lambdaSchema = z
  .object({
    STAGE: z.string().regex(/^[a-z][a-z0-9]{0,15}$/, "must be a stage such as dev or prod"),
    RELEASE: z.string().regex(/^[A-Za-z0-9._+-]{1,64}$/, "must be a version such as 1.2.3"),
    LOG_LEVEL: logLevelSchema,
    BOARD_TABLE: tableSchema.optional(),
    LIVE_TABLE: tableSchema.optional(),
    LIVE_URL: urlOf("wss?").optional(),
    CONNECTIONS_ENDPOINT: urlOf("https?").optional(),
    SET_ASIDE_QUEUE_URL: urlOf("https?").optional(),
    AUTH_MODE: z.enum(["none", "oidc", "iam"], "must be none, oidc or iam").optional(),
    ALLOW_PUBLIC_NONE: z.string().default(""),
    SHOP_ID: shopIdSchema.optional(),
    ALLOWED_HOSTS: listSchema,
    ALLOWED_ORIGINS: listSchema,
    MACHINE_ROLES: z
      .string()
      .transform((value, context) => {
        const roles = parseMachineRoles(value);
        if (roles === undefined) context.addIssue({ code: "custom", message: machineRolesWords });
        return roles ?? {};
      })
      .default({}),
    COOKIE_SECRET_ARN: secretArnSchema.optional(),
    ORIGIN_SECRET_ARN: secretArnSchema.optional(),
    OIDC_CLIENT_SECRET_ARN: secretArnSchema.optional(),
    DISTRIBUTION_ID: z
      .string()
      .regex(/^[A-Z0-9]{1,64}$/, "must be the id of a CloudFront distribution")
      .optional(),
    ...oidcVariables,
  })
  .refine(({ AUTH_MODE, ALLOW_PUBLIC_NONE, STAGE }) => AUTH_MODE !== "none" || ALLOW_PUBLIC_NONE === STAGE, {
    path: ["ALLOW_PUBLIC_NONE"],
    message: "must name the stage while AUTH_MODE is none: without sign-in the whole world may write to the board",
  })
  .refine(({ AUTH_MODE, PUBLIC_URL }) => AUTH_MODE !== "oidc" || PUBLIC_URL !== undefined, {
    path: ["PUBLIC_URL"],
    message: "must be set while AUTH_MODE is oidc: the issuer sends people back to it",
  });

/** How a function is to run; template.yaml sets it. What not every function has is asked for by {@link needed}. */
export type LambdaEnvironment = z.output<typeof lambdaSchema>;

/** The names of all that a function may be told. */
export const lambdaVariables: readonly string[] = Object.keys(lambdaSchema.shape);

/** Reads a function's variables, once. An empty one counts as absent. Throws a {@link StartProblem}. */
export const readLambdaEnvironment = (variables: Variables): LambdaEnvironment =>
  readVariables(lambdaSchema, variables);

/** A variable that not every function has, for one that cannot do without. Throws a {@link StartProblem}. */
export function needed<Name extends keyof LambdaEnvironment>(
  environment: LambdaEnvironment,
  name: Name,
): NonNullable<LambdaEnvironment[Name]> {
  const value = environment[name];
  if (value === undefined) throw new StartProblem(`Bad setting: ${name}="" must be set for this function.`);
  return value;
}

/** Throws a {@link StartProblem} where people sign in, and what that takes is not all there. */
export function needOidc(environment: LambdaEnvironment): void {
  for (const name of missingForOidc(environment)) needed(environment, name);
}
