import { generate } from "lean-qr";
import { seedBoard } from "../../scripts/seed/seed-board.ts";
import { localDay } from "../domain/time.ts";
import { readLocalEnvironment, StartProblem } from "../runtime/environment.ts";
import { createLogger, type Logger } from "../runtime/logger.ts";
import { release } from "../runtime/release.ts";
import { DatabaseProblem } from "../store/sqlite/database-problem.ts";
import { StoreUnavailable } from "../store/store.ts";
import { withArguments } from "./arguments.ts";
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

/** Stops when it is told to; while it still starts, as soon as it could. A start that fails is told by whoever waits for it. */
function stopOnSignal(starting: Promise<Running>, logger: Logger): void {
  const stop = async ({ close }: Running) => {
    try {
      await close();
      process.exit(0);
    } catch (error) {
      logger.error({ err: error }, "could not stop cleanly");
      process.exit(1);
    }
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      logger.info({ signal }, "stopping");
      starting.then(stop, () => {});
    });
}

async function main(): Promise<void> {
  const environment = readLocalEnvironment(withArguments(process.argv.slice(2), process.env));
  const logger = createLogger({ level: environment.LOG_LEVEL, release });
  const starting = start(environment, logger, {
    onMoved: (moved) => {
      say("The address on this network has changed.");
      sayHowToPair(moved);
    },
    onLost: () => {
      say("Stopping. The disk did not take what was written: check it, and start again.");
      // Those who wait are answered first.
      setImmediate(() => process.exit(1));
    },
  });
  // Whoever reads in the log that it listens may signal at once.
  stopOnSignal(starting, logger);
  const running = await starting;
  const now = new Date().toISOString();
  const date = localDay(now, running.timeZone);
  // The seeder is a client like any other, and can't sign in.
  const canSeed = environment.SEED === "on" && environment.AUTH_MODE === "none";
  if (running.firstStart && canSeed) await seedDemoDay(date, now, running, logger);
  say(`The status board is at ${running.url}`);
  if (environment.AUTH_MODE === "paired") sayHowToPair(running);
  else say(`For a screen on the wall: ${running.url}/?view=tv`);
}

/** What somebody does next who has put the board onto his network; the QR code takes a phone there. */
function sayHowToPair({ url, networkUrls }: Pick<Running, "url" | "networkUrls">): void {
  const [first, ...others] = networkUrls();
  if (first === undefined) {
    say("No network is there: only this computer reaches the board for now.");
    return;
  }
  say(`On this network it is at ${first}${others.length > 0 ? ` (or ${others.join(", ")})` : ""}`);
  say(`Pair a phone or a TV at ${url}/?view=devices; it enters its code at ${first}/pair`);
  say(qrOf(`${first}/pair`));
}

/** A QR code of half blocks, two rows to a line, dark on light whatever the terminal's colours are. */
function qrOf(text: string): string {
  const code = generate(text);
  const margin = 2;
  const lines: string[] = [];
  for (let y = -margin; y < code.size + margin; y += 2) {
    let line = "";
    for (let x = -margin; x < code.size + margin; x++)
      line += [" ", "▀", "▄", "█"][(code.get(x, y) ? 0 : 1) + (code.get(x, y + 1) ? 0 : 2)];
    lines.push(`\u001b[97;40m${line}\u001b[0m`);
  }
  return lines.join("\n");
}

main().catch((error: unknown) => {
  if (error instanceof StoreUnavailable)
    say("Cannot start. The database cannot be written: check the disk and its free space.");
  else if (error instanceof StartProblem || error instanceof DatabaseProblem) say(`Cannot start. ${error.message}`);
  else throw error;
  process.exit(1);
});
