import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Durable transactions a second that SQLite itself does here, one after the other: a row the size of a card updated, and
 * a row with the card before and after appended, as a move does.
 */
export function rawTransactionsPerSecond(directory: string, seconds: number): number {
  const database = new DatabaseSync(join(directory, "raw.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec(
    "CREATE TABLE card (id INTEGER PRIMARY KEY, item TEXT); CREATE TABLE outbox (seq INTEGER PRIMARY KEY, before TEXT, after TEXT)",
  );
  const item = "x".repeat(900);
  for (let id = 0; id < 100; id++) database.prepare("INSERT INTO card VALUES (?, ?)").run(id, item);
  const begin = database.prepare("BEGIN IMMEDIATE");
  const update = database.prepare("UPDATE card SET item = ? WHERE id = ?");
  const append = database.prepare("INSERT INTO outbox (before, after) VALUES (?, ?)");
  const commit = database.prepare("COMMIT");
  const until = performance.now() + seconds * 1000;
  let count = 0;
  for (; performance.now() < until; count++) {
    begin.run();
    update.run(item, count % 100);
    append.run(item, item);
    commit.run();
  }
  database.close();
  return count / seconds;
}
