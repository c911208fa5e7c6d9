import type { DatabaseSync } from "node:sqlite";
import { abandon } from "./open-database.ts";

/** A way to do synchronous work in a transaction of its own, which is over within the tick. */
export function transactions(database: DatabaseSync): <T>(work: () => T) => T {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  return (work) => {
    begin.run();
    try {
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      abandon(database);
      throw error;
    }
  };
}
