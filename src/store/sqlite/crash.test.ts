import { describe, expect, it } from "vitest";
import { startChild } from "./testing/child.ts";
import { openShop, temporaryFile } from "./testing/open-shop.ts";

/** Enough that several groups of writes are behind it and one is under way. */
const answersBeforeKill = 500;

describe("a process killed in a storm of writes", () => {
  it("[MV2] has every write that was answered", async () => {
    const file = temporaryFile();
    const child = startChild("storm.ts", file);
    const answered = new Map<string, number>();
    let answers = 0;
    for await (const line of child.lines) {
      const [id = "", version] = line.split(" ");
      answered.set(id, Number(version));
      if (++answers === answersBeforeKill) await child.kill();
    }
    expect(answers).toBeGreaterThanOrEqual(answersBeforeKill);

    const shop = openShop({ file });
    const { database } = shop.store;
    expect(database.prepare("PRAGMA integrity_check").get()?.integrity_check).toBe("ok");
    const told = database.prepare("SELECT count(*) AS times FROM outbox WHERE id = ?");
    for (const [id, version] of answered) {
      const card = (await shop.store.readAppointment(shop.shopId, id))?.card;
      expect(card?.version).toBeGreaterThanOrEqual(version);
      expect(told.get(id)?.times).toBe(card?.version);
    }
  });
});
