import type { DatabaseSync } from "node:sqlite";
import { isDatabaseError } from "./database-problem.ts";
import { durably } from "./open-database.ts";
import { unavailable } from "./read.ts";

/** Writes that share one durable commit; more would keep the event loop from everything else. */
const groupMaxWrites = 64;

interface Job {
  /** Does the work inside the transaction; what it returns gives the answer once that is committed. */
  run: () => () => void;
  reject: (error: unknown) => void;
}

export interface Writer {
  /** Runs synchronous work in a transaction. Resolves when it is durable; rejects when nothing of it was kept. */
  write: <T>(work: () => T) => Promise<T>;
  /** Commits all that waits. */
  flush: () => void;
}

/** Hears what became of a group. */
export interface GroupObserver {
  /** Something that ran did not stay. */
  rolledBack: () => void;
  /** The rest is durable, and its answers are on their way. */
  committed: () => void;
}

/**
 * Writes that arrive in one turn of the event loop commit together, since a durable commit costs more than all else.
 * A group begins and commits within one tick, so no read sees it half done.
 */
export function groupCommits(database: DatabaseSync, { rolledBack, committed }: GroupObserver): Writer {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const savepoint = database.prepare("SAVEPOINT job");
  const rollbackToSavepoint = database.prepare("ROLLBACK TO job");
  const release = database.prepare("RELEASE job");
  const waiting: Job[] = [];

  /** Runs one job and returns its answer. Throws when the whole transaction is lost. */
  function attempt(job: Job): () => void {
    savepoint.run();
    try {
      const answer = job.run();
      release.run();
      return answer;
    } catch (error) {
      // A full disk, among others, may have rolled back everything: then no statement may run as if in the transaction.
      if (!database.isTransaction) throw error;
      rollbackToSavepoint.run();
      release.run();
      rolledBack();
      return () => job.reject(isDatabaseError(error) ? unavailable(error) : error);
    }
  }

  function commitGroup(jobs: readonly Job[]): void {
    let answers: (() => void)[];
    try {
      answers = durably(database, () => {
        begin.run();
        const done = jobs.map(attempt);
        commit.run();
        return done;
      });
    } catch (error) {
      rolledBack();
      for (const job of jobs) job.reject(unavailable(error));
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
