import { type DestinationStream, type Logger, pino } from "pino";

export type { Logger };

export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Lines that follow one another faster than this are written together: each write is a task for another thread. */
const writeAgainAfterMs = 10;

/** Standard output, written in the background; what is left when the process exits is written then. */
function standardOutput(): DestinationStream {
  const output = pino.destination({ fd: 1, sync: false });
  let lines = "";
  let pause: NodeJS.Timeout | undefined;
  function writeOut(): void {
    pause = lines === "" ? undefined : setTimeout(writeOut, writeAgainAfterMs);
    if (lines !== "") output.write(lines);
    lines = "";
  }
  process.once("exit", () => {
    output.write(lines);
    output.flushSync();
  });
  return {
    write: (line) => {
      lines += line;
      if (pause === undefined) writeOut();
    },
  };
}

/**
 * JSON lines with the level by name and the time in ISO 8601. Lines carry route ids, never URLs, cookies, tickets or
 * customer data (HT6). Without a destination they go to standard output, written in the background.
 */
export function createLogger(options: { level: LogLevel; release: string; destination?: DestinationStream }): Logger {
  const { level, release, destination = standardOutput() } = options;
  return pino(
    {
      level,
      base: { release },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
