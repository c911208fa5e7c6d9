import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { addCard, column, create, day, move, newCard, stored, tally } from "../contract/workshop.ts";

import { StoreUnavailable } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { openShop, temporaryFile } from "./testing/open-shop.ts";
import { recorder } from "./testing/publisher.ts";
import { openLog } from "./write-ahead-log.ts";

/** A disk that takes its time: what it is given arrives when the test says so. */
function slowDisk() {
  const underWay: ((error: Error | null) => void)[] = [];
  let isSlow = false;
  let syncs = 0;
  return {
    log: {
      sync: (_isAlone: boolean, done: (error: Error | null) => void) => {
        syncs++;
        if (isSlow) underWay.push(done);
        else setImmediate(done, null);
      },
    },
    slowDown: () => {
      isSlow = true;
      syncs = 0;
      // Where a test fails half way, the store still has to close.
      onTestFinished(() => {
        isSlow = false;
        for (const done of underWay.splice(0)) done(null);
      });
    },
    syncs: () => syncs,
    /** Waits until something is under way, and some turns more, in which whatever does not wait for the disk comes to pass. */
    isWaitedFor: async () => {
      await vi.waitFor(() => expect(underWay).toHaveLength(1));
      for (let turn = 0; turn < 20; turn++) await nextTurn();
    },
    arrive: (error: Error | null = null) => underWay.shift()?.(error),
  };
}

/** Whether a promise is over by now. */
function watch(promise: Promise<unknown>): () => boolean {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  promise.then(end, end);
  return () => isOver;
}

describe("a write that is committed and not yet on the disk", () => {
  it("[MV2] is answered once it is there, and seen by nobody before", async () => {
    const disk = slowDisk();
    const shop = openShop({ log: disk.log });
    const card = await addCard(shop);
    disk.slowDown();
    const moving = move(shop, card, "ready");
    const isAnswered = watch(moving);
    await disk.isWaitedFor();
    const reading = column(shop, "ready");
    const isRead = watch(reading);
    const counting = shop.store.live.fingerprint({ shopId: shop.shopId, date: day });
    const isCounted = watch(counting);
    await nextTurn();
    expect([isAnswered(), isRead(), isCounted()]).toEqual([false, false, false]);
    disk.arrive();
    expect((await moving).kind).toBe("moved");
    expect((await reading).map(({ id }) => id)).toEqual([card.id]);
    expect(await counting).toMatchObject({ cards: 1, versionSum: 2 });
  });

  it("[LV1] is told by the feed once it is there, and once only, also to one that starts meanwhile", async () => {
    const disk = slowDisk();
    const shop = openShop({ log: disk.log });
    const early = await addCard(shop);
    const told = recorder();
    disk.slowDown();
    const moving = move(shop, early, "ready");
    await disk.isWaitedFor();
    shop.store.feed.start(told.handle);
    await told.hasItems(1);
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    expect(told.items()).toHaveLength(1);
    disk.arrive();
    await moving;
    await told.hasItems(2);
    const adding = addCard(shop);
    await disk.isWaitedFor();
    expect(told.items()).toHaveLength(2);
    disk.arrive();
    await adding;
    await told.hasItems(3);
    expect(told.items().map((item) => item.kind === "change" && item.change.position)).toEqual(["1", "2", "3"]);
  });

  it("is followed by one commit of all that came meanwhile", async () => {
    const disk = slowDisk();
    const shop = openShop({ log: disk.log });
    disk.slowDown();
    const first = create(shop, newCard(shop));
    await disk.isWaitedFor();
    const others = Array.from({ length: 9 }, () => create(shop, newCard(shop)));
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    expect(disk.syncs()).toBe(1);
    disk.arrive();
    await first;
    await disk.isWaitedFor();
    disk.arrive();
    expect(await tally(others)).toEqual({ created: 9 });
    expect(disk.syncs()).toBe(2);
  });

  it("goes there without another thread where it is alone, and with one where others wait", async () => {
    const waysThere: boolean[] = [];
    const { log } = slowDisk();
    const shop = openShop({
      log: {
        sync: (isAlone, done) => {
          waysThere.push(isAlone);
          log.sync(isAlone, done);
        },
      },
    });
    await create(shop, newCard(shop));
    await Promise.all([create(shop, newCard(shop)), create(shop, newCard(shop))]);
    expect(waysThere).toEqual([true, false]);
  });

  it("[MV3] goes there together with its neighbours, when another one's fault has parted them", async () => {
    const disk = slowDisk();
    const shop = openShop({ log: disk.log });
    disk.slowDown();
    const fault = new Error("chance failed");
    const random = () => {
      throw fault;
    };
    const results = Promise.allSettled([
      create(shop, newCard(shop)),
      create(shop, newCard(shop), { random }),
      create(shop, newCard(shop)),
    ]);
    await disk.isWaitedFor();
    disk.arrive();
    expect((await results).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(disk.syncs()).toBe(1);
  });

  it("is waited for by a close", async () => {
    const disk = slowDisk();
    const file = temporaryFile();
    const shop = openShop({ file, log: disk.log });
    disk.slowDown();
    const [first, second] = [newCard(shop), newCard(shop)];
    const creating = [create(shop, first)];
    await disk.isWaitedFor();
    creating.push(create(shop, second));
    const closing = shop.store.close();
    const isClosed = watch(closing);
    await nextTurn();
    expect(isClosed()).toBe(false);
    disk.arrive();
    await disk.isWaitedFor();
    disk.arrive();
    await closing;
    expect(await tally(creating)).toEqual({ created: 2 });
    expect((await stored(openShop({ file }), second.id)).card.id).toBe(second.id);
  });
});

describe("a disk that does not take what is committed", () => {
  it("[HT2] makes the store unavailable to all, until it is opened anew under another epoch", async () => {
    const disk = slowDisk();
    const file = temporaryFile();
    const lost: Error[] = [];
    const shop = openShop({ file, log: disk.log, lost: (error) => lost.push(error) });
    const { epoch } = shop.store;
    const card = await addCard(shop);
    disk.slowDown();
    const moving = move(shop, card, "ready");
    const isRefused = expect(moving).rejects.toBeInstanceOf(StoreUnavailable);
    await disk.isWaitedFor();
    const reading = expect(column(shop, "ready")).rejects.toBeInstanceOf(StoreUnavailable);
    const fault = new Error("EIO: i/o error, fdatasync");
    disk.arrive(fault);
    await isRefused;
    await reading;
    expect(lost).toEqual([fault]);
    await expect(move(shop, card, "ready")).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(shop.store.ping()).rejects.toBeInstanceOf(StoreUnavailable);
    await shop.store.close();

    const again = openSqliteStore({ file, newId: () => "another", now: () => new Date(`${day}T09:00:00.000Z`) });
    expect(again.epoch).not.toBe(epoch);
    expect((await again.readAppointment("shop", card.id))?.card.id).toBe(card.id);
    await again.close();
  });

  it.for([true, false])("is heard of: the log's own error comes through (alone: %s)", async (isAlone) => {
    const { database } = openShop().store;
    const log = openLog(database);
    expect(await new Promise((resolve) => log.sync(isAlone, resolve))).toBe(null);
    log.close();
    const fault = await new Promise((resolve) => log.sync(isAlone, resolve));
    expect(fault).toMatchObject({ code: "EBADF", syscall: "fdatasync" });
  });
});
