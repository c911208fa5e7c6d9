/** The command line of the seeder: see `npm run seed -- --help`. */
import { type AwsKeys, signedFetch } from "./common/sign-request.ts";
import { help, parseCommand, usage } from "./seed/arguments.ts";
import { progressOn } from "./seed/progress.ts";
import { SeedError, type SeedOptions, seedBoard } from "./seed/seed-board.ts";

const command = parseCommand(process.argv.slice(2));

if (command.kind === "help") console.log(help);
else if (command.kind === "seed") await run(command.options, command.keys);
else {
  for (const problem of command.problems) console.error(problem);
  console.error(usage);
  process.exitCode = 2;
}

async function run(options: SeedOptions, keys?: AwsKeys): Promise<void> {
  try {
    const signing = keys && { fetch: signedFetch(keys) };
    const result = await seedBoard({ ...options, ...signing, onProgress: progressOn(process.stderr) });
    const { cards, created, moved, edited, unchanged, services, technicians, durationMs } = result;
    console.log(
      `${options.date}: ${cards} cards: ${created} created, ${moved} moved, ${edited} edited, ${unchanged} unchanged; ` +
        `${services} services and ${technicians} technicians added; ${durationMs} ms`,
    );
  } catch (error) {
    if (!(error instanceof SeedError)) throw error;
    console.error(`${process.stderr.isTTY ? "\n" : ""}${error.message}`);
    process.exitCode = 1;
  }
}
