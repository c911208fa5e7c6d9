import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export interface Child {
  /** Its standard output, line by line, until it has ended. */
  lines: Interface;
  /** Ends it as a power cut would, and waits until it is gone. */
  kill: () => Promise<void>;
}

/** Starts a module of this folder as a process of its own. It does not outlive the test. */
export function startChild(module: string, argument: string): Child {
  const path = fileURLToPath(new URL(module, import.meta.url));
  const child: ChildProcessByStdio<null, Readable, null> = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--conditions=source", path, argument],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(child, "exit");
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    lines: createInterface(child.stdout),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
