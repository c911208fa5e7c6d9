import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ulid } from "ulid";
import { onTestFinished } from "vitest";
import { day, type Workshop } from "../../contract/workshop.ts";
import { openSqliteStore, type SqliteOptions, type SqliteStore } from "../sqlite-store.ts";

/** A directory that goes when the test is over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "status-board-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export const temporaryFile = (): string => join(temporaryDirectory(), "board.sqlite");

export interface SqliteWorkshop extends Workshop {
  store: SqliteStore;
}

/** A shop in a SQLite file of the test's own, and a clock that the test advances. */
export function openShop(options: Partial<SqliteOptions> = {}): SqliteWorkshop {
  let time = Date.parse(`${day}T08:00:00.000Z`);
  const now = () => new Date(time);
  const store = openSqliteStore({ file: options.file ?? temporaryFile(), newId: () => ulid(), now, ...options });
  onTestFinished(() => store.close());
  const shop: SqliteWorkshop = {
    store,
    shopId: "shop",
    now: () => now().toISOString(),
    advance: (ms) => {
      time += ms;
    },
    neighbour: async () => ({ ...shop, shopId: ulid() }),
  };
  return shop;
}
