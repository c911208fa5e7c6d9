import { pino } from "pino";
import type { LambdaEnvironment } from "../runtime/lambda-environment.ts";
import { createLogger, type Logger } from "../runtime/logger.ts";

/** The log of a function, and what writes its lines. */
export function lambdaLogger({ LOG_LEVEL, RELEASE }: Pick<LambdaEnvironment, "LOG_LEVEL" | "RELEASE">): {
  logger: Logger;
  write: (line: string) => void;
} {
  // An instance is frozen the moment it has answered: a line must be out before.
  const destination = pino.destination({ fd: 1, sync: true });
  const logger = createLogger({ level: LOG_LEVEL, release: RELEASE, destination });
  return { logger, write: (line) => void destination.write(line) };
}
