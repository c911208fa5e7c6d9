import type { LambdaEnvironment } from "../runtime/lambda-environment.ts";
import { createLogger, type Logger } from "../runtime/logger.ts";
import { writeOut } from "../runtime/standard-output.ts";

/** The log of a function, and what writes its lines. */
export function lambdaLogger({ LOG_LEVEL, RELEASE }: Pick<LambdaEnvironment, "LOG_LEVEL" | "RELEASE">): {
  logger: Logger;
  write: (line: string) => void;
} {
  const logger = createLogger({ level: LOG_LEVEL, release: RELEASE, destination: { write: writeOut } });
  return { logger, write: writeOut };
}
