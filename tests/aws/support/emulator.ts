import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { root } from "./run.ts";

/** MiniStack, running with the replacements of emulator/start.py. */
export interface Emulator {
  endpoint: string;
  /** Where it writes its log. */
  log: string;
  stop: () => Promise<void>;
}

const startMaxMs = 60_000;
const stopMaxMs = 10_000;
export const region = "eu-central-1";

/** A port that is free right now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** Starts the stand-in. `programs` is the folder of its environment's programs. */
export async function startEmulator(programs: string): Promise<Emulator> {
  const port = await freePort();
  const home = join(root, ".cache/aws");
  await mkdir(home, { recursive: true });
  // Its functions are unpacked here, and it leaves them behind. Not inside this project, whose package.json would make
  // modules of the scripts that run them.
  const scratch = await mkdtemp(join(tmpdir(), "status-board-aws-"));
  const log = join(home, "emulator.log");
  const child = spawn(join(programs, "python"), [join(root, "tests/aws/emulator/start.py")], {
    // A group of its own: the functions are its children, and outlive it when it is killed.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      // The functions run on the node that this project brings along.
      PATH: [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter),
      HOME: scratch,
      TMPDIR: scratch,
      PYTHONDONTWRITEBYTECODE: "1",
      GATEWAY_PORT: String(port),
      BIND_HOST: "127.0.0.1",
      MINISTACK_REGION: region,
      IOT_MTLS_ENABLED: "false",
      AUTH: "true",
      LAMBDA_ACCOUNT_CONCURRENCY: "32",
    },
  });
  const file = createWriteStream(log);
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await endGroup(child);
    file.end();
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilReady(child, `${endpoint}/_ministack/health`, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, log, stop };
}

async function untilReady(child: ChildProcess, url: string, log: string): Promise<void> {
  const until = Date.now() + startMaxMs;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`the stand-in for AWS ended by itself: see ${log}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await wait(100);
  }
  throw new Error(`the stand-in for AWS did not come up: see ${log}`);
}

/** Ends the process and all its children: kindly first, because it ends its functions itself. */
async function endGroup(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const ended = child.exitCode === null ? once(child, "exit") : Promise.resolve();
  signal(pid, "SIGTERM");
  await Promise.race([ended, wait(stopMaxMs, undefined, { ref: false })]);
  signal(pid, "SIGKILL");
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name);
  } catch {
    // Nobody of the group is left.
  }
}
