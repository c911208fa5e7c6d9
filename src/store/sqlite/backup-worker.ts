import { parentPort, workerData } from "node:worker_threads";
import { backUp } from "./backup.ts";
import type { ThreadAnswer } from "./backup-thread.ts";
import { DatabaseProblem } from "./database-problem.ts";

/* The thread of backUpOnThread, which hands it the options. */
const answer: ThreadAnswer = await backUp(workerData).then(
  (backup) => ({ kind: "made", backup }),
  (error: unknown) => {
    if (error instanceof DatabaseProblem) return { kind: "problem", message: error.message };
    throw error;
  },
);
parentPort?.postMessage(answer);
