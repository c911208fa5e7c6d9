import { ulid } from "ulid";
import type { LocalEnvironment } from "../runtime/environment.ts";
import type { Logger } from "../runtime/logger.ts";
import { lockDataDir } from "../store/sqlite/lock-data-dir.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { databaseFileOf } from "./data-files.ts";
import type { OpenedStore } from "./opened-store.ts";

const now = () => new Date();

/**
 * Opens the store that the environment names. Throws what says in one line why it cannot. `onLost` hears that the disk has
 * failed in the middle: what the process then believes of the file may not be so.
 */
export async function openStore(
  environment: LocalEnvironment,
  logger: Logger,
  onLost: () => void = () => {},
): Promise<OpenedStore> {
  const feedFailed = (error: unknown) => logger.warn({ err: error }, "publishing failed and is tried again");
  // The AWS SDK takes longer to load than all the rest together, and SQLite does without.
  if (environment.DATABASE === "dynamodb")
    return (await import("./open-dynamo-store.ts")).openDynamoStore(environment, feedFailed);
  const lock = lockDataDir(environment.DATA_DIR);
  try {
    const file = databaseFileOf(environment);
    const store = openSqliteStore({
      file,
      newId: () => ulid(),
      now,
      feedFailed,
      lost: (error) => {
        logger.fatal({ err: error }, "the disk did not take what was written");
        onLost();
      },
    });
    const { live, feed, sessions, devices, prune, keptBefore } = store;
    if (keptBefore !== undefined) logger.info({ file: keptBefore }, "the format has changed: kept as it was");
    const close = () => store.close().finally(lock.release);
    return { store: { ...store, close }, live, feed, sessions, devices, prune, file };
  } catch (error) {
    lock.release();
    throw error;
  }
}
