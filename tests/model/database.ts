import { entryOf } from "../../src/live/sequence.ts";
import type { BoardKey, ChangeEntry, Head, LiveStore } from "../../src/store/live-store.ts";
import type { Process, Simulation } from "./simulation.ts";
import { cardsOf, dates, emptyTruth, forgetRemoved, type Truth } from "./truth.ts";

/** A board's published revisions. */
interface Published {
  entries: ChangeEntry[];
  /** Entries up to this revision are no longer kept. */
  expired: number;
}

/** Everything durable. */
interface Durable {
  truth: Truth;
  published: Map<string, Published>;
  /** How far each publisher has come in the feed. */
  checkpoints: number[];
  /** The feed is kept from here on. */
  feedStart: number;
}

/** A database that can lose its past, as real ones do by a restore or a power cut. */
export interface Database extends Durable {
  epoch: string;
  restarts: number;
  /** Whatever was published in any epoch, by epoch and date: for judging, not for serving. */
  log: Map<string, ChangeEntry[]>;
  backup: Durable | undefined;
}

const unpublished = () => new Map(dates.map((date): [string, Published] => [date, { entries: [], expired: 0 }]));

export function emptyDatabase(publishers: number): Database {
  return {
    truth: emptyTruth(),
    published: unpublished(),
    checkpoints: Array.from({ length: publishers }, () => 0),
    feedStart: 0,
    epoch: "epoch-0",
    restarts: 0,
    log: new Map(),
    backup: undefined,
  };
}

export const publishedOf = ({ published }: Durable, date: string): Published => {
  const found = published.get(date);
  if (found === undefined) throw new Error(`no board is on ${date}`);
  return found;
};

export const headOf = (database: Database, date: string): Head => ({
  epoch: database.epoch,
  rev: publishedOf(database, date).entries.length,
});

/** What was published of a board in an epoch. */
export function logOf({ log }: Database, epoch: string, date: string): ChangeEntry[] {
  const key = `${epoch} ${date}`;
  const entries = log.get(key) ?? [];
  log.set(key, entries);
  return entries;
}

export function expireEntries(database: Database, { pick, below }: Simulation): void {
  const published = publishedOf(database, pick(dates));
  published.expired = Math.max(published.expired, below(published.entries.length + 1));
}

/** So much time passes that change entries, tombstones and the read part of the feed are no longer kept. */
export function letWeekPass(database: Database): void {
  for (const published of database.published.values()) published.expired = published.entries.length;
  forgetRemoved(database.truth);
  database.feedStart = Math.min(...database.checkpoints);
}

const copyOf = ({ truth, published, checkpoints, feedStart }: Durable): Durable =>
  structuredClone({ truth, published, checkpoints, feedStart });

export function backUp(database: Database): void {
  database.backup = copyOf(database);
}

/** Another life of the database begins (LV2), with the truth of the backup, and its revisions unless those are lost. */
export function restore(database: Database, simulation: Simulation): void {
  if (database.backup === undefined) return;
  Object.assign(database, copyOf(database.backup));
  renew(database, simulation.chance(0.5));
}

/** A power cut: revisions are lost, and the durable feed is published again from somewhere before. */
export function startUncleanly(database: Database, simulation: Simulation): void {
  database.checkpoints = database.checkpoints.map((checkpoint) =>
    Math.max(database.feedStart, simulation.below(checkpoint + 1)),
  );
  renew(database, false);
}

function renew(database: Database, keepsRevisions: boolean): void {
  database.epoch = `epoch-${++database.restarts}`;
  if (!keepsRevisions) database.published = unpublished();
  for (const [date, { entries }] of database.published) logOf(database, database.epoch, date).push(...entries);
}

/** The live store over it, as one process sees it. */
export function liveStoreOf(database: Database, simulation: Simulation, process: Process): LiveStore {
  const ask = <T>(action: () => T) => simulation.ask(process, action);
  const head = ({ date }: BoardKey) => ask(() => headOf(database, date));
  return {
    head,
    append: ({ date }, revisions) =>
      ask(() => {
        const { entries } = publishedOf(database, date);
        const firstRev = entries.length + 1;
        // A process that is killed may have stored some of them.
        const stored = process.isAlive ? revisions.length : simulation.below(revisions.length + 1);
        for (const revision of revisions.slice(0, stored)) {
          const entry = entryOf(revision, entries.length + 1);
          entries.push(entry);
          logOf(database, database.epoch, date).push(entry);
        }
        return { epoch: database.epoch, firstRev };
      }),
    entries: ({ date }, since) =>
      ask(() => {
        const { entries, expired } = publishedOf(database, date);
        if (since < expired) return undefined;
        // As if their JSON were of any size.
        return entries.slice(since, simulation.chance(0.3) ? since + 1 + simulation.below(3) : undefined);
      }),
    fingerprint: async (board) => {
      const first = await head(board);
      return ask(() => {
        const cards = cardsOf(database.truth, board.date);
        return { ...first, cards: cards.length, versionSum: cards.reduce((sum, { version }) => sum + version, 0) };
      });
    },
    addHistory: () => ask(() => undefined),
    readHistory: () => Promise.reject(new Error("nobody reads a history here")),
  };
}
