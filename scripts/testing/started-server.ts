import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";

/** A server of its own process, on an empty database. */
export interface StartedServer {
  url: string;
  stop: () => Promise<void>;
}

const root = join(import.meta.dirname, "../..");
const listeningSchema = z.object({ msg: z.literal("listening"), url: z.string() });

/** Starts the product as a user would, on a free port and without the demo day. */
export async function startServer(environment: Record<string, string> = {}): Promise<StartedServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "status-board-"));
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--conditions=source", "src/local/main.ts"],
    {
      cwd: root,
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, HOST: "127.0.0.1", PORT: "0", SEED: "off", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const url = await addressOf(child);
  const stop = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url, stop };
}

/** The address in the first line of the log; afterwards the log is read and dropped. */
async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null || child.stderr === null) throw new Error("the server has no output to read");
  const lines = createInterface(child.stdout);
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      const listening = listeningSchema.safeParse(parsed(line));
      if (listening.success) resolve(listening.data.url);
    });
    child.once("exit", (code) => reject(new Error(`the server ended with ${code} before it listened: ${said}`)));
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
