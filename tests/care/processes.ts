import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

interface RunOptions {
  env: Record<string, string>;
  args?: readonly string[];
  /** Where standard output goes; otherwise it is answered. */
  outFile?: string;
  /** What the process may keep on its heap, in MB; it dies when that does not suffice. */
  heapMb?: number;
}

/** Runs one of the commands for the care of data as `npm run` does, to its end. */
export async function runCare(
  command: "backup" | "restore" | "export" | "import",
  { env, args = [], outFile, heapMb }: RunOptions,
): Promise<{ code: number | null; out: string; err: string }> {
  const script = fileURLToPath(new URL(`../../src/local/${command}.ts`, import.meta.url));
  const flags = ["--disable-warning=ExperimentalWarning", "--conditions=source"];
  if (heapMb !== undefined) flags.push(`--max-old-space-size=${heapMb}`);
  const target = outFile === undefined ? undefined : openSync(outFile, "w");
  const child = spawn(process.execPath, [...flags, script, ...args], {
    env: { PATH: process.env.PATH, SHOP_TIME_ZONE: "Europe/Berlin", ...env },
    stdio: ["ignore", target ?? "pipe", "pipe"],
  });
  if (target !== undefined) closeSync(target);
  const read = (stream: Readable | null) => (stream === null ? "" : text(stream));
  const [[code], out, err] = await Promise.all([once(child, "close"), read(child.stdout), read(child.stderr)]);
  return { code: typeof code === "number" ? code : null, out, err };
}
