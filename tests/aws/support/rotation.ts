import { createHmac } from "node:crypto";
import * as z from "zod";
import type { Aws } from "./aws.ts";

const valueSchema = z.object({ VersionId: z.string(), SecretString: z.string() });
const keySchema = z.object({ key: z.string() });

/** The version of a secret at a stage, and the key that it holds. */
export async function keyAt(aws: Aws, secret: string, stage: "AWSCURRENT" | "AWSPREVIOUS") {
  const answer = await aws.call([
    "secretsmanager",
    "get-secret-value",
    "--secret-id",
    secret,
    "--version-stage",
    stage,
  ]);
  const { VersionId, SecretString } = valueSchema.parse(answer);
  return { version: VersionId, key: keySchema.parse(JSON.parse(SecretString)).key };
}

/** Begins a rotation, and gives the version that is to become the current one. */
export async function beginRotation(aws: Aws, secret: string): Promise<string> {
  const answer = await aws.call(["secretsmanager", "rotate-secret", "--secret-id", secret]);
  return valueSchema.pick({ VersionId: true }).parse(answer).VersionId;
}

/** The cookie of a session, signed anew with another key. */
export function signedAnew(cookie: string, key: string): string {
  const [token = ""] = cookie.replace("session=", "").split(".");
  return `session=${token}.${createHmac("sha256", key).update(token).digest("base64url")}`;
}

const originsSchema = z.object({
  DistributionConfig: z.object({
    Origins: z.object({
      Items: z.array(
        z.object({
          CustomHeaders: z
            .object({ Items: z.array(z.object({ HeaderName: z.string(), HeaderValue: z.string() })).default([]) })
            .optional(),
        }),
      ),
    }),
  }),
});

/** What a distribution adds to its requests as the origin key. */
export async function keySentBy(aws: Aws, distribution: string): Promise<string | undefined> {
  const answer = await aws.call(["cloudfront", "get-distribution-config", "--id", distribution]);
  const { Origins } = originsSchema.parse(answer).DistributionConfig;
  const headers = Origins.Items.flatMap(({ CustomHeaders }) => CustomHeaders?.Items ?? []);
  return headers.find(({ HeaderName }) => HeaderName === "x-origin-key")?.HeaderValue;
}
