import type { DatabaseSync } from "node:sqlite";
import type { Store } from "../store.ts";
import { appointmentRows } from "./appointment-rows.ts";
import { changeCard, createCard, findCreation, findItem, moveCard } from "./appointments.ts";
import { readOf, rememberBoards } from "./boards.ts";
import { isDatabaseError } from "./database-problem.ts";
import { groupCommits, unavailable } from "./group-commit.ts";
import { openDatabase } from "./open-database.ts";
import { prepareServices } from "./services.ts";
import { prepareShops } from "./shops.ts";

export interface SqliteOptions {
  /** Where the database is, or is to be made; its directory must exist. */
  file: string;
  /** A fresh ULID; a new database takes its epoch from it. */
  newId: () => string;
  /** The present moment, by which tombstones expire. */
  now: () => Date;
  /** Bytes of JSON that the boards kept in memory may stand for. Default 32 MiB. */
  boardsMaxBytes?: number;
}

export interface SqliteStore extends Store {
  /** Names the life of this database. */
  readonly epoch: string;
  /** True when the database was made by this call, so that there is no shop in it yet. */
  readonly created: boolean;
  /** The connection that every write goes through. */
  readonly database: DatabaseSync;
  /** Deletes what has expired, which nobody sees any more; for an hourly timer. */
  prune: () => Promise<void>;
}

/**
 * Opens the store in a file that belongs to this process alone (see lockDataDir): what it remembers of the file would
 * else grow stale. Throws a DatabaseProblem when the file cannot be used.
 */
export function openSqliteStore({ file, newId, now, boardsMaxBytes = 32 * 1_048_576 }: SqliteOptions): SqliteStore {
  const { database, epoch, created } = openDatabase(file, newId);
  const rows = appointmentRows(database);
  const boards = rememberBoards(rows, boardsMaxBytes);
  const work = { rows, boards, now };
  const services = prepareServices(database, now);
  const shops = prepareShops(database);
  const { write, flush } = groupCommits(database, boards.forget);
  const answering = database.prepare("SELECT count(*) FROM meta");

  return {
    epoch,
    created,
    database,
    ping: () => read(() => void answering.get()),

    readBoard: (shopId, date) => read(() => readOf(boards.get(shopId, date), date, epoch, now().toISOString())),
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
    createShop: (shop) => write(() => shops.create(shop)),
    changeShop: (shopId, decide) => write(() => shops.change(shopId, decide)),

    prune: () =>
      write(() => {
        rows.prune(now().toISOString());
        services.prune();
      }),
    close: async () => {
      flush();
      if (database.isOpen) database.close();
      boards.forget();
    },
  };
}

async function read<T>(work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    throw isDatabaseError(error) ? unavailable(error) : error;
  }
}
