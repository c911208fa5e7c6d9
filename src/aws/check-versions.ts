import * as z from "zod";
import type { PreTrafficEnvironment } from "../runtime/pre-traffic-environment.ts";

/** What CodeDeploy calls a hook with. */
const hookSchema = z.object({ DeploymentId: z.string(), LifecycleEventHookExecutionId: z.string() });
export type Hook = z.output<typeof hookSchema>;

/** What the check works with. */
export interface CheckPorts {
  /** Calls one version of a function, and gives what it answered; `failed` when it threw. */
  invoke: (version: string, event: unknown) => Promise<{ failed: boolean; text: string }>;
  /** Tells CodeDeploy whether the version may have traffic. */
  report: (hook: Hook, status: "Succeeded" | "Failed") => Promise<void>;
}

/** One call that alters nothing, and what a version in order answers to it. */
interface Check {
  event: unknown;
  answer: z.ZodType;
}

/** Nobody is signed in: whatever is answered, it is no failure of ours, and it names the release. */
const requestCheck = (release: string): Check => ({
  event: {
    version: "2.0",
    rawPath: "/",
    rawQueryString: "",
    headers: { "x-correlation-id": "pre-traffic" },
    requestContext: { stage: "$default", http: { method: "GET" } },
    isBase64Encoded: false,
  },
  answer: z.object({
    statusCode: z.int().min(200).max(499),
    headers: z.looseObject({ "x-release": z.literal(release) }),
  }),
});

/** The end of a connection that never was. */
const endCheck: Check = {
  event: { requestContext: { connectionId: "pre-traffic", routeKey: "$disconnect" } },
  answer: z.object({ statusCode: z.literal(200) }),
};

const emptyBatchCheck: Check = {
  event: { Records: [] },
  answer: z.object({ batchItemFailures: z.tuple([]) }),
};

/**
 * What CodeDeploy calls before a new version gets traffic: each version is called once, and must load, know its variables
 * and answer as this release. It reports in any case, because a deployment without a report waits for an hour.
 */
export function beforeTraffic(
  environment: PreTrafficEnvironment,
  ports: CheckPorts,
): (event: unknown) => Promise<void> {
  const { http, live, publisher } = environment.PRE_TRAFFIC_TARGETS;
  const checks: [string, Check][] = [
    ...http.map((version): [string, Check] => [version, requestCheck(environment.RELEASE)]),
    ...live.map((version): [string, Check] => [version, endCheck]),
    ...publisher.map((version): [string, Check] => [version, emptyBatchCheck]),
  ];
  return async (event) => {
    const hook = hookSchema.parse(event);
    const passed = await Promise.all(checks.map(([version, check]) => holds(version, check, ports)));
    await ports.report(hook, passed.every(Boolean) ? "Succeeded" : "Failed");
  };
}

/** The log says which version does not hold; what it answered may have been a stack, which is for its own log. */
async function holds(version: string, { event, answer }: Check, { invoke }: CheckPorts): Promise<boolean> {
  let reason = "it could not be called";
  try {
    const { failed, text } = await invoke(version, event);
    if (!failed && answer.safeParse(JSON.parse(text)).success) return true;
    reason = failed ? "it threw" : "it did not answer as this release";
  } catch (error) {
    reason = `${reason}: ${error instanceof Error ? error.name : "unknown"}`;
  }
  console.error(JSON.stringify({ level: "error", route: "preTraffic", version, reason }));
  return false;
}
