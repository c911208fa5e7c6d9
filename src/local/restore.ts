/** Puts a backup in the place of the database: see `npm run restore -- --help`. */
import { ulid } from "ulid";
import { readLocalEnvironment } from "../runtime/environment.ts";
import { lockDataDir } from "../store/sqlite/lock-data-dir.ts";
import { restore } from "../store/sqlite/restore.ts";
import { runCommand, say } from "./command.ts";
import { databaseFileOf } from "./data-files.ts";

await runCommand(
  {
    help: `usage: npm run restore -- FILE

Puts a backup in the place of the database in DATA_DIR. The server must be stopped. The backup is read from end to end
first and stays where it is; the database that was there is kept beside the new one. Whoever was signed in signs in anew.`,
    options: [],
    words: 1,
    purpose: "restore",
    run: async ({ words: [from = ""] }) => {
      const environment = readLocalEnvironment(process.env);
      const file = databaseFileOf(environment);
      const lock = lockDataDir(environment.DATA_DIR);
      try {
        const { contents, kept } = restore({ from, file, newId: () => ulid(), now: new Date() });
        say(`${from} is restored: ${contents.rows.pointer} appointments ever made, format ${contents.format}.`);
        if (kept !== undefined) say(`The database that was there is kept as ${kept}`);
      } finally {
        lock.release();
      }
    },
  },
  process.argv.slice(2),
);
