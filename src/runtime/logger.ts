import { type DestinationStream, type Logger, pino } from "pino";
import { instantOf } from "../domain/time.ts";
import { openStandardOutput } from "./standard-output.ts";

export type { Logger };

export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * JSON lines with the level by name and the time in ISO 8601. Lines carry route ids, never URLs, cookies, tickets or
 * customer data (HT6). Without a destination they go to standard output, written in the background.
 */
export function createLogger(options: { level: LogLevel; release: string; destination?: DestinationStream }): Logger {
  const { level, release, destination = openStandardOutput() } = options;
  return pino(
    {
      level,
      base: { release },
      timestamp: () => `,"time":"${instantOf(new Date())}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
