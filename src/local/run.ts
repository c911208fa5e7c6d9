import { seedBoard } from "../../scripts/seed/seed-board.ts";
import { localDay } from "../domain/time.ts";
import { readLocalEnvironment, StartProblem } from "../runtime/environment.ts";
import { createLogger, type Logger } from "../runtime/logger.ts";
import { release } from "../runtime/release.ts";
import { DatabaseProblem } from "../store/sqlite/database-problem.ts";
import { StoreUnavailable } from "../store/store.ts";
import { type Running, start } from "./start.ts";

const demoCards = 24;

/** Tells a person what the log tells a machine; standard output is the log's alone. */
const say = (line: string) => process.stderr.write(`${line}\n`);

async function seedDemoDay(date: string, now: string, running: Running, logger: Logger): Promise<void> {
  try {
    await seedBoard({ url: running.url, date, cards: demoCards, now });
  } catch (error) {
    logger.warn({ err: error }, "the demo day could not be seeded");
  }
}

function stopOnSignal(running: Running, logger: Logger): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      logger.info({ signal }, "stopping");
      running.close().then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, "could not stop cleanly");
          process.exit(1);
        },
      );
    });
}

async function main(): Promise<void> {
  const environment = readLocalEnvironment(process.env);
  const logger = createLogger({ level: environment.LOG_LEVEL, release });
  const running = await start(environment, logger);
  stopOnSignal(running, logger);
  const now = new Date().toISOString();
  const date = localDay(now, running.timeZone);
  // The seeder is a client like any other, and can't sign in.
  const canSeed = environment.SEED === "on" && environment.AUTH_MODE === "none";
  if (running.firstStart && canSeed) await seedDemoDay(date, now, running, logger);
  say(`The status board is at ${running.url}`);
  say(`For a screen on the wall: ${running.url}/?view=tv`);
}

main().catch((error: unknown) => {
  if (error instanceof StoreUnavailable)
    say("Cannot start. The database cannot be written: check the disk and its free space.");
  else if (error instanceof StartProblem || error instanceof DatabaseProblem) say(`Cannot start. ${error.message}`);
  else throw error;
  process.exit(1);
});
