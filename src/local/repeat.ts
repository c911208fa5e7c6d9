import type { Logger } from "../runtime/logger.ts";

/** Does something now and then every `intervalMs`, never twice at once. What fails is logged and tried the next time. */
export function repeat(
  name: string,
  intervalMs: number,
  work: () => Promise<unknown>,
  logger: Logger,
): { stop: () => Promise<void> } {
  let running: Promise<void> | undefined;
  const attempt = async () => {
    try {
      await work();
    } catch (error) {
      logger.error({ err: error, task: name }, "task failed");
    }
  };
  const run = () => {
    running ??= attempt().finally(() => {
      running = undefined;
    });
  };
  const timer = setInterval(run, intervalMs);
  run();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
