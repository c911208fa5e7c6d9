import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What became of a server: its exit code, and all that it said to a person. */
export interface Ending {
  code: number | null;
  stderr: string;
}

/** The local server as a process of its own. */
export interface ServerProcess {
  url: string;
  port: number;
  /** Every log line so far. */
  log: readonly string[];
  /** Resolves with the log line that contains this text. */
  logged: (text: string) => Promise<string>;
  signal: (signal: NodeJS.Signals) => void;
  /** From here nobody reads the log. */
  stopReading: () => void;
  ended: Promise<Ending>;
}

type Variables = Record<string, string>;
const main = "src/local/main.js";

function spawnServer(variables: Variables, script: string) {
  const flags = ["--disable-warning=ExperimentalWarning", "--conditions=source", script];
  const env = { PATH: process.env.PATH, PORT: "0", SEED: "off", SHOP_TIME_ZONE: "Europe/Berlin", ...variables };
  const child = spawn(process.execPath, flags, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, "close").then(
    ([code]): Ending => ({ code: typeof code === "number" ? code : null, stderr }),
  );
  return { child, ended };
}

/** Runs a server that must not come up; gives its end. */
export const failingServer = (variables: Variables): Promise<Ending> => spawnServer(variables, main).ended;

/** Starts a server and waits until it listens. It does not outlive the test. */
export async function startServer(variables: Variables, script = main): Promise<ServerProcess> {
  const { child, ended } = spawnServer(variables, script);
  const log: string[] = [];
  const waiting = new Map<string, (line: string) => void>();
  createInterface(child.stdout).on("line", (line) => {
    log.push(line);
    for (const [text, resolve] of waiting) if (line.includes(text)) resolve(line);
  });
  const failed = ended.then(({ code, stderr }): never => {
    throw new Error(`the server ended with ${code}: ${stderr}`);
  });
  failed.catch(() => {});
  const logged = (text: string) => {
    const line = log.find((known) => known.includes(text));
    return line !== undefined
      ? Promise.resolve(line)
      : Promise.race([new Promise<string>((resolve) => waiting.set(text, resolve)), failed]);
  };
  const { url } = JSON.parse(await logged('"listening"'));
  const port = Number(new URL(url).port);
  const signal = (name: NodeJS.Signals) => void child.kill(name);
  return { url, port, log, logged, signal, stopReading: () => void child.stdout.destroy(), ended };
}
