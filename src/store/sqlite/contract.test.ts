import { ulid } from "ulid";
import { storeContract } from "../contract.ts";
import { liveStoreContract } from "../live-contract.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { temporaryFile } from "./testing/open-shop.ts";

storeContract("SQLite", async ({ now }) => ({
  store: openSqliteStore({ file: temporaryFile(), newId: () => ulid(), now }),
}));

storeContract(
  "SQLite that remembers one board only",
  async ({ now }) => ({
    store: openSqliteStore({ file: temporaryFile(), newId: () => ulid(), now, boardsMaxBytes: 0 }),
  }),
  { moves: 500 },
);

liveStoreContract("SQLite", async ({ now }) => {
  const store = openSqliteStore({ file: temporaryFile(), newId: () => ulid(), now });
  return { store, live: store.live, feed: store.feed };
});

liveStoreContract("SQLite that remembers one board only", async ({ now }) => {
  const store = openSqliteStore({ file: temporaryFile(), newId: () => ulid(), now, boardsMaxBytes: 0 });
  return { store, live: store.live, feed: store.feed };
});
