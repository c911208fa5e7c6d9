import { randomBytes } from "node:crypto";
import type { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { type LambdaEnvironment, needed } from "../runtime/lambda-environment.ts";
import type { Logger } from "../runtime/logger.ts";
import { rolledOut, sendKey } from "./distribution.ts";
import { jsonOf, keySchema, rereadAfterMs } from "./secrets.ts";

/** What a rotation works with; the tests bring their own. */
export interface RotationParts {
  environment: LambdaEnvironment;
  secrets: SecretsManagerClient;
  cloudFront: CloudFrontClient;
  clock: () => Date;
  wait: (ms: number) => Promise<void>;
  logger: Logger;
}

/**
 * What Secrets Manager calls, four times for a rotation
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html).
 */
const eventSchema = z.object({
  SecretId: z.string(),
  /** The version that is to become the current one. */
  ClientRequestToken: z.string(),
  Step: z.enum(["createSecret", "setSecret", "testSecret", "finishSecret"]),
});
type Rotation = z.output<typeof eventSchema>;

/** Clocks differ, and a read takes its time. */
const marginMs = 5_000;
/** 64 characters of base64url. */
const keyBytes = 48;

/**
 * Gives a key a successor. Each step may come again after it was done or cut off, and then does what is missing. No step
 * breaks what runs meanwhile: the functions take the pending key like the current and the previous one, and it is put to
 * use only after each of them may have looked for it (`rereadAfterMs`). It throws what Secrets Manager is to try again.
 */
export function onRotation(parts: RotationParts): (event: unknown) => Promise<void> {
  const { environment, logger } = parts;
  const steps = {
    createSecret: create,
    setSecret: (rotation: Rotation) => putToUse(rotation, parts),
    testSecret: (rotation: Rotation) => prove(rotation, parts),
    finishSecret: finish,
  };
  const ours = [environment.COOKIE_SECRET_ARN, environment.ORIGIN_SECRET_ARN];
  return async (event) => {
    const rotation = eventSchema.parse(event);
    const { SecretId, ClientRequestToken, Step } = rotation;
    if (!ours.includes(SecretId)) throw new Error("this function does not rotate that secret");
    const stages = await stagesOf(rotation, parts);
    const isFinished = stages.includes("AWSCURRENT");
    if (!isFinished && !stages.includes("AWSPENDING")) throw new Error("that version is not pending");
    if (!isFinished) await steps[Step](rotation, parts);
    const secret = SecretId === environment.ORIGIN_SECRET_ARN ? "origin" : "cookie";
    logger.info({ route: "rotation", secret, step: Step, version: ClientRequestToken, isFinished }, "rotation step");
  };
}

/** The stages of the version that is to be made current. */
async function stagesOf({ SecretId, ClientRequestToken }: Rotation, { secrets }: RotationParts): Promise<string[]> {
  const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  return VersionIdsToStages?.[ClientRequestToken] ?? [];
}

/** The pending key and when it was made; undefined while it has no value. */
async function pendingOf({ SecretId, ClientRequestToken }: Rotation, { secrets }: RotationParts) {
  const input = { SecretId, VersionId: ClientRequestToken, VersionStage: "AWSPENDING" };
  try {
    const { SecretString = "" } = await secrets.send(new GetSecretValueCommand(input));
    return keySchema.safeParse(jsonOf(SecretString)).data;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function neededPending(rotation: Rotation, parts: RotationParts) {
  const pending = await pendingOf(rotation, parts);
  if (pending === undefined) throw new Error("the pending version has no key");
  return pending;
}

async function create(rotation: Rotation, parts: RotationParts): Promise<void> {
  if ((await pendingOf(rotation, parts)) !== undefined) return;
  const { SecretId, ClientRequestToken } = rotation;
  const key = randomBytes(keyBytes).toString("base64url");
  const SecretString = JSON.stringify({ key, createdAt: parts.clock().toISOString() });
  await parts.secrets.send(
    new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString, VersionStages: ["AWSPENDING"] }),
  );
}

/** Waits until each function may know the key; then CloudFront may send it, and cookies may be signed with it. */
async function putToUse(rotation: Rotation, parts: RotationParts): Promise<void> {
  const { environment, cloudFront, clock, wait } = parts;
  const { key, createdAt } = await neededPending(rotation, parts);
  const readyAt = Date.parse(createdAt ?? clock().toISOString()) + rereadAfterMs + marginMs;
  await wait(Math.max(0, readyAt - clock().getTime()));
  if (rotation.SecretId !== environment.ORIGIN_SECRET_ARN) return;
  await sendKey(cloudFront, needed(environment, "DISTRIBUTION_ID"), key);
}

/** The former key stays good until the next rotation, so nothing may still be on its way out with it by then. */
async function prove(rotation: Rotation, parts: RotationParts): Promise<void> {
  const { environment, cloudFront, wait } = parts;
  const { key } = await neededPending(rotation, parts);
  if (rotation.SecretId !== environment.ORIGIN_SECRET_ARN) return;
  await rolledOut(cloudFront, needed(environment, "DISTRIBUTION_ID"), key, wait);
}

/** Secrets Manager itself makes the former current version the previous one. */
async function finish({ SecretId, ClientRequestToken }: Rotation, { secrets }: RotationParts): Promise<void> {
  const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  const current = Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes("AWSCURRENT"))?.[0];
  await secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: "AWSCURRENT",
      MoveToVersionId: ClientRequestToken,
      ...(current !== undefined && { RemoveFromVersionId: current }),
    }),
  );
}
