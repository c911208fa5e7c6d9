import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { addCards, day } from "../contract/workshop.ts";
import { backUp } from "./backup.ts";
import { DatabaseProblem } from "./database-problem.ts";
import { migrations } from "./migrations.ts";
import { restore } from "./restore.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { startChild } from "./testing/child.ts";
import { killAtEachStep } from "./testing/killed-at.ts";
import { openShop, temporaryDirectory, temporaryFile } from "./testing/open-shop.ts";

const now = new Date("2031-03-05T02:00:00.000Z");
const newId = () => "restored";

/** A database of that many cards, closed. */
async function databaseOf(cards: number, file = temporaryFile()): Promise<string> {
  const shop = openShop({ file });
  await addCards(shop, cards);
  await shop.store.close();
  return file;
}

async function backupOf(file: string): Promise<string> {
  const directory = temporaryDirectory();
  return (await backUp({ file, directory, mayMakeDirectory: false, kind: "manual", at: now })).file;
}

/** How many cards the board has, and which life of the database that is. */
async function lookAt(file: string): Promise<{ cards: number; epoch: string }> {
  const store = openSqliteStore({ file, newId: () => "later", now: () => now });
  const { cards, epoch } = await store.readBoard("shop", day);
  await store.close();
  return { cards: cards.length, epoch };
}

const everythingIn = (directory: string) =>
  readdirSync(directory)
    .toSorted()
    .map((name) => [name, readFileSync(join(directory, name), "base64")]);

describe("a restore", () => {
  it("[LV2] takes the place of the database in a new life, and keeps the old one beside it", async () => {
    const file = await databaseOf(3);
    const from = await backupOf(file);
    await databaseOf(4, file);
    const { kept, contents } = restore({ from, file, newId, now });
    expect(contents.rows.appointment).toBe(3);
    using database = new DatabaseSync(file);
    expect(database.prepare("SELECT value FROM meta WHERE key = 'epoch'").get()?.value).toBe("restored");
    database.close();
    expect((await lookAt(file)).cards).toBe(3);
    expect(kept).toBe(`${file}.before-restore-2031-03-05T02-00-00.000Z`);
    expect((await lookAt(kept ?? "")).cards).toBe(7);
    expect(existsSync(from)).toBe(true);
    expect((await lookAt(file)).epoch).not.toBe("");
  });

  it("goes onto a machine that has no database yet", async () => {
    const from = await backupOf(await databaseOf(3));
    const file = join(temporaryDirectory(), "data", "board.sqlite");
    expect(restore({ from, file, newId, now })).not.toHaveProperty("kept");
    expect((await lookAt(file)).cards).toBe(3);
  });

  it("[AU2] signs nobody in", async () => {
    const shop = openShop();
    const file = shop.store.database.location() ?? "";
    const principal = { shopId: "shop", user: { id: "a", name: "A" }, role: "manager" as const };
    await shop.store.sessions.putSession("hash", principal, "2099-01-01T00:00:00.000Z");
    await shop.store.close();
    const from = await backupOf(file);
    restore({ from, file, newId, now });
    using database = new DatabaseSync(file);
    expect(database.prepare("SELECT count(*) AS sessions FROM session").get()?.sessions).toBe(0);
  });

  it("takes the writes along that only the log of a copy holds", async () => {
    const shop = openShop();
    const live = shop.store.database.location() ?? "";
    await addCards(shop, 6);
    const from = join(temporaryDirectory(), "copy.sqlite");
    for (const suffix of ["", "-wal"]) copyFileSync(live + suffix, from + suffix);
    const file = temporaryFile();
    restore({ from, file, newId, now });
    expect((await lookAt(file)).cards).toBe(6);
  });

  it("[MV2] of a copy whose log was torn has a whole database up to some write, wherever it was torn", async () => {
    const shop = openShop();
    const live = shop.store.database.location() ?? "";
    await addCards(shop, 6);
    const log = readFileSync(`${live}-wal`);
    const database = readFileSync(live);
    const found: number[] = [];
    for (let part = 0; part <= 24; part++) {
      const from = join(temporaryDirectory(), "copy.sqlite");
      writeFileSync(from, database);
      writeFileSync(`${from}-wal`, log.subarray(0, Math.floor((log.length * part) / 24)));
      const file = temporaryFile();
      try {
        restore({ from, file, newId, now });
        found.push((await lookAt(file)).cards);
      } catch (error) {
        // Torn so early that there is no table yet.
        expect(error).toBeInstanceOf(DatabaseProblem);
        expect(found.every((cards) => cards === 0)).toBe(true);
      }
    }
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(found.at(-1)).toBe(6);
    expect(new Set(found).size).toBeGreaterThan(2);
  });

  it("brings the writes of an old database's log to the copy that is kept", async () => {
    const file = temporaryFile();
    const child = startChild("storm.ts", file);
    let answers = 0;
    for await (const _line of child.lines) if (++answers === 100) await child.kill();
    expect(existsSync(`${file}-wal`)).toBe(true);
    const from = await backupOf(await databaseOf(3));
    const { kept } = restore({ from, file, newId, now });
    expect((await lookAt(kept ?? "")).cards).toBe(8);
    expect((await lookAt(file)).cards).toBe(3);
  });

  it("takes the place of a database that is damaged, whose log does not get into the new one", async () => {
    const file = temporaryFile();
    const shop = openShop({ file });
    await addCards(shop, 5);
    const log = readFileSync(`${file}-wal`).fill(0, 100, 8_000);
    await shop.store.close();
    writeFileSync(file, "no database any more".repeat(500));
    writeFileSync(`${file}-wal`, log);
    const from = await backupOf(await databaseOf(3));
    const { kept = "" } = restore({ from, file, newId, now });
    expect((await lookAt(file)).cards).toBe(3);
    expect(readFileSync(kept, "utf8")).toContain("no database any more");
    expect(readFileSync(`${kept}-wal`).equals(log)).toBe(true);
  });

  it("killed between any two steps leaves the old database or the new one, and a second one goes through", async () => {
    const old = await databaseOf(2);
    const from = await backupOf(await databaseOf(3));
    const steps = await killAtEachStep(
      "restore",
      () => {
        const file = temporaryFile();
        copyFileSync(old, file);
        return [file, from] as const;
      },
      async ([file], isOver) => {
        const { cards } = await lookAt(file);
        expect(isOver ? [3] : [2, 3]).toContain(cards);
        restore({ from, file, newId, now: new Date(now.getTime() + 1) });
        expect((await lookAt(file)).cards).toBe(3);
        expect(readdirSync(dirname(file)).filter((name) => name.includes("restoring"))).toEqual([]);
      },
    );
    expect(steps).toBeGreaterThan(12);
  });
});

