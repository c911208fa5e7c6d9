import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** This repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));
const modules = join(root, "node_modules");
const run = promisify(execFile);

/** Runs a program; its complaints are in the error, whichever way it said them. */
export async function complete(
  command: string,
  args: string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<string> {
  try {
    return (await run(command, args, options)).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed: ${stdout}${stderr}`, { cause: error });
  }
}

/** A tool of this repository, run by this Node. */
export const tool = (path: string, args: string[], options: { cwd: string; env?: NodeJS.ProcessEnv }) =>
  complete(process.execPath, [join(modules, path), ...args], options);

/** Packs both; the client's build stands on the contract's. Answers each one's file. */
async function packInto(directory: string): Promise<[name: string, file: string][]> {
  const packed: [string, string][] = [];
  for (const name of ["contracts", "frontend-client"]) {
    const args = ["pack", "--silent", "--pack-destination", directory];
    const said = await complete("npm", args, { cwd: join(root, name) });
    packed.push([name, said.trim().split("\n").at(-1) ?? ""]);
  }
  return packed;
}

const turn = join(root, ".cache/packing");
/** Whoever holds the turn for longer has been killed. */
const turnMaxMs = 120_000;

/** Tests run side by side, and a build empties the folder that another would be packing: one at a time. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  mkdirSync(join(root, ".cache"), { recursive: true });
  for (;;) {
    try {
      mkdirSync(turn);
      break;
    } catch {
      const since = statSync(turn, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - since > turnMaxMs) rmSync(turn, { recursive: true, force: true });
      else await sleep(100);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(turn, { recursive: true, force: true });
  }
}

/**
 * An empty project into which both packages are installed as `npm pack` makes them. What they and it need besides is
 * taken from this repository, so that nothing is downloaded. Whoever asks for it removes it.
 */
export async function projectWithPackages(others: readonly string[]): Promise<string> {
  const project = mkdtempSync(join(tmpdir(), "status-board-project-"));
  for (const [name, file] of await inTurn(() => packInto(project))) {
    const target = join(project, "node_modules/@status-board", name);
    mkdirSync(target, { recursive: true });
    await complete("tar", ["-xzf", join(project, file), "--strip-components=1", "-C", target], { cwd: project });
  }
  for (const name of ["zod", ...others]) {
    mkdirSync(join(project, "node_modules", name, ".."), { recursive: true });
    symlinkSync(join(modules, name), join(project, "node_modules", name));
  }
  return project;
}
