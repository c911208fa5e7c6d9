/** Copies the database while a server may use it: see `npm run backup -- --help`. */
import { readLocalEnvironment } from "../runtime/environment.ts";
import { backUp } from "../store/sqlite/backup.ts";
import { runCommand } from "./command.ts";
import { backupDirectoryOf, databaseFileOf } from "./data-files.ts";

await runCommand(
  {
    help: `usage: npm run --silent backup [-- --to DIR]

Copies the database into one file, reads the copy from end to end and prints its path. A server may be running.

  --to DIR   the folder for it, which must be there; otherwise BACKUP_DIR, or backups in DATA_DIR

Backups that are made so are never deleted by the program. The nightly ones are, beyond the last 14.`,
    options: ["to"],
    words: 0,
    purpose: "back up",
    run: async ({ values: { to } }) => {
      const environment = readLocalEnvironment(process.env);
      const own = backupDirectoryOf(environment);
      const { file } = await backUp({
        file: databaseFileOf(environment),
        directory: to ?? own.directory,
        mayMakeDirectory: to === undefined && own.mayMake,
        kind: "manual",
        at: new Date(),
      });
      console.log(file);
    },
  },
  process.argv.slice(2),
);
