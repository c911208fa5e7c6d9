import { copyFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { listBackups } from "./backup-files.ts";
import { DatabaseProblem } from "./database-problem.ts";
import { migrate, migrations } from "./migrations.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { killAtEachStep } from "./testing/killed-at.ts";
import { temporaryFile } from "./testing/open-shop.ts";
import { checkWhole } from "./whole-file.ts";

const steps = [
  "CREATE TABLE a (value TEXT); INSERT INTO a VALUES ('kept')",
  "ALTER TABLE a ADD COLUMN more TEXT DEFAULT 'new'",
  "CREATE TABLE b (value TEXT)",
];

const versionOf = (database: DatabaseSync) => database.prepare("PRAGMA user_version").get()?.user_version;
const tables = (database: DatabaseSync) =>
  database.prepare("SELECT group_concat(name) AS names FROM sqlite_schema").get()?.names;

/** A database of the format before the newest, with a shop in it. */
function writeFormer(file: string): void {
  using database = new DatabaseSync(file);
  migrate(database, file, migrations.slice(0, -1));
  const settings = { name: "North", timeZone: "Europe/Berlin", currency: "EUR", locale: "de-DE", technicians: [] };
  const item = JSON.stringify({ shop: { id: "north", ...settings, version: 1 }, memory: [] });
  database.prepare("INSERT INTO shop (id, carriedThrough, item) VALUES ('north', '2031-03-04', ?)").run(item);
}

describe("migrations", () => {
  for (let older = 0; older <= steps.length; older++)
    it(`brings a database of format ${older} to the newest and keeps what is in it`, () => {
      using database = new DatabaseSync(":memory:");
      migrate(database, "file", steps.slice(0, older));
      expect(versionOf(database)).toBe(older);
      migrate(database, "file", steps);
      expect(versionOf(database)).toBe(steps.length);
      expect({ ...database.prepare("SELECT * FROM a").get() }).toEqual({ value: "kept", more: "new" });
      expect(tables(database)).toBe("a,b");
    });

  it("leaves nothing of a step that fails, and goes on there the next time", () => {
    using database = new DatabaseSync(":memory:");
    const broken = [...steps.slice(0, 1), "CREATE TABLE c (value TEXT); INSERT INTO nowhere VALUES (1)"];
    expect(() => migrate(database, "file", broken)).toThrow("nowhere");
    expect({ version: versionOf(database), tables: tables(database) }).toEqual({ version: 1, tables: "a" });
    migrate(database, "file", steps);
    expect(versionOf(database)).toBe(steps.length);
  });

  it("keep a database as it was before they change it, once, and not a new or a current one", async () => {
    const file = temporaryFile();
    const backups = join(dirname(file), "backups");
    const open = () => openSqliteStore({ file, newId: () => "epoch", now: () => new Date("2031-03-05T02:00:00.000Z") });
    writeFormer(file);
    const store = open();
    expect(store.keptBefore).toBe(join(backups, "board-2031-03-05T02-00-00.000Z-migration.sqlite"));
    await store.close();
    const again = open();
    expect(again.keptBefore).toBeUndefined();
    await again.close();
    expect(readdirSync(backups)).toHaveLength(1);
    using kept = new DatabaseSync(store.keptBefore ?? "");
    expect(versionOf(kept)).toBe(migrations.length - 1);
    expect(kept.prepare("SELECT id FROM shop").get()?.id).toBe("north");
  });

  it("do not begin where the database cannot be kept first, and say so in one line", () => {
    const file = temporaryFile();
    writeFormer(file);
    writeFileSync(join(dirname(file), "backups"), "in the way");
    const open = () => openSqliteStore({ file, newId: () => "epoch", now: () => new Date() });
    expect(open).toThrow(DatabaseProblem);
    expect(open).toThrow("backups is no folder: name one that backups may go into.");
    using database = new DatabaseSync(file);
    expect(versionOf(database)).toBe(migrations.length - 1);
  });

  it("killed between any two steps leave a database that the next start brings to the newest", async () => {
    const former = temporaryFile();
    writeFormer(former);
    const steps = await killAtEachStep(
      "open",
      () => {
        const file = temporaryFile();
        copyFileSync(former, file);
        return [file] as const;
      },
      async ([file], isOver) => {
        for (const { file: backup } of listBackups(join(dirname(file), "backups")))
          expect(checkWhole(backup)).toMatchObject({ format: migrations.length - 1, rows: { shop: 1 } });
        if (isOver) expect(listBackups(join(dirname(file), "backups"))).toHaveLength(1);
        const store = openSqliteStore({ file, newId: () => "epoch", now: () => new Date() });
        expect(versionOf(store.database)).toBe(migrations.length);
        expect(await store.listShops()).toMatchObject([{ id: "north" }]);
        await store.close();
      },
    );
    expect(steps).toBeGreaterThan(8);
  });

  it("refuses a database that a newer program has written, and does not touch it", () => {
    const file = temporaryFile();
    const newer = migrations.length + 1;
    {
      using database = new DatabaseSync(file);
      database.exec(`PRAGMA user_version = ${newer}`);
    }
    const open = () => openSqliteStore({ file, newId: () => "epoch", now: () => new Date() });
    expect(open).toThrow(DatabaseProblem);
    expect(open).toThrow(`newer version of this program (format ${newer}, this one knows ${migrations.length})`);
    using database = new DatabaseSync(file);
    expect({ version: versionOf(database), tables: tables(database) }).toEqual({ version: newer, tables: null });
  });
});
