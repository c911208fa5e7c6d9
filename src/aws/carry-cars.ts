import { carryOver } from "../operations/carry-over.ts";
import type { LambdaCore } from "./service.ts";

/** What the schedule calls: it may come at any time and twice (CA5). What it throws is for the schedule to try again. */
export const onSchedule =
  ({ service: { ports, logger } }: LambdaCore) =>
  async (): Promise<{ carried: number }> => {
    const startedAt = performance.now();
    const carried = await carryOver(ports);
    logger.info({ route: "carryOver", carried, durationMs: Math.round(performance.now() - startedAt) }, "carried over");
    return { carried };
  };
