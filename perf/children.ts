import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";

const node = ["--disable-warning=ExperimentalWarning", "--conditions=source"];
const packageSchema = z.object({ scripts: z.object({ start: z.string() }) });
const packageText = readFileSync(join(import.meta.dirname, "../package.json"), "utf8");
const [, ...npmStart] = packageSchema.parse(JSON.parse(packageText)).scripts.start.split(" ");
/** The server itself runs as `npm start` runs it, with the flags of that. */
const argumentsOf = (script: string) => (script === npmStart.at(-1) ? npmStart : [...node, script]);

/** A server in a process of its own, listening. */
export interface Child {
  url: string;
  /** From the start of the process to its word that it listens. */
  startedInMs: number;
  process: ChildProcess;
  stop: () => Promise<void>;
}

/** Starts a script and waits for the line of its standard output that names a url. The rest of its output is read and dropped. */
export async function startChild(script: string, environment: Record<string, string> = {}): Promise<Child> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, argumentsOf(script), {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`${script} ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const match = /"url":"([^"]+)"/.exec(line);
      if (match?.[1]) resolve(match[1]);
    });
  });
  const startedInMs = performance.now() - startedAt;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    url,
    startedInMs,
    process: child,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
