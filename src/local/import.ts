/** Brings a shop from lines of JSON into a database: see `npm run import -- --help`. */
import { ulid } from "ulid";
import { readLocalEnvironment } from "../runtime/environment.ts";
import { importShop } from "../store/sqlite/import-shop.ts";
import { lockDataDir } from "../store/sqlite/lock-data-dir.ts";
import { runCommand, say } from "./command.ts";
import { databaseFileOf } from "./data-files.ts";
import { fileLines } from "./file-lines.ts";

const parts = { newId: () => ulid(), now: new Date() };

await runCommand(
  {
    help: `usage: npm run import -- FILE

Brings the shop of an export into the database that DATABASE and the other settings name. A shop that is there already with
anything in it is left alone. The whole file is checked first; a line that is not right is named, and nothing has changed.

With SQLite the server must be stopped. With DynamoDB an import that was cut off leaves a part, which nobody sees; run it
again with the same file, and it finishes.`,
    options: [],
    words: 1,
    purpose: "import",
    run: async ({ words: [path = ""] }) => {
      const environment = readLocalEnvironment(process.env);
      if (environment.DATABASE === "dynamodb") {
        const { importIntoDynamo } = await import("./import-into-dynamo.ts");
        return tell(await importIntoDynamo(environment, path, parts));
      }
      const file = databaseFileOf(environment);
      const lock = lockDataDir(environment.DATA_DIR);
      try {
        tell(await importShop({ file, lines: fileLines(path), ...parts }));
      } finally {
        lock.release();
      }
    },
  },
  process.argv.slice(2),
);

function tell({ shopId, appointments }: { shopId: string; appointments: number }): void {
  say(`The shop ${shopId} is imported: ${appointments} cards and tombstones.`);
}
