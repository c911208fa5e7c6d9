import type { DatabaseSync } from "node:sqlite";
import { isDatabaseError } from "./database-problem.ts";
import { abandon } from "./open-database.ts";
import { unavailable } from "./read.ts";

/** Writes that share one durable commit; more would keep the event loop from everything else. */
const groupMaxWrites = 64;

interface Job {
  /** Does the work inside the transaction; what it returns gives the answer once that is committed. */
  run: () => () => void;
  reject: (error: unknown) => void;
}

export interface Writer {
  /**
   * Runs synchronous work in a transaction; again where a neighbour's fault has undone it. Resolves when it is durable;
   * rejects when nothing of it was kept.
   */
  write: <T>(work: () => T) => Promise<T>;
  /** Commits all that waits. */
  flush: () => void;
}

/** Hears what became of each transaction. */
export interface GroupObserver {
  /** Nothing of it stayed. */
  rolledBack: () => void;
  /** All of it is durable, and its answers are on their way. */
  committed: () => void;
}

/**
 * Writes that arrive in one turn of the event loop commit together, since a durable commit costs more than all else.
 * A group begins and commits within one tick, so no read sees it half done. Where one of them fails, all are done again one
 * by one: savepoints would cost every write what that costs the few.
 */
export function groupCommits(database: DatabaseSync, { rolledBack, committed }: GroupObserver): Writer {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const waiting: Job[] = [];

  function commitGroup(jobs: readonly Job[]): void {
    const answers: (() => void)[] = [];
    try {
      begin.run();
      for (const job of jobs) answers.push(job.run());
      commit.run();
    } catch (error) {
      // A full disk, among others, may have rolled back everything: then it is nobody's own fault.
      const isOnesFault = answers.length < jobs.length && database.isOpen && database.isTransaction;
      abandon(database);
      rolledBack();
      if (isOnesFault && jobs.length > 1) for (const job of jobs) commitGroup([job]);
      else for (const job of jobs) job.reject(isOnesFault && !isDatabaseError(error) ? error : unavailable(error));
      return;
    }
    for (const answer of answers) answer();
    committed();
  }

  function flushOne(): void {
    const jobs = waiting.splice(0, groupMaxWrites);
    if (waiting.length > 0) setImmediate(flushOne);
    if (jobs.length > 0) commitGroup(jobs);
  }

  return {
    write: (work) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flushOne);
        const run = () => {
          const result = work();
          return () => resolve(result);
        };
        waiting.push({ run, reject });
      }),
    flush: () => {
      while (waiting.length > 0) flushOne();
    },
  };
}
