import * as z from "zod";
import { readVariables, type Variables } from "./environment.ts";

/** Versions of functions by what calls them, each as its ARN. */
const targetsSchema = z.strictObject({
  http: z.array(z.string().min(1)),
  live: z.array(z.string().min(1)),
  publisher: z.array(z.string().min(1)),
});

function parseTargets(value: string): z.output<typeof targetsSchema> | undefined {
  try {
    return targetsSchema.parse(JSON.parse(value));
  } catch {
    return undefined;
  }
}

const preTrafficSchema = z.object({
  RELEASE: z.string().min(1),
  PRE_TRAFFIC_TARGETS: z.string().transform((value, context) => {
    const targets = parseTargets(value);
    if (targets === undefined)
      context.addIssue({ code: "custom", message: 'must be JSON such as {"http":[],"live":[],"publisher":[]}' });
    return targets ?? { http: [], live: [], publisher: [] };
  }),
});

/** What the check before traffic goes by; template.yaml sets it. */
export type PreTrafficEnvironment = z.output<typeof preTrafficSchema>;

/** Their names. */
export const preTrafficVariables: readonly string[] = Object.keys(preTrafficSchema.shape);

/** Reads the variables, once. Throws a `StartProblem`. */
export const readPreTrafficEnvironment = (variables: Variables): PreTrafficEnvironment =>
  readVariables(preTrafficSchema, variables);
