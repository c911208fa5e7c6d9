import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The terminal watcher as a process of its own. */
export interface Watcher {
  /** All that it has said so far. */
  lines: readonly string[];
  /** Resolves with the first line that fits, of those after the last one that was asked for. */
  says: (pattern: RegExp) => Promise<string>;
  ended: Promise<{ code: unknown; err: string }>;
}

/** Starts a watcher, which does not outlive the test. */
export function startWatcher(...args: string[]): Watcher {
  const flags = ["--disable-warning=ExperimentalWarning", "--conditions=source", "scripts/watch.ts"];
  const child = spawn(process.execPath, [...flags, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  let read = 0;
  let hasNews = Promise.withResolvers<void>();
  const wake = () => {
    hasNews.resolve();
    hasNews = Promise.withResolvers();
  };
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    wake();
  });
  let err = "";
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  let isOver = false;
  const ended = once(child, "close").then(([code]) => {
    isOver = true;
    wake();
    return { code, err };
  });
  const says = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      for (; read < lines.length; read++) {
        const line = lines[read] ?? "";
        if (!pattern.test(line)) continue;
        read++;
        return line;
      }
      if (isOver) throw new Error(`the watcher never said ${pattern}, but: ${lines.join("\n")}\n${err}`);
      await hasNews.promise;
    }
  };
  return { lines, says, ended };
}
