import { isTimeZone, shopIdSchema, timeZoneSchema } from "@status-board/contracts";
import * as z from "zod";
import { logLevels } from "./logger.ts";
import { isLoopback, missingForOidc, oidcVariables } from "./oidc-environment.ts";

/** A start that cannot succeed, said in one line that tells what to do. */
export class StartProblem extends Error {
  override name = "StartProblem";
}

export const tableSchema = z.string().regex(/^[A-Za-z0-9_.-]{3,255}$/, "must be a DynamoDB table name");
export const logLevelSchema = z.enum(logLevels, `must be one of ${logLevels.join(", ")}`).default("info");
/** Names with commas between them. */
export const listSchema = z
  .string()
  .default("")
  .transform((value) =>
    value
      .split(",")
      .map((entry) => entry.trim().toLowerCase())
      .filter(Boolean),
  );

/** The zone of the machine, where it names one. */
function systemTimeZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return isTimeZone(zone) ? zone : "UTC";
}

function requireOidc(variables: Parameters<typeof missingForOidc>[0], context: z.core.$RefinementCtx): void {
  for (const name of missingForOidc(variables))
    context.addIssue({ code: "custom", path: [name], message: "must be set while AUTH_MODE is oidc" });
}

/** Numbers are for this machine, unless its owner says otherwise. A PUBLIC_URL tells of a proxy by which others come. */
const metricsDefault = ({ HOST, PUBLIC_URL }: { HOST: string; PUBLIC_URL?: string | undefined }): "on" | "off" =>
  isLoopback(HOST) && PUBLIC_URL === undefined ? "on" : "off";

/** Made when it is asked for: the functions on AWS share this file, and would make it for nothing at each start. */
const localSchema = () =>
  z
    .object({
      HOST: z.string().min(1).default("127.0.0.1"),
      PORT: z
        .string()
        .regex(/^[0-9]{1,5}$/, "must be a port, 0 to 65535")
        .transform(Number)
        .pipe(z.int().max(65_535, "must be a port, 0 to 65535"))
        .default(3000),
      DATA_DIR: z.string().min(1).default(".data"),
      BACKUP_DIR: z.string().min(1).optional(),
      DATABASE: z.enum(["sqlite", "dynamodb"], "must be sqlite or dynamodb").default("sqlite"),
      DYNAMODB_ENDPOINT: z.url("must be a URL such as http://127.0.0.1:8000").optional(),
      BOARD_TABLE: tableSchema.default("status-board"),
      LIVE_TABLE: tableSchema.default("status-board-live"),
      AUTH_MODE: z.enum(["none", "paired", "oidc"], "must be none, paired or oidc").default("none"),
      SHOP_ID: shopIdSchema.default("workshop"),
      SHOP_TIME_ZONE: timeZoneSchema.default(systemTimeZone),
      LOG_LEVEL: logLevelSchema,
      SEED: z.enum(["on", "off"], "must be on or off").default("on"),
      TLS: z.enum(["off", "own"], "must be off or own").default("off"),
      TLS_CERT: z.string().optional(),
      TLS_KEY: z.string().optional(),
      METRICS: z.enum(["on", "off"], "must be on or off").optional(),
      ALLOWED_HOSTS: listSchema,
      ALLOWED_ORIGINS: listSchema,
      ...oidcVariables,
    })
    .refine(({ AUTH_MODE, HOST }) => AUTH_MODE !== "none" || isLoopback(HOST), {
      path: ["HOST"],
      message: "must be a loopback address while AUTH_MODE is none: without sign-in nobody else may reach the board",
    })
    .refine(({ AUTH_MODE, HOST }) => AUTH_MODE !== "paired" || isLoopback(HOST) || ["0.0.0.0", "::"].includes(HOST), {
      path: ["HOST"],
      message: "must be 0.0.0.0, :: or a loopback address while AUTH_MODE is paired: its owner comes by 127.0.0.1",
    })
    .refine(({ TLS_CERT, TLS_KEY }) => (TLS_CERT === undefined) === (TLS_KEY === undefined), {
      path: ["TLS_KEY"],
      message: "must be set together with TLS_CERT: the files of a certificate and of its key",
    })
    .refine(({ TLS, TLS_CERT }) => TLS === "off" || TLS_CERT === undefined, {
      path: ["TLS"],
      message: "must not be own while TLS_CERT names a certificate",
    })
    .refine(({ AUTH_MODE, HOST, PUBLIC_URL }) => AUTH_MODE !== "oidc" || isLoopback(HOST) || PUBLIC_URL !== undefined, {
      path: ["PUBLIC_URL"],
      message: "must be set while HOST is no loopback address: the issuer sends people back to it",
    })
    .superRefine(requireOidc)
    .transform((variables) => ({ ...variables, METRICS: variables.METRICS ?? metricsDefault(variables) }));

/** How the local server is to run; README.md lists what each variable means. */
export type LocalEnvironment = z.output<ReturnType<typeof localSchema>>;

/** Variables as a process has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the local server's variables, once. An empty one counts as absent. Throws a {@link StartProblem}. */
export const readLocalEnvironment = (variables: Variables): LocalEnvironment => readVariables(localSchema(), variables);

/** Parses variables; an empty one counts as absent. Throws a {@link StartProblem} that names each bad one. */
export function readVariables<Schema extends z.ZodType>(schema: Schema, variables: Variables): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  // What is parsed once is not worth a parser of its own, which zod would write and compile.
  const parsed = schema.safeParse(given, { jitless: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => {
    const name = path.join(".");
    return `${name}=${JSON.stringify(given[name] ?? "")} ${message}`;
  });
  throw new StartProblem(`Bad setting: ${problems.join("; ")}.`);
}
