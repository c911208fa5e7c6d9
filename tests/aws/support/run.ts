import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

/** How a program ended, and all that it wrote. */
export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Where this project lies. */
export const root = join(import.meta.dirname, "../../..");

/** Nobody's real account is ever asked: what would lead to one is not handed on. */
const withoutAws = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_")));

/** Runs a program to its end, in the project's folder unless another is named. */
export async function run(
  file: string,
  args: readonly string[],
  variables: Record<string, string> = {},
  directory = root,
): Promise<Ended> {
  const env = { ...withoutAws(), ...variables };
  const child = spawn(file, args, { cwd: directory, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, out, err };
}

/** The same for a program that must succeed; gives what it wrote. */
export async function mustRun(...given: Parameters<typeof run>): Promise<string> {
  const { code, out, err } = await run(...given);
  if (code !== 0) throw new Error(`${given[0]} ${given[1].join(" ")} ended with ${code}:\n${err || out}`);
  return out;
}
