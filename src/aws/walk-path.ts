import type { Logger } from "../runtime/logger.ts";
import type { WriteMetrics } from "./emf.ts";
import { type WalkPorts, WalkProblem, walk } from "./walk.ts";

/** What the canary's schedule calls. A walk that fails is a metric and a line of the log, not an error. */
export const onTick =
  (ports: WalkPorts, write: WriteMetrics, logger: Logger) => async (): Promise<{ succeeded: boolean }> => {
    const startedAt = performance.now();
    const sinceStart = () => Math.round(performance.now() - startedAt);
    try {
      const { pushMs } = await walk(ports);
      write({ CanarySuccess: 1, CanaryDuration: sinceStart(), CanaryPushLatency: Math.round(pushMs) });
      return { succeeded: true };
    } catch (error) {
      write({ CanarySuccess: 0, CanaryDuration: sinceStart() });
      const { step, status, correlationId } = error instanceof WalkProblem ? error : {};
      logger.error({ route: "canary", step, status, failedCorrelationId: correlationId, err: error }, "canary failed");
      return { succeeded: false };
    }
  };
