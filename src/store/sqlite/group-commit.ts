import type { DatabaseSync } from "node:sqlite";
import { isDatabaseError } from "./database-problem.ts";
import { abandon } from "./open-database.ts";
import { read, unavailable } from "./read.ts";
import type { WriteAheadLog } from "./write-ahead-log.ts";

/** Writes that share one durable commit; more would keep the event loop from everything else. */
const groupMaxWrites = 64;

interface Job {
  /** Does the work inside the transaction; what it returns gives the answer once that is durable. */
  run: () => () => void;
  reject: (error: unknown) => void;
}

interface Kept {
  job: Job;
  answer: () => void;
}

export interface Writer {
  /**
   * Runs synchronous work in a transaction; again where a neighbour's fault has undone it. Resolves when it is durable;
   * rejects when nothing of it was kept, or nobody knows.
   */
  write: <T>(work: () => T) => Promise<T>;
  /** Does synchronous work once everything that it could see is durable. */
  read: <T>(work: () => T) => Promise<T>;
  /** Commits all that waits, and resolves when it is durable. */
  flush: () => Promise<void>;
}

/** Hears what became of each transaction. */
export interface GroupObserver {
  /** Nothing of it stayed. */
  rolledBack: () => void;
  /** It is over, and the next one may begin. */
  committed: () => void;
  /** All that was committed is on the disk, and its answers are on their way. */
  durable: () => void;
  /** The disk did not take what was committed, and nothing that this process still has says what will be there. */
  lost: (error: Error) => void;
}

/**
 * Writes that arrive while the ones before them are on their way to the disk commit together, since bringing them there
 * costs more than all else. A group begins and commits within one tick; then its log goes to the disk in another thread,
 * and the event loop goes on; of one write alone it goes there at once. What has not arrived is shown to nobody. Where one of a group fails, all are done again one by one:
 * savepoints would cost every write what that costs the few.
 */
export function groupCommits(
  database: DatabaseSync,
  log: Pick<WriteAheadLog, "sync">,
  { rolledBack, committed, durable, lost }: GroupObserver,
): Writer {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const waiting: Job[] = [];
  /** The group that is on its way to the disk. */
  let underWay: Promise<void> | undefined;
  /** After a failed sync the system may forget what it did not write, and then calls the next one a success. */
  let failure: Error | undefined;

  function commitGroup(jobs: readonly Job[]): Kept[] {
    const kept: Kept[] = [];
    try {
      begin.run();
      for (const job of jobs) kept.push({ job, answer: job.run() });
      commit.run();
    } catch (error) {
      // A full disk, among others, may have rolled back everything: then it is nobody's own fault.
      const isOnesFault = kept.length < jobs.length && database.isOpen && database.isTransaction;
      abandon(database);
      rolledBack();
      if (isOnesFault && jobs.length > 1) return jobs.flatMap((job) => commitGroup([job]));
      for (const job of jobs) job.reject(isOnesFault && !isDatabaseError(error) ? error : unavailable(error));
      return [];
    }
    committed();
    return kept;
  }

  function arrived(kept: readonly Kept[], error: Error | null): void {
    if (error === null) {
      for (const { answer } of kept) answer();
      durable();
      return;
    }
    failure = error;
    for (const { job } of kept) job.reject(unavailable(error));
    lost(error);
  }

  function bringToDisk(kept: readonly Kept[]): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    underWay = promise;
    log.sync(kept.length === 1 && waiting.length === 0, (error) => {
      underWay = undefined;
      arrived(kept, error);
      if (waiting.length > 0) setImmediate(flushOne);
      resolve();
    });
  }

  function flushOne(): void {
    if (underWay !== undefined) return;
    const jobs = waiting.splice(0, groupMaxWrites);
    if (failure !== undefined) for (const job of jobs) job.reject(unavailable(failure));
    const kept = failure === undefined ? commitGroup(jobs) : [];
    if (kept.length > 0) bringToDisk(kept);
    else if (waiting.length > 0) setImmediate(flushOne);
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
    read: async (work) => {
      while (underWay !== undefined) await underWay;
      if (failure !== undefined) throw unavailable(failure);
      return read(work);
    },
    flush: async () => {
      while (underWay !== undefined || waiting.length > 0) {
        flushOne();
        await underWay;
      }
    },
  };
}
