import { limits } from "@status-board/contracts";
import { ulid } from "ulid";
import { expect, it } from "vitest";
import { devicesContract } from "../../auth/testing/devices-contract.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { openShop, temporaryFile } from "./testing/open-shop.ts";

devicesContract("SQLite", async () => {
  const store = openSqliteStore({ file: temporaryFile(), newId: () => ulid(), now: () => new Date() });
  return { devices: store.devices, sessions: store.sessions, close: () => store.close() };
});

it("[AU1] pruning takes the codes that ended a day ago, and no other", async () => {
  const shop = openShop();
  const { devices, database, prune } = shop.store;
  const ended = (agoMs: number) => new Date(Date.parse(shop.now()) - agoMs).toISOString();
  const code = { hash: "h", shopId: "north", name: "TV", role: "viewer" } as const;
  await devices.putPairing({ ...code, handle: "old", expiresAt: ended(86_400_000) }, shop.now());
  await devices.putPairing({ ...code, handle: "new", expiresAt: ended(86_399_999) }, shop.now());
  await prune();
  expect(database.prepare("SELECT handle, triesLeft FROM pairing").all()).toEqual([
    { handle: "new", triesLeft: limits.pairingMaxTries },
  ]);
});
