import { setTimeout as wait } from "node:timers/promises";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { needed, readLambdaEnvironment } from "../runtime/lambda-environment.ts";
import { lambdaLogger } from "./lambda-logger.ts";
import type { RotationParts } from "./rotate.ts";
import { createSecretsClient } from "./secrets.ts";

/** What the rotation of this deployment works with. Throws when a variable is missing or wrong. */
export function lambdaRotation(): RotationParts {
  const environment = readLambdaEnvironment(process.env);
  for (const name of ["COOKIE_SECRET_ARN", "ORIGIN_SECRET_ARN", "DISTRIBUTION_ID"] as const) needed(environment, name);
  return {
    environment,
    secrets: createSecretsClient(),
    cloudFront: new CloudFrontClient(),
    clock: () => new Date(),
    wait,
    logger: lambdaLogger(environment).logger,
  };
}
