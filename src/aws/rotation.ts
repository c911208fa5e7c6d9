import { onRotation } from "./rotate.ts";
import { lambdaRotation } from "./rotation-parts.ts";

/** The Lambda entry that Secrets Manager calls to rotate a key. */
export const handler = onRotation(lambdaRotation());
