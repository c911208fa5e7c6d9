import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { addCards, column, day } from "../contract/workshop.ts";
import { DatabaseProblem } from "./database-problem.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { openShop, temporaryDirectory, temporaryFile } from "./testing/open-shop.ts";
import { openLog } from "./write-ahead-log.ts";

const open = (file: string, newId = () => "epoch") => openSqliteStore({ file, newId, now: () => new Date() });

/** The one line that a failed start would print. */
function problemOf(file: string): string {
  try {
    open(file);
  } catch (error) {
    expect(error).toBeInstanceOf(DatabaseProblem);
    return error instanceof Error ? error.message : "";
  }
  throw new Error("the database opened");
}

describe("a database file", () => {
  it("[LV2] gets its epoch when it is made and keeps it for life", async () => {
    const file = temporaryFile();
    const first = open(file, () => "first");
    expect({ epoch: first.epoch, created: first.created }).toEqual({ epoch: "first", created: true });
    await first.close();
    const second = open(file, () => "second");
    expect({ epoch: second.epoch, created: second.created }).toEqual({ epoch: "first", created: false });
    expect((await second.readBoard("shop", day)).epoch).toBe("first");
    await second.close();
  });

  it("keeps a write-ahead log, of which SQLite syncs no less than it must", () => {
    const { database } = openShop().store;
    const normal = 1;
    expect(database.prepare("PRAGMA journal_mode").get()?.journal_mode).toBe("wal");
    expect(database.prepare("PRAGMA synchronous").get()?.synchronous).toBe(normal);
  });

  it("is refused where it can have no write-ahead log, and left alone", () => {
    const file = temporaryFile();
    const database = new DatabaseSync(file);
    database.exec("CREATE TABLE t (x)");
    expect(() => openLog(database)).toThrow(
      new DatabaseProblem(`${file} has no write-ahead log: put its directory on a disk of this machine.`),
    );
    database.close();
  });

  it("is refused when it is no database", () => {
    const file = temporaryFile();
    writeFileSync(file, "This is a letter to Maria Keller. ".repeat(100));
    expect(problemOf(file)).toBe(
      `${file} is not a database: restore a backup, or move the file away to start with an empty one.`,
    );
  });

  it("is refused when it is damaged", async () => {
    const file = temporaryFile();
    await openShop({ file }).store.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 100, 4_096);
    writeFileSync(file, bytes);
    expect(problemOf(file)).toBe(`${file} is damaged: restore a backup.`);
  });

  it("is refused when its directory is not there", () => {
    const file = join(temporaryDirectory(), "nowhere", "board.sqlite");
    expect(problemOf(file)).toContain("cannot be opened: check that its directory exists");
  });

  it("is refused while another program holds it", () => {
    const file = temporaryFile();
    using other = new DatabaseSync(file);
    other.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (v); BEGIN IMMEDIATE");
    expect(problemOf(file)).toContain("is locked by another program");
  });

  it("[AP3] holds what memory held, after whatever was written", async () => {
    const file = temporaryFile();
    const shop = openShop({ file });
    await addCards(shop, 5);
    const before = await shop.store.readBoard(shop.shopId, day);
    await shop.store.close();
    const again = openShop({ file });
    expect(await again.store.readBoard(shop.shopId, day)).toEqual(before);
    expect(await column(again, "scheduled")).toHaveLength(5);
  });
});
