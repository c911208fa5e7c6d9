import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import * as z from "zod";

/** A server of its own process, on an empty database. */
export interface StartedServer {
  url: string;
  /** Rejects with its last words when it has ended by itself before. */
  stop: () => Promise<void>;
}

const root = join(import.meta.dirname, "../..");
const listeningSchema = z.object({ msg: z.literal("listening"), url: z.string() });

/** Starts the product as a user would, on a free port and without the demo day. */
export async function startServer(environment: Record<string, string> = {}): Promise<StartedServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "status-board-"));
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--conditions=source", "src/local/main.js"],
    {
      cwd: root,
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, HOST: "127.0.0.1", PORT: "0", SEED: "off", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const ended = once(child, "close").then(([code, signal]) => `the server ended with ${code ?? signal}: ${said}`);
  const url = await Promise.race([addressOf(child.stdout), ended.then((why) => Promise.reject(new Error(why)))]);
  const stop = async () => {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    child.kill("SIGTERM");
    const why = await ended;
    await rm(dataDir, { recursive: true, force: true });
    if (hasEnded) throw new Error(why);
  };
  return { url, stop };
}

/** The address in the first line of the log; afterwards the log is read and dropped. */
function addressOf(log: Readable): Promise<string> {
  return new Promise((resolve) => {
    createInterface(log).on("line", (line) => {
      const listening = listeningSchema.safeParse(parsed(line));
      if (listening.success) resolve(listening.data.url);
    });
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
