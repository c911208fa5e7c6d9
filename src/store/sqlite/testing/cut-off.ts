import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync, StatementSync } from "node:sqlite";

/*
 * Run as a process of its own, which kills itself before the step that the command line names. A step is any call that may
 * change a file: `cut-off.ts WORK STEP PATHS…`.
 */
const [work = "", lastStep = "", ...paths] = process.argv.slice(2);
let steps = 0;

function countCalls(owner: object, names: readonly string[]): void {
  for (const name of names) {
    const original: unknown = Reflect.get(owner, name);
    if (typeof original !== "function") throw new Error(`there is no ${name}`);
    Reflect.set(owner, name, function counted(this: unknown, ...given: unknown[]) {
      if (changesNothing(name, given[0])) return Reflect.apply(original, this, given);
      if (++steps === Number(lastStep)) process.kill(process.pid, "SIGKILL");
      return Reflect.apply(original, this, given);
    });
  }
}

/** Deleting what is not there, and making what is, is no step. */
function changesNothing(name: string, path: unknown): boolean {
  const isThere = typeof path === "string" && fs.existsSync(path);
  return (name === "rmSync" && !isThere) || (name === "mkdirSync" && isThere);
}

countCalls(fs, ["renameSync", "linkSync", "copyFileSync", "rmSync", "fsyncSync", "mkdirSync", "writeFileSync"]);
syncBuiltinESMExports();
countCalls(DatabaseSync.prototype, ["exec", "close"]);
countCalls(StatementSync.prototype, ["run"]);

const [file = "", other = ""] = paths;
const at = new Date("2031-03-05T02:00:00.000Z");
if (work === "backup") {
  const { backUp } = await import("../backup.ts");
  await backUp({ file, directory: other, mayMakeDirectory: true, kind: "manual", at });
} else if (work === "restore") {
  const { restore } = await import("../restore.ts");
  restore({ from: other, file, newId: () => "restored", now: at });
} else if (work === "open") {
  const { openSqliteStore } = await import("../sqlite-store.ts");
  await openSqliteStore({ file, newId: () => "opened", now: () => at }).close();
} else if (work === "import") {
  const { importShop } = await import("../import-shop.ts");
  await importShop({ file, lines: linesOfFile(other), newId: () => "imported", now: at });
} else throw new Error(`nobody knows ${work}`);

async function* linesOfFile(path: string): AsyncGenerator<string> {
  yield* fs.readFileSync(path, "utf8").trimEnd().split("\n");
}
