import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { type KeyRing, KeysUnavailable } from "../auth/key-ring.ts";
import type { LambdaEnvironment } from "../runtime/lambda-environment.ts";
import { impatience } from "../store/dynamodb/dynamo-client.ts";

/** What a function has in Secrets Manager; each is absent where its variable is. */
export interface Secrets {
  /** Signs session cookies. */
  cookieKeys?: KeyRing;
  /** What CloudFront sends along, so that nobody comes past it. */
  originKeys?: KeyRing;
  /** The secret of the client that we are to the issuer, read anew each time. */
  clientSecret?: () => Promise<string>;
}

/**
 * Keys are read again after this, when something comes that fits none of those known. A rotation waits as long before it
 * puts a new key to use, so that nobody who has it is turned away.
 */
export const rereadAfterMs = 60_000;

/** A key as its secret holds it. `createdAt`, ISO 8601, stands in those that a rotation has made. */
export const keySchema = z.object({ key: z.string().min(32), createdAt: z.iso.datetime().optional() });

const stages = ["AWSCURRENT", "AWSPREVIOUS", "AWSPENDING"] as const;

/** A client that gives up soon enough for somebody who waits. */
export const createSecretsClient = (config: SecretsManagerClientConfig = {}): SecretsManagerClient =>
  new SecretsManagerClient({ ...impatience, ...config });

/** The secrets that the environment names. Nothing is read before it is needed. */
export function openSecrets(
  { COOKIE_SECRET_ARN, ORIGIN_SECRET_ARN, OIDC_CLIENT_SECRET_ARN }: LambdaEnvironment,
  { clock, client = createSecretsClient() }: { clock: () => Date; client?: SecretsManagerClient },
): Secrets {
  const ringOf = (arn: string) => openKeyRing(() => readKeys(client, arn), clock);
  return {
    ...(COOKIE_SECRET_ARN !== undefined && { cookieKeys: ringOf(COOKIE_SECRET_ARN) }),
    ...(ORIGIN_SECRET_ARN !== undefined && { originKeys: ringOf(ORIGIN_SECRET_ARN) }),
    ...(OIDC_CLIENT_SECRET_ARN !== undefined && {
      clientSecret: async () => clientSecretOf(await read(client, OIDC_CLIENT_SECRET_ARN, "AWSCURRENT")),
    }),
  };
}

type Keys = readonly [current: string, ...others: string[]];

/** Keys read once and kept, until something comes that fits none of them. */
function openKeyRing(readNow: () => Promise<Keys>, clock: () => Date): KeyRing {
  let known: { keys: Keys; readAt: number } | undefined;
  let reading: Promise<Keys> | undefined;

  function refresh(): Promise<Keys> {
    reading ??= readNow()
      .then((keys) => {
        known = { keys, readAt: clock().getTime() };
        return keys;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  return {
    current: async () => (known?.keys ?? (await refresh()))[0],
    some: async (fits) => {
      const wasKnown = known;
      if (wasKnown === undefined) return (await refresh()).some(fits);
      if (wasKnown.keys.some(fits)) return true;
      if (clock().getTime() - wasKnown.readAt < rereadAfterMs) return false;
      return (await refresh()).some(fits);
    },
  };
}

/** The current key, and those before and after it: during a rotation all three may be in use. */
async function readKeys(client: SecretsManagerClient, arn: string): Promise<Keys> {
  const [current, ...others] = await Promise.all(stages.map((stage) => read(client, arn, stage)));
  const key = keyOf(current);
  // What is wrong with it would quote it.
  if (key === undefined) throw new KeysUnavailable('a secret is not JSON of the form {"key":"…"} with 32 characters');
  return [key, ...others.map(keyOf).filter((other) => other !== undefined)];
}

/** The text of a secret at a stage; undefined where nothing has that stage. */
async function read(client: SecretsManagerClient, arn: string, stage: string): Promise<string | undefined> {
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: arn, VersionStage: stage }));
    return answer.SecretString;
  } catch (cause) {
    if (cause instanceof ResourceNotFoundException && stage !== "AWSCURRENT") return undefined;
    throw new KeysUnavailable("a secret cannot be read", { cause });
  }
}

const keyOf = (text = ""): string | undefined => keySchema.safeParse(jsonOf(text)).data?.key;

/** As text, or as `key` of an object, like the other secrets. */
function clientSecretOf(text = ""): string {
  const secret = z.object({ key: z.string() }).safeParse(jsonOf(text)).data?.key ?? text;
  if (secret === "") throw new KeysUnavailable("the secret of the client is empty");
  return secret;
}

/** Undefined for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
