import type { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { limits } from "@status-board/contracts";
import type { Devices } from "../../auth/devices.ts";
import type { Sessions } from "../../auth/sessions.ts";
import { instantOf } from "../../domain/time.ts";
import type { Feed } from "../../live/ports.ts";
import type { LiveStore } from "../live-store.ts";
import type { Store } from "../store.ts";
import { appointmentRows } from "./appointment-rows.ts";
import { changeCard, createCard, findCreation, findItem, moveCard } from "./appointments.ts";
import { readOf, rememberBoards } from "./boards.ts";
import { type Bookkeeping, keepBooks } from "./bookkeeping.ts";
import { prepareDevices } from "./devices.ts";
import { groupCommits } from "./group-commit.ts";
import { lateCards } from "./late-cards.ts";
import { liveRows } from "./live-rows.ts";
import { prepareLiveStore } from "./live-store.ts";
import { closeDatabase, openDatabase } from "./open-database.ts";
import { outboxFeed } from "./outbox-feed.ts";
import { outboxQueue } from "./outbox-queue.ts";
import { preparePruning } from "./prune-published.ts";
import { read as readNow } from "./read.ts";
import { prepareServices } from "./services.ts";
import { prepareSessions } from "./sessions.ts";
import { prepareShops } from "./shops.ts";
import type { WriteAheadLog } from "./write-ahead-log.ts";

export interface SqliteOptions {
  /** Where the database is, or is to be made; its directory must exist. */
  file: string;
  /** A fresh ULID; a new database takes its epoch from it. */
  newId: () => string;
  /** The present moment, by which tombstones expire. */
  now: () => Date;
  /** Bytes of JSON that the boards kept in memory may stand for; as objects they take some three times as much. Default 2 MiB, 25 days of 60 cards. */
  boardsMaxBytes?: number;
  /** Changes that the feed hands over at once. Default 500. */
  feedBatchMaxRows?: number;
  /** Changes that wait in memory for the feed's handler; beyond them they are read from the file. Default 2,000. */
  feedQueueMaxRows?: number;
  /** Hears why a batch of the feed has to come again. */
  feedFailed?: (error: unknown) => void;
  /** Hears that the disk did not take what was written. From then on the store is unavailable, until it is opened anew. */
  lost?: (error: Error) => void;
  /** What brings commits to the disk. Default: the file's own write-ahead log. */
  log?: Pick<WriteAheadLog, "sync">;
  /** How the feed waits until then: that long, or until the signal aborts. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface SqliteStore extends Store {
  /** What has been published of the truth. */
  readonly live: LiveStore;
  /** What was committed, for whoever publishes it. */
  readonly feed: Feed;
  /** Who is signed in. */
  readonly sessions: Sessions;
  /** Who was paired, and the codes to become so. */
  readonly devices: Devices;
  /** Names the life of this database; a start after one that was not closed takes a new one. */
  readonly epoch: string;
  /** True when the database was made by this call, so that there is no shop in it yet. */
  readonly created: boolean;
  /** Where the database is kept as it was, when this call has changed its format. */
  readonly keptBefore?: string;
  /** The connection that every write goes through. */
  readonly database: DatabaseSync;
  /** Writes now what would follow within a moment: the table of cards and the publisher's notes. */
  settle: () => void;
  /** Deletes what has expired, which nobody sees any more; for an hourly timer. */
  prune: () => Promise<void>;
}

/**
 * Opens the store in a file that belongs to this process alone (see lockDataDir): what it remembers of the file would
 * else grow stale. Throws a DatabaseProblem when the file cannot be used.
 */
export function openSqliteStore(options: SqliteOptions): SqliteStore {
  const { file, newId, now, boardsMaxBytes = 2 * 1_048_576 } = options;
  const { database, log, epoch, created, keptBefore } = openDatabase(file, newId, now());
  const published = liveRows(database);
  const cards = lateCards(database);
  const books = keepBooks({ database, liveRows: published, cards, failed: options.feedFailed ?? (() => {}) });
  const { queue, feed } = openFeed(database, books, options);
  const rows = appointmentRows(database, cards, queue.add);
  const boards = rememberBoards(rows, books.rev, boardsMaxBytes);
  const work = { rows, boards, now };
  const services = prepareServices(database, now);
  const shops = prepareShops(database);
  const sessions = prepareSessions(database);
  const devices = prepareDevices(database, limits.pairingMaxTries);
  let isSound = true;
  const { write, read, flush } = groupCommits(database, options.log ?? log, {
    rolledBack: () => {
      cards.rolledBack();
      queue.rolledBack();
      rows.forget();
      boards.forget();
    },
    committed: () => {
      books.committed();
      queue.committed();
    },
    durable: () => {
      if (queue.durable()) feed.wake();
    },
    lost: (error) => {
      isSound = false;
      options.lost?.(error);
    },
  });
  const live = prepareLiveStore({ epoch, liveRows: published, rows, boards, books, now, readTruth: read });
  /** No read comes between the two: a group runs in one go. */
  const writeSessions = <T>(work: () => T) =>
    write(() => {
      sessions.forget();
      return work();
    });
  const prunePublished = preparePruning(database);
  const answering = database.prepare("SELECT count(*) FROM meta");

  return {
    live,
    feed,
    sessions: {
      putSession: (hash, principal, expiresAt) => writeSessions(() => sessions.put(hash, principal, expiresAt)),
      findSession: (hash, at) => readNow(() => sessions.find(hash, at)),
      endSession: (hash) => writeSessions(() => sessions.end(hash)),
    },
    devices: {
      putPairing: (pairing, at) => write(() => devices.putPairing(pairing, at)),
      tryPairing: (handle) => write(() => devices.tryPairing(handle)),
      claimPairing: (handle, session) => writeSessions(() => devices.claimPairing(handle, session)),
      listDevices: (shopId, at) => read(() => devices.listDevices(shopId, at)),
      renameDevice: (shopId, id, name, at) => writeSessions(() => devices.renameDevice(shopId, id, name, at)),
      revokeDevice: (shopId, id) => writeSessions(() => devices.revokeDevice(shopId, id)),
      seeDevice: (principal, at, expiresAt) => writeSessions(() => devices.seeDevice(principal, at, expiresAt)),
    },
    epoch,
    created,
    ...(keptBefore !== undefined && { keptBefore }),
    database,
    ping: () => read(() => void answering.get()),

    readBoard: (shopId, date) => read(() => readOf(boards.get(shopId, date), date, epoch, instantOf(now()))),
    readAppointment: (shopId, id) =>
      read(() => {
        const item = findItem(work, shopId, id);
        return item?.kind === "card" ? item : undefined;
      }),
    findCreation: (shopId, id) => read(() => findCreation(work, shopId, id)),
    createAppointment: (creation) => write(() => createCard(work, creation)),
    moveAppointment: (command) => write(() => moveCard(work, command)),
    changeAppointment: (change) => write(() => changeCard(work, change)),

    listServices: (shopId) => read(() => services.list(shopId)),
    readService: (shopId, id) => read(() => services.read(shopId, id)),
    servicesByCode: (shopId, codes) => read(() => services.byCode(shopId, codes)),
    createService: (shopId, service, mutation) => write(() => services.create(shopId, service, mutation)),
    changeService: (shopId, id, decide) => write(() => services.change(shopId, id, decide)),

    readShop: (shopId) => read(() => shops.read(shopId)),
    createShop: (shop, carriedThrough) => write(() => shops.create(shop, carriedThrough)),
    listShops: () => read(() => shops.list()),
    finishDay: (shopId, date) => write(() => shops.finishDay(shopId, date)),
    changeShop: (shopId, decide) => write(() => shops.change(shopId, decide)),

    settle: books.flush,
    prune: async () => {
      await readNow(books.flush);
      await write(() => {
        rows.prune(now().toISOString());
        services.prune();
        sessions.forget();
        sessions.prune(now().toISOString());
        devices.prune(now().toISOString());
      });
      await prunePublished(now().toISOString());
    },
    close: async () => {
      await flush();
      await feed.stop();
      await flush();
      if (!database.isOpen) return;
      log.close();
      // Nothing vouches for what a lost file holds: it is left as after a kill.
      if (isSound) closeDatabase(database, books.flush);
      else database.close();
      boards.forget();
    },
  };
}

function openFeed(
  database: DatabaseSync,
  books: Bookkeeping,
  { feedBatchMaxRows = 500, feedQueueMaxRows = 2_000, feedFailed = () => {}, sleep = pause }: SqliteOptions,
) {
  const queue = outboxQueue(database, { batchMaxRows: feedBatchMaxRows, queueMaxRows: feedQueueMaxRows });
  return { queue, feed: outboxFeed({ database, queue, books, sleep, failed: feedFailed }) };
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => wait(ms, undefined, { signal }).catch(() => {});
