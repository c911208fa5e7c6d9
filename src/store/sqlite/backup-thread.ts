import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Backup, BackupOptions } from "./backup.ts";
import { DatabaseProblem } from "./database-problem.ts";

/** What a backup's thread answers. */
export type ThreadAnswer = { kind: "made"; backup: Backup } | { kind: "problem"; message: string };

/** Makes a backup on a thread of its own: reading a copy from end to end would keep this one from everything else. */
export function backUpOnThread(options: BackupOptions): Promise<Backup> {
  // Bundled, both have another ending.
  const script = new URL(`./backup-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(script, { workerData: options });
  return new Promise((resolve, reject) => {
    worker.once("message", (answer: ThreadAnswer) => {
      if (answer.kind === "made") resolve(answer.backup);
      else reject(new DatabaseProblem(answer.message));
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the backup's thread ended with ${code}`)));
  });
}
