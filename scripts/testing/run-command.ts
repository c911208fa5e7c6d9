import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** How a command ended, and all that it wrote. */
export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs a command to its end, or to `signal`. */
export async function runCommand(file: string, args: readonly string[], signal?: AbortSignal): Promise<Ended> {
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
  signal?.addEventListener("abort", () => child.kill("SIGKILL"));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, out, err };
}
