/** Writes a shop as lines of JSON: see `npm run export -- --help`. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ulid } from "ulid";
import { type LocalEnvironment, readLocalEnvironment, StartProblem } from "../runtime/environment.ts";
import { exportShop } from "../store/sqlite/export-shop.ts";
import { linesOf, type TransferRecord } from "../store/transfer/records.ts";
import { TransferProblem } from "../store/transfer/transfer-problem.ts";
import { runCommand } from "./command.ts";
import { databaseFileOf } from "./data-files.ts";

type Records = Iterable<TransferRecord> | AsyncIterable<TransferRecord>;

/** The records of a shop, and what ends the connection behind them. */
async function openRecords(
  environment: LocalEnvironment,
  shopId: string,
): Promise<{ records: Records; end: () => void }> {
  if (environment.DATABASE === "sqlite")
    return { records: exportShop(databaseFileOf(environment), shopId), end: () => {} };
  const { connectDynamo } = await import("./open-dynamo-store.ts");
  const { client, names } = await connectDynamo(environment);
  const dynamo = await import("../store/dynamodb/export-shop.ts");
  const options = { client, ...names, now: () => new Date(), newId: () => ulid() };
  return { records: dynamo.exportShop(options, shopId), end: () => client.destroy() };
}

/** Standard output may be a file on a disk that is full, or a program that reads no more. */
function outputProblem(error: unknown): TransferProblem | undefined {
  const code = error instanceof Error && "code" in error && "syscall" in error ? error.code : undefined;
  return code === undefined
    ? undefined
    : new TransferProblem(`the output cannot be written (${code}): what has come out is not whole`);
}

await runCommand(
  {
    help: `usage: npm run --silent export -- --shop ID > FILE

Writes a shop with all its days, histories and services as lines of JSON to standard output, for \`npm run import\`. It
reads the database that DATABASE and the other settings name; with SQLite a server may be running, and the file is of one
moment. With DynamoDB nobody should write to the shop meanwhile.

  --shop ID   the shop; a workshop's own server has SHOP_ID`,
    options: ["shop"],
    words: 0,
    purpose: "export",
    run: async ({ values: { shop } }) => {
      if (shop === undefined) throw new StartProblem("--shop must name the shop.");
      const { records, end } = await openRecords(readLocalEnvironment(process.env), shop);
      try {
        const lines = linesOf({ shop, exportedAt: new Date().toISOString() }, records);
        await pipeline(Readable.from(lines), process.stdout, { end: false }).catch((error: unknown) => {
          throw outputProblem(error) ?? error;
        });
      } finally {
        end();
      }
    },
  },
  process.argv.slice(2),
);
