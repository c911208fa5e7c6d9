import { readLambdaEnvironment } from "../../runtime/lambda-environment.ts";
import { createLogger } from "../../runtime/logger.ts";
import { onRotation } from "../rotate.ts";
import { type DistributionDouble, openDistributionDouble } from "./distribution-double.ts";
import { openSecretsDouble, type SecretsDouble } from "./secrets-double.ts";

/** The rotation function with what it works on, and a clock that moves while it waits. */
export interface RotationStand {
  secrets: SecretsDouble;
  distribution: DistributionDouble;
  cookieArn: string;
  originArn: string;
  handler: (event: unknown) => Promise<void>;
  clock: () => Date;
  advance: (ms: number) => void;
  /** Called at every moment that passes while the function waits. */
  whileWaiting: (look: () => Promise<void>) => void;
  logText: () => string;
}

export const firstCookieKey = "c".repeat(64);
export const firstOriginKey = "o".repeat(64);
const lookEveryMs = 5_000;

/** Makes both secrets and the distribution that sends one of them. */
export async function openRotation(): Promise<RotationStand> {
  let time = Date.parse("2031-03-03T08:00:00.000Z");
  let look = async () => {};
  const lines: string[] = [];
  const secrets = await openSecretsDouble();
  const distribution = await openDistributionDouble(firstOriginKey);
  const cookieArn = secrets.add("cookie-key", JSON.stringify({ key: firstCookieKey }));
  const originArn = secrets.add("origin-key", JSON.stringify({ key: firstOriginKey }));
  const clock = () => new Date(time);
  const handler = onRotation({
    environment: readLambdaEnvironment({
      STAGE: "test",
      RELEASE: "1.2.3",
      COOKIE_SECRET_ARN: cookieArn,
      ORIGIN_SECRET_ARN: originArn,
      DISTRIBUTION_ID: distribution.id,
    }),
    secrets: secrets.client,
    cloudFront: distribution.client,
    clock,
    wait: async (ms) => {
      for (const until = time + ms; time < until; time = Math.min(until, time + lookEveryMs)) await look();
    },
    logger: createLogger({ level: "info", release: "1.2.3", destination: { write: (line) => void lines.push(line) } }),
  });
  return {
    secrets,
    distribution,
    cookieArn,
    originArn,
    handler,
    clock,
    advance: (ms) => {
      time += ms;
    },
    whileWaiting: (next) => {
      look = next;
    },
    logText: () => lines.join(""),
  };
}
