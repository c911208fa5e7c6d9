import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { DatabaseProblem } from "./database-problem.ts";
import { migrate, migrations } from "./migrations.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { temporaryFile } from "./testing/open-shop.ts";

const steps = [
  "CREATE TABLE a (value TEXT); INSERT INTO a VALUES ('kept')",
  "ALTER TABLE a ADD COLUMN more TEXT DEFAULT 'new'",
  "CREATE TABLE b (value TEXT)",
];

const versionOf = (database: DatabaseSync) => database.prepare("PRAGMA user_version").get()?.user_version;
const tables = (database: DatabaseSync) =>
  database.prepare("SELECT group_concat(name) AS names FROM sqlite_schema").get()?.names;

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
