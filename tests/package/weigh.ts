import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

/** What a front end takes of the package, from the least to everything. */
const board = `export { createBoardClient, createLiveBoard, createStatusBoard } from "@status-board/frontend-client";`;
const hook = `export * from "@status-board/frontend-client/react";`;
const everything = `export * from "@status-board/frontend-client";
export * from "@status-board/frontend-client/checks";`;
const taken = { board, "board-and-hook": board + hook, everything: everything + hook };

/**
 * Builds each of them in a project as any page is built there: by Vite with its own settings and minifier, and without
 * React. Answers the code of each; the files lie in `outDir`.
 */
export async function buildTaken(project: string, outDir: string): Promise<Record<keyof typeof taken, string>> {
  const code = { ...taken };
  for (const name of Object.keys(taken) as (keyof typeof taken)[]) {
    const entry = join(project, "taken", `${name}.ts`);
    mkdirSync(join(project, "taken"), { recursive: true });
    writeFileSync(entry, taken[name]);
    const output = { entryFileNames: "[name].js" };
    const rolldownOptions = { input: entry, external: ["react"], preserveEntrySignatures: "strict" as const, output };
    const ours = { outDir, emptyOutDir: false, modulePreload: false as const, rolldownOptions };
    await build({ root: project, configFile: false, logLevel: "warn", build: ours });
    code[name] = readFileSync(join(outDir, `${name}.js`), "utf8");
  }
  return code;
}
