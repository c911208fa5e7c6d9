import { join } from "node:path";
import { ulid } from "ulid";
import type { LocalEnvironment } from "../runtime/environment.ts";
import type { Logger } from "../runtime/logger.ts";
import { lockDataDir } from "../store/sqlite/lock-data-dir.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { OpenedStore } from "./opened-store.ts";

const now = () => new Date();

/** Opens the store that the environment names. Throws what says in one line why it cannot. */
export async function openStore(environment: LocalEnvironment, logger: Logger): Promise<OpenedStore> {
  const feedFailed = (error: unknown) => logger.warn({ err: error }, "publishing failed and is tried again");
  // The AWS SDK takes longer to load than all the rest together, and SQLite does without.
  if (environment.DATABASE === "dynamodb")
    return (await import("./open-dynamo-store.ts")).openDynamoStore(environment, feedFailed);
  const lock = lockDataDir(environment.DATA_DIR);
  try {
    const store = openSqliteStore({
      file: join(environment.DATA_DIR, "board.sqlite"),
      newId: () => ulid(),
      now,
      feedFailed,
    });
    const { live, feed, sessions, devices, prune } = store;
    const close = () => store.close().finally(lock.release);
    return { store: { ...store, close }, live, feed, sessions, devices, prune };
  } catch (error) {
    lock.release();
    throw error;
  }
}
