import type { createDynamoClient } from "../../src/store/dynamodb/dynamo-client.ts";
import type { TableNames } from "../../src/store/dynamodb/tables.ts";
import type { Store } from "../../src/store/store.ts";

/** What a migration works with. */
export interface MigrationContext {
  client: ReturnType<typeof createDynamoClient>;
  tables: TableNames;
  store: Store;
  shopId: string;
  /** IANA name. */
  shopTimeZone: string;
  /** The present moment. */
  clock: () => Date;
}

/** One numbered change of the stored data. It is never undone, so it must do no harm when it runs again. */
export interface Migration {
  /** Four digits, which say the order. */
  id: string;
  name: string;
  /** Whether releases from before it still work with the data: what a rollback has to know. */
  earlierReleases: "work" | "fail";
  run: (context: MigrationContext) => Promise<void>;
}
