import type { Database } from "./database.ts";
import { metaKey } from "./keys.ts";
import { readEpoch } from "./tables.ts";

/** The life of a database, as the board table's meta item names it. */
export interface Epoch {
  /** Read once; a failure is not held. */
  read(): Promise<string>;
  /** Resolves when the table answers and this release knows its schema. */
  check(): Promise<void>;
}

export function epochOf(board: Database): Epoch {
  const readMeta = async () => readEpoch(await board.get(metaKey));
  let known: Promise<string> | undefined;
  return {
    read() {
      known ??= readMeta().catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      return known;
    },
    async check() {
      const found = await readMeta();
      known ??= Promise.resolve(found);
    },
  };
}
