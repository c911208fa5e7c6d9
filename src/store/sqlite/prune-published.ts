import type { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { read } from "./read.ts";

/** Rows deleted in one tick; more would keep the event loop from everything else. */
const rowsAtOnce = 200;

/**
 * Prepares what deletes the change entries that have expired, and then those rows of the outbox that nobody needs any more: they are
 * handled, and older than all that a change entry tells of.
 */
export function preparePruning(database: DatabaseSync): (now: string) => Promise<void> {
  const entries = database.prepare(
    `DELETE FROM change WHERE (shop, date, rev) IN
       (SELECT shop, date, rev FROM change WHERE expiresAt <= ? ORDER BY expiresAt LIMIT ${rowsAtOnce})`,
  );
  const outbox = database.prepare(
    `DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox
       WHERE seq <= (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'published')
         AND seq < coalesce((SELECT min(firstSeq) FROM change WHERE firstSeq IS NOT NULL), 9e18)
       ORDER BY seq LIMIT ${rowsAtOnce})`,
  );
  return async (now) => {
    while (await read(() => entries.run(now).changes === rowsAtOnce)) await nextTurn();
    while (await read(() => outbox.run().changes === rowsAtOnce)) await nextTurn();
  };
}
