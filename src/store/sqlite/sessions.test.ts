import { ulid } from "ulid";
import { expect, it } from "vitest";
import type { Principal } from "../../auth/principal.ts";
import { sessionsContract } from "../../auth/testing/sessions-contract.ts";
import { StoreUnavailable } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { openShop, temporaryFile } from "./testing/open-shop.ts";

const ana: Principal = { shopId: "north", user: { id: "ana", name: "Ana" }, role: "advisor" };

sessionsContract("SQLite", async () => {
  const store = openSqliteStore({ file: temporaryFile(), newId: () => ulid(), now: () => new Date() });
  return { store: store.sessions, close: () => store.close() };
});

it("[AU2] a session outlives the process", async () => {
  const options = { file: temporaryFile(), newId: () => ulid(), now: () => new Date() };
  const first = openSqliteStore(options);
  await first.sessions.putSession("h", ana, "2099-01-01T00:00:00.000Z");
  await first.close();
  const second = openSqliteStore(options);
  expect(await second.sessions.findSession("h", new Date().toISOString())).toMatchObject(ana);
  await second.close();
});

it("[AU2] a session that was just looked up is gone with its end, its expiry and its pruning", async () => {
  const shop = openShop();
  const { sessions, prune } = shop.store;
  const in1Minute = new Date(Date.parse(shop.now()) + 60_000).toISOString();
  for (const hash of ["ended", "over"]) {
    await sessions.putSession(hash, ana, in1Minute);
    expect(await sessions.findSession(hash, shop.now())).toMatchObject(ana);
  }
  await sessions.endSession("ended");
  expect(await sessions.findSession("ended", shop.now())).toBeUndefined();
  expect(await sessions.findSession("over", shop.now())).toMatchObject(ana);
  expect(await sessions.findSession("over", in1Minute)).toBeUndefined();
  shop.advance(60_000);
  await prune();
  expect(await sessions.findSession("over", new Date(0).toISOString())).toBeUndefined();
});

it("[AU2] pruning takes the sessions that are over, and no other", async () => {
  const shop = openShop();
  const { sessions, database, prune } = shop.store;
  const in1Minute = new Date(Date.parse(shop.now()) + 60_000).toISOString();
  await sessions.putSession("over", ana, shop.now());
  await sessions.putSession("soon", ana, in1Minute);
  await prune();
  expect(database.prepare("SELECT hash FROM session").all()).toEqual([{ hash: "soon" }]);
  expect(await sessions.findSession("soon", shop.now())).toMatchObject(ana);
});

it("[HT2] sessions are unavailable while the file cannot be written or read", async () => {
  const { sessions, database } = openShop().store;
  await sessions.putSession("h", ana, "2099-01-01T00:00:00.000Z");
  database.exec("PRAGMA query_only = ON");
  await expect(sessions.putSession("i", ana, "2099-01-01T00:00:00.000Z")).rejects.toThrow(StoreUnavailable);
  await expect(sessions.endSession("h")).rejects.toThrow(StoreUnavailable);
  database.exec("PRAGMA query_only = OFF");
  expect(await sessions.findSession("h", "2031-03-03T08:00:00.000Z")).toMatchObject(ana);
});