describe("a restore that is refused", () => {
  /** The one line that says why, after which nothing has changed. */
  async function refusalOf(prepare: (from: string) => void): Promise<string> {
    const file = await databaseOf(2);
    const from = join(temporaryDirectory(), "from.sqlite");
    copyFileSync(await backupOf(await databaseOf(20)), from);
    prepare(from);
    const before = everythingIn(dirname(file));
    let message = "";
    try {
      restore({ from, file, newId, now });
    } catch (error) {
      expect(error).toBeInstanceOf(DatabaseProblem);
      message = error instanceof Error ? error.message : "";
    }
    expect(message).not.toContain("\n");
    expect(everythingIn(dirname(file))).toEqual(before);
    expect((await lookAt(file)).cards).toBe(2);
    return message.replace(from, basename(from));
  }

  const refusals: [title: string, prepare: (from: string) => void, message: RegExp][] = [
    ["an empty file", (from) => writeFileSync(from, ""), /^from\.sqlite is empty/],
    ["a text", (from) => writeFileSync(from, "Dear Maria, ".repeat(99)), /^from\.sqlite is not a database/],
    ["a file shorter than a header", (from) => writeFileSync(from, "SQLite format 3\0"), /^from\.sqlite is not a data/],
    ["a file torn in its last page", (from) => truncateSync(from, readFileSync(from).length - 1_000), /is damaged/],
    ["a file torn at a page's end", (from) => truncateSync(from, 4_096 * 10), /^from\.sqlite is damaged/],
    [
      "a file with a page of zeros",
      (from) => {
        const bytes = readFileSync(from);
        writeFileSync(from, bytes.fill(0, bytes.length - 8_192, bytes.length - 4_096));
      },
      /^from\.sqlite is damaged/,
    ],
    [
      "some other program's database",
      (from) => {
        writeFileSync(from, "");
        using foreign = new DatabaseSync(from);
        foreign.exec("CREATE TABLE song (title TEXT); PRAGMA user_version = 7");
      },
      /^from\.sqlite is a database of some other program/,
    ],
    [
      "a newer version's database",
      (from) => {
        using newer = new DatabaseSync(from);
        newer.exec(`PRAGMA user_version = ${migrations.length + 1}`);
      },
      /^from\.sqlite was written by a newer version of this program/,
    ],
  ];
  for (const [title, prepare, message] of refusals)
    it(`names ${title}, and nothing has changed`, async () => {
      expect(await refusalOf(prepare)).toMatch(message);
    });

  it("names a file that is not there, a folder, and the database itself", async () => {
    const file = await databaseOf(2);
    const nowhere = join(dirname(file), "nowhere.sqlite");
    const tryFrom = (from: string) => () => restore({ from, file, newId, now });
    expect(tryFrom(nowhere)).toThrow(`${nowhere} does not exist: name a backup.`);
    expect(tryFrom(dirname(file))).toThrow("is no file: name a backup.");
    expect(tryFrom(file)).toThrow("is the database itself");
    expect((await lookAt(file)).cards).toBe(2);
  });
});
