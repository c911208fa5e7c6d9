import type { DatabaseSync } from "node:sqlite";
import { DatabaseProblem } from "./database-problem.ts";
import { integer } from "./rows.ts";

/**
 * Every step that the file's format has taken; `PRAGMA user_version` counts those that a file has behind it. A step
 * that has been released is never edited: a change is a new step at the end.
 *
 * `item` and `after` are whole domain objects in JSON, `before` is what the history needs of the former one. The other columns repeat what SQL must find or sort by.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE shop (id TEXT PRIMARY KEY, item TEXT NOT NULL) STRICT;

  CREATE TABLE appointment (
    shop TEXT NOT NULL,
    date TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    rank TEXT NOT NULL,
    expiresAt TEXT,
    item TEXT NOT NULL,
    PRIMARY KEY (shop, date, id)
  ) STRICT;
  CREATE INDEX tombstone ON appointment (expiresAt) WHERE expiresAt IS NOT NULL;

  CREATE TABLE pointer (
    shop TEXT NOT NULL,
    id TEXT NOT NULL,
    date TEXT NOT NULL,
    hash TEXT NOT NULL,
    removed INTEGER NOT NULL,
    PRIMARY KEY (shop, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE service (
    shop TEXT NOT NULL,
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    removedUntil TEXT,
    item TEXT NOT NULL,
    PRIMARY KEY (shop, id)
  ) STRICT;
  CREATE UNIQUE INDEX serviceCode ON service (shop, code) WHERE removedUntil IS NULL;
  CREATE INDEX removedService ON service (shop, code, removedUntil) WHERE removedUntil IS NOT NULL;

  CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    shop TEXT NOT NULL,
    date TEXT NOT NULL,
    id TEXT NOT NULL,
    before TEXT,
    after TEXT,
    at TEXT NOT NULL
  ) STRICT;
  `,

  // A shop from before the carry-over was known starts where its cards do, or the day before yesterday at the latest:
  // whichever zone it is in, that day is over there.
  `
  ALTER TABLE shop ADD COLUMN carriedThrough TEXT NOT NULL DEFAULT '';
  UPDATE shop SET carriedThrough = min(
    date('now', '-2 days'),
    coalesce((SELECT date(min(date), '-1 day') FROM appointment WHERE shop = shop.id), '9999')
  );
  `,

  // What was published: a change entry names the outbox rows that it tells of, or none when it is a reset.
  `
  CREATE TABLE head (
    shop TEXT NOT NULL,
    date TEXT NOT NULL,
    rev INTEGER NOT NULL,
    PRIMARY KEY (shop, date)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE change (
    shop TEXT NOT NULL,
    date TEXT NOT NULL,
    rev INTEGER NOT NULL,
    at TEXT NOT NULL,
    expiresAt TEXT NOT NULL,
    seqs TEXT,
    firstSeq INTEGER,
    PRIMARY KEY (shop, date, rev)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX changeExpiry ON change (expiresAt);
  CREATE INDEX changeFirstSeq ON change (firstSeq) WHERE firstSeq IS NOT NULL;

  CREATE TABLE history (
    shop TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (shop, id, version)
  ) STRICT, WITHOUT ROWID;
  `,

  // Who is signed in, by the hash of the cookie's token.
  `
  CREATE TABLE session (hash TEXT PRIMARY KEY, expiresAt TEXT NOT NULL, principal TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX sessionExpiry ON session (expiresAt);
  `,

  // A paired device is a session that its shop can list, and the code by which it came in.
  `
  ALTER TABLE session ADD COLUMN shop TEXT;
  ALTER TABLE session ADD COLUMN device TEXT;
  ALTER TABLE session ADD COLUMN pairedAt TEXT;
  ALTER TABLE session ADD COLUMN lastSeenAt TEXT;
  CREATE UNIQUE INDEX device ON session (shop, device) WHERE device IS NOT NULL;

  CREATE TABLE pairing (
    handle TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    shop TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    expiresAt TEXT NOT NULL,
    triesLeft INTEGER NOT NULL,
    isUsed INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,

  // A write commits its row of the outbox, whose number the program gives, and the table of appointments follows: all
  // rows up to the mark are in it.
  `
  CREATE TABLE newOutbox (
    seq INTEGER PRIMARY KEY,
    shop TEXT NOT NULL,
    date TEXT NOT NULL,
    id TEXT NOT NULL,
    before TEXT,
    after TEXT,
    at TEXT NOT NULL
  ) STRICT;
  REPLACE INTO meta SELECT 'applied', max(
    coalesce((SELECT max(seq) FROM outbox), 0),
    coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'published'), 0)
  );
  INSERT INTO newOutbox SELECT seq, shop, date, id, before, after, at FROM outbox;
  DROP TABLE outbox;
  ALTER TABLE newOutbox RENAME TO outbox;
  `,
];

const formatOf = (database: DatabaseSync): number =>
  integer(database.prepare("PRAGMA user_version").get()?.user_version);

/** True for a database that holds something, in a format that {@link migrate} would change. */
export function isOlder(database: DatabaseSync): boolean {
  const format = formatOf(database);
  return format > 0 && format < migrations.length;
}

/** Brings a file to the newest format, a transaction for each step, so that a start cut off goes on where it stopped. */
export function migrate(database: DatabaseSync, file: string, steps = migrations): void {
  const version = formatOf(database);
  if (version > steps.length)
    throw new DatabaseProblem(
      `${file} was written by a newer version of this program (format ${version}, this one knows ${steps.length}): start that version.`,
    );
  steps.slice(version).forEach((step, index) => {
    applyStep(database, step, version + index + 1);
  });
}

function applyStep(database: DatabaseSync, step: string, version: number): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    database.exec(step);
    database.exec(`PRAGMA user_version = ${version}; COMMIT`);
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
