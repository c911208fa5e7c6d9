import { ulid } from "ulid";
import { readCanaryEnvironment } from "../runtime/canary-environment.ts";
import { createLogger } from "../runtime/logger.ts";
import { writeOut } from "../runtime/standard-output.ts";
import { emfWriter } from "./emf.ts";
import { signedRequests } from "./signed-requests.ts";
import { onTick } from "./walk-path.ts";

/** With ten steps at most, a walk that hangs is over before the function's time is. */
const stepMaxMs = 5_000;

const environment = readCanaryEnvironment(process.env);
const { STAGE, RELEASE, LOG_LEVEL, CANARY_URL, AWS_REGION, AWS_SESSION_TOKEN } = environment;
const keys = {
  accessKeyId: environment.AWS_ACCESS_KEY_ID,
  secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
  ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
};
const clock = () => new Date();
const write = emfWriter({ stage: STAGE, clock, write: writeOut });
const send = signedRequests({ url: CANARY_URL, region: AWS_REGION, keys, clock });

/** The Lambda entry behind the canary's schedule. */
export const handler = onTick(
  { send, clock, newId: () => ulid(), stepMaxMs },
  write,
  createLogger({ level: LOG_LEVEL, release: RELEASE, destination: { write: writeOut } }),
);
