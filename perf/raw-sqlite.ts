import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Slice } from "./load.ts";

/** Rows as many as there are cards on the board that is measured beside this, each the size of one. */
const rows = 100;
const item = "x".repeat(900);

/**
 * Durable transactions that SQLite itself does here, one after the other: a row the size of a card updated, and a row with the card
 * before and after appended, as a move does.
 */
export function openRaw(directory: string): { slice: Slice; close: () => void } {
  const database = new DatabaseSync(join(directory, "raw.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec(
    "CREATE TABLE card (id INTEGER PRIMARY KEY, item TEXT); CREATE TABLE outbox (seq INTEGER PRIMARY KEY, before TEXT, after TEXT)",
  );
  for (let id = 0; id < rows; id++) database.prepare("INSERT INTO card VALUES (?, ?)").run(id, item);
  const begin = database.prepare("BEGIN IMMEDIATE");
  const update = database.prepare("UPDATE card SET item = ? WHERE id = ?");
  const append = database.prepare("INSERT INTO outbox (before, after) VALUES (?, ?)");
  const commit = database.prepare("COMMIT");
  return {
    slice: (seconds) => {
      const latencies: number[] = [];
      const until = performance.now() + seconds * 1000;
      for (let startedAt = performance.now(); startedAt < until; startedAt = performance.now()) {
        begin.run();
        update.run(item, latencies.length % rows);
        append.run(item, item);
        commit.run();
        latencies.push(performance.now() - startedAt);
      }
      return latencies;
    },
    close: () => database.close(),
  };
}
