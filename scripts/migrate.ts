/** The command line of the migrations: see `npm run migrate -- --help`. */

import { readMigrations } from "../src/store/dynamodb/meta.ts";
import { migrations } from "./migrations/all.ts";
import { type Command, help, parseCommand, usage } from "./migrations/arguments.ts";
import { contextOf, migrateUp, newEpoch, openBoard, openClient, restoreFrom } from "./migrations/carry-out.ts";

type Work = Exclude<Command, { kind: "help" | "wrong" | "known" }>;

const command = parseCommand(process.argv.slice(2));

if (command.kind === "help") console.log(help);
else if (command.kind === "known")
  console.log(JSON.stringify(migrations.map(({ id, name, earlierReleases }) => ({ id, name, earlierReleases }))));
else if (command.kind === "wrong") {
  for (const problem of command.problems) console.error(problem);
  console.error(usage);
  process.exitCode = 2;
} else await run(command);

async function run(work: Work): Promise<void> {
  const client = openClient();
  try {
    await carryOut(work, client);
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}`.split("\n")[0] : String(error);
    console.error(`${said}: nothing after that was done; repair it, then run the same command again`);
    process.exitCode = 1;
  } finally {
    client.destroy();
  }
}

async function carryOut(work: Work, client: ReturnType<typeof openClient>): Promise<void> {
  if (work.kind === "up") {
    const { boardTable, liveTable, shopId, shopTimeZone } = work;
    const context = contextOf({ client, tables: { boardTable, liveTable }, shopId, shopTimeZone });
    const ran = await migrateUp(migrations, context, (line) => console.log(line));
    console.log(`${ran} of ${migrations.length} migrations were due`);
  } else if (work.kind === "list") await list(openBoard(client, work.boardTable));
  else if (work.kind === "new-epoch") {
    const { before, after } = await newEpoch(openBoard(client, work.boardTable));
    console.log(`epoch ${before} -> ${after}: start the functions anew, by releasing or by setting a parameter`);
  } else {
    const { put, deleted } = await restoreFrom(client, { from: work.from, to: work.boardTable });
    console.log(`${put} items put, ${deleted} deleted, and a new epoch: start the functions anew, by a release`);
  }
}

async function list(board: ReturnType<typeof openBoard>): Promise<void> {
  const done = new Map((await readMigrations(board)).map(({ id, at }) => [id, at]));
  for (const { id, name } of migrations) console.log(`${id} ${name.padEnd(24)} ${done.get(id) ?? "not run yet"}`);
}
