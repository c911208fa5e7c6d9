import type { DatabaseSync } from "node:sqlite";
import { isDatabaseError } from "./database-problem.ts";
import { abandon } from "./open-database.ts";
import { unavailable } from "./read.ts";
import { integer } from "./rows.ts";

/** Writes that share one commit; more would keep the event loop from everything else. */
const groupMaxWrites = 64;

interface Job {
  /** Does the work inside the transaction; what it returns gives the answer once that is durable. */
  run: () => () => void;
  reject: (error: unknown) => void;
}

/** A group that is committed: its jobs, and the answers that they get once it is on the disk. */
interface Group {
  jobs: readonly Job[];
  answers: readonly (() => void)[];
}

export interface Writer {
  /** Runs synchronous work in a transaction. Resolves when it is durable; rejects when nobody can rely on it. */
  write: <T>(work: () => T) => Promise<T>;
  /** Commits all that waits, and resolves when every write has its answer. */
  flush: () => Promise<void>;
  /** Throws when what was committed did not reach the disk. */
  check: () => void;
}

/** What a writer works with, besides the database. */
export interface GroupParts {
  /** Resolves when all that was committed before the call is on the disk. */
  sync: () => Promise<void>;
  /** Hears that something which ran did not stay. */
  rolledBack: () => void;
  /** Hears that the rest of a group is committed. */
  committed: () => void;
  /** Hears that a group is durable, and that its answers are on their way. */
  durable: () => void;
}

/**
 * Writes that arrive in one turn of the event loop commit together. A group begins and commits within one tick, so no
 * read sees it half done. The disk is waited for beside the event loop: meanwhile others may read what was committed,
 * and more groups may follow, but nobody is answered before his own is durable, and no later one outlasts an earlier.
 */
export function groupCommits(database: DatabaseSync, { sync, rolledBack, committed, durable }: GroupParts): Writer {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const savepoint = database.prepare("SAVEPOINT job");
  const rollbackToSavepoint = database.prepare("ROLLBACK TO job");
  const release = database.prepare("RELEASE job");
  const countChanges = database.prepare("SELECT total_changes() AS changes");
  const waiting: Job[] = [];
  let unsynced: Group[] = [];
  let syncing: Promise<void> | undefined;
  let failure: Error | undefined;

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

  const changes = () => integer(countChanges.get()?.changes);

  function commitGroup(jobs: readonly Job[]): void {
    let answers: (() => void)[];
    let before: number;
    try {
      begin.run();
      before = changes();
      answers = jobs.map(attempt);
      commit.run();
    } catch (error) {
      abandon(database);
      rolledBack();
      for (const job of jobs) job.reject(unavailable(error));
      return;
    }
    committed();
    // What only looked may be answered at once, unless it looked at what is not on the disk yet.
    if (syncing === undefined && changes() === before) for (const answer of answers) answer();
    else {
      unsynced.push({ jobs, answers });
      syncing ??= syncAll();
    }
  }

  async function syncAll(): Promise<void> {
    while (unsynced.length > 0) {
      const groups = unsynced;
      unsynced = [];
      try {
        await sync();
      } catch (error) {
        giveUp(error, groups);
        break;
      }
      for (const { answers } of groups) for (const answer of answers) answer();
      durable();
    }
    syncing = undefined;
  }

  /**
   * After a failed sync nobody knows what the disk has, and another one may succeed without it: the system forgets what
   * it could not write. Nothing is written any more until a start has read the file anew.
   */
  function giveUp(error: unknown, groups: readonly Group[]): void {
    failure = unavailable(error);
    for (const { jobs } of [...groups, ...unsynced]) for (const { reject } of jobs) reject(failure);
    unsynced = [];
  }

  function flushOne(): void {
    const jobs = waiting.splice(0, groupMaxWrites);
    if (waiting.length > 0) setImmediate(flushOne);
    if (failure) for (const { reject } of jobs) reject(failure);
    else if (jobs.length > 0) commitGroup(jobs);
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
    flush: async () => {
      while (waiting.length > 0) flushOne();
      await syncing;
    },
    check: () => {
      if (failure) throw failure;
    },
  };
}
