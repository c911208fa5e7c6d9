import { describe, expect, it } from "vitest";
import { addDays, localDay } from "../domain/time.ts";
import type { Store } from "../store/store.ts";
import { columnIds, read } from "../testing/cards.ts";
import { addCarIn, openSqliteNight, placesOf } from "./testing/night.ts";

/** The last moment before a shop's midnight, and the first after it. */
const midnights: [why: string, timeZone: string, last: string, first: string, day: string][] = [
  ["farthest east", "Pacific/Kiritimati", "2031-03-03T09:59:59.999Z", "2031-03-03T10:00:00.000Z", "2031-03-03"],
  ["far west", "Pacific/Honolulu", "2031-03-04T09:59:59.999Z", "2031-03-04T10:00:00.000Z", "2031-03-03"],
  ["a quarter of an hour off", "Asia/Kathmandu", "2031-03-03T18:14:59.999Z", "2031-03-03T18:15:00.000Z", "2031-03-03"],
  ["after a short day", "Europe/Berlin", "2031-03-30T21:59:59.999Z", "2031-03-30T22:00:00.000Z", "2031-03-30"],
  ["after a long day", "Europe/Berlin", "2031-10-26T22:59:59.999Z", "2031-10-26T23:00:00.000Z", "2031-10-26"],
  [
    "there is none: 24:00 is 1:00",
    "America/Santiago",
    "2031-09-07T03:59:59.999Z",
    "2031-09-07T04:00:00.000Z",
    "2031-09-06",
  ],
  ["there is none: 0:00 is 1:00", "Asia/Beirut", "2031-03-29T21:59:59.999Z", "2031-03-29T22:00:00.000Z", "2031-03-29"],
  [
    "at 24:00 it is 23:00 again",
    "America/Santiago",
    "2031-04-06T03:59:59.999Z",
    "2031-04-06T04:00:00.000Z",
    "2031-04-05",
  ],
  ["at 0:00 it is 23:00 again", "Asia/Beirut", "2031-10-25T21:59:59.999Z", "2031-10-25T22:00:00.000Z", "2031-10-25"],
  ["it comes twice", "America/Havana", "2031-11-02T03:59:59.999Z", "2031-11-02T04:00:00.000Z", "2031-11-01"],
  ["the turn of the year", "Europe/Berlin", "2031-12-31T22:59:59.999Z", "2031-12-31T23:00:00.000Z", "2031-12-31"],
  ["a leap day", "UTC", "2032-02-29T23:59:59.999Z", "2032-03-01T00:00:00.000Z", "2032-02-29"],
];

describe("midnight", () => {
  it.each(midnights)("[CA5] is the shop's own: %s (%s)", async (_why, timeZone, last, first, day) => {
    const night = await openSqliteNight();
    const noon = `${day}T12:00:00.000Z`;
    const start = [-1, 0, 1].map((days) => addDays(noon.slice(0, 10), days) + noon.slice(10));
    const onDay = start.find((instant) => localDay(instant, timeZone) === day) ?? "";
    night.setClock(last);
    const api = await night.addShop("garage", timeZone, addDays(day, -1));
    const { id } = await addCarIn(api, "ready", onDay);
    expect(await night.carryOver()).toBe(0);
    night.setClock(first);
    expect(await night.carryOver()).toBe(1);
    const next = addDays(day, 1);
    expect(await placesOf(api, id, [day, next, addDays(next, 1)])).toEqual([`${day} removed`, `${next} ready`]);
    // Through the rest of the night, hour by hour, with every change of the clocks, nothing more happens.
    for (let hour = 1; hour <= 20; hour++) {
      night.setClock(new Date(Date.parse(first) + hour * 3_600_000).toISOString());
      expect(await night.carryOver()).toBe(0);
    }
    expect(await read(api, { id })).toMatchObject({ date: next, carriedFrom: day });
  });

  it("[CA5] comes to each shop at its own time", async () => {
    const night = await openSqliteNight();
    const zones = ["Pacific/Kiritimati", "Asia/Kathmandu", "Europe/Berlin", "America/New_York", "Pacific/Honolulu"];
    night.setClock("2031-03-03T09:00:00.000Z");
    const shops = [];
    for (const timeZone of zones) {
      const today = localDay("2031-03-03T09:00:00.000Z", timeZone);
      const api = await night.addShop(`shop-${shops.length}`, timeZone, addDays(today, -1));
      shops.push({ api, timeZone, card: await addCarIn(api, "in_progress", "2031-03-03T09:00:00.000Z") });
    }
    const counts = [];
    for (let hour = 10; hour <= 34; hour++) {
      night.setClock(new Date(Date.parse("2031-03-03T00:00:00.000Z") + hour * 3_600_000).toISOString());
      counts.push(await night.carryOver());
      for (const { api, timeZone, card } of shops)
        expect((await read(api, card)).date).toBe(localDay(night.clock().toISOString(), timeZone));
    }
    // It is midnight in Kiritimati and Honolulu at once, at the beginning and again at the end.
    expect(counts.reduce((sum, count) => sum + count)).toBe(zones.length + 2);
  });
});

describe("days without a run", () => {
  it("[CA5] are worked through one after the other, and a car keeps its first day", async () => {
    const night = await openSqliteNight();
    night.setClock("2031-03-03T08:00:00.000Z");
    const api = await night.addShop("garage", "Europe/Berlin", "2031-03-02");
    const days = ["2031-03-03", "2031-03-05", "2031-03-09"];
    const cards = [];
    for (const day of days) cards.push(await addCarIn(api, "in_progress", `${day}T09:00:00.000Z`));
    const ahead = await addCarIn(api, "ready", "2031-03-12T09:00:00.000Z");
    night.setClock("2031-03-04T08:00:00.000Z");
    expect(await night.carryOver()).toBe(1);
    const finished: string[] = [];
    const counting: Store = {
      ...night.store,
      finishDay: async (shopId, day) => {
        if (shopId === "garage") finished.push(day);
        return night.store.finishDay(shopId, day);
      },
    };
    night.setClock("2031-03-11T08:00:00.000Z");
    expect(await night.carryOver(counting)).toBe(3);
    expect(finished).toEqual(Array.from({ length: 7 }, (_, index) => addDays("2031-03-04", index)));
    expect(await columnIds(api, "in_progress", "2031-03-11")).toEqual(cards.map(({ id }) => id));
    for (const [index, card] of cards.entries())
      expect(await read(api, card)).toMatchObject({
        date: "2031-03-11",
        start: card.start,
        carriedFrom: days[index],
        // The first was carried twice: the night before the machine went off, and now.
        version: card.version + (index === 0 ? 2 : 1),
      });
    expect(await read(api, ahead)).toEqual(ahead);
    expect(await night.carriedThrough("garage")).toBe("2031-03-10");
  });

  it("[CA5] go on with a day once begun, whatever the clock says when midnight passes during the work", async () => {
    const night = await openSqliteNight();
    night.setClock("2031-03-03T08:00:00.000Z");
    const api = await night.addShop("garage", "Europe/Berlin", "2031-03-02");
    const cards = [
      await addCarIn(api, "ready", "2031-03-03T09:00:00.000Z"),
      await addCarIn(api, "ready", "2031-03-03T09:00:00.000Z"),
    ];
    night.setClock("2031-03-04T22:59:59.999Z");
    const slow = night.elsewhere(async () => night.setClock("2031-03-04T23:00:00.000Z"));
    expect(await night.carryOver(slow)).toBe(2);
    expect(await columnIds(api, "ready", "2031-03-04")).toEqual(cards.map(({ id }) => id));
    expect(await night.carryOver()).toBe(2);
    expect(await columnIds(api, "ready", "2031-03-05")).toEqual(cards.map(({ id }) => id));
    for (const card of cards) expect(await read(api, card)).toMatchObject({ carriedFrom: "2031-03-03" });
  });

  it("[CA5] do nothing when the clock is set back", async () => {
    const night = await openSqliteNight();
    night.setClock("2031-03-03T08:00:00.000Z");
    const api = await night.addShop("garage", "Europe/Berlin", "2031-03-02");
    const { id } = await addCarIn(api, "ready", "2031-03-03T09:00:00.000Z");
    night.setClock("2031-03-04T08:00:00.000Z");
    await night.carryOver();
    night.setClock("2031-03-01T08:00:00.000Z");
    expect(await night.carryOver()).toBe(0);
    expect([(await read(api, { id })).date, await night.carriedThrough("garage")]).toEqual([
      "2031-03-04",
      "2031-03-03",
    ]);
  });

  it("[CA5] are none for a shop made today, even with cars on past days", async () => {
    const night = await openSqliteNight();
    night.setClock("2031-03-03T08:00:00.000Z");
    const api = await night.addShop("garage", "Europe/Berlin", "2031-03-02");
    const past = await addCarIn(api, "ready", "2031-03-01T09:00:00.000Z");
    expect(await night.carryOver()).toBe(0);
    expect(await read(api, past)).toEqual(past);
    expect(await night.carriedThrough("garage")).toBe("2031-03-02");
  });
});

describe("what else stands in the way", () => {
  it("[CA5] one shop whose cars cannot be carried keeps no other shop from it, and is named as failed", async () => {
    const night = await openSqliteNight();
    night.setClock("2031-03-03T08:00:00.000Z");
    const first = await night.addShop("a-broken", "Europe/Berlin", "2031-03-02");
    const second = await night.addShop("b-good", "Europe/Berlin", "2031-03-02");
    const start = "2031-03-03T09:00:00.000Z";
    const [stuck, card] = [await addCarIn(first, "ready", start), await addCarIn(second, "ready", start)];
    night.setClock("2031-03-04T08:00:00.000Z");
    const failing: Store = {
      ...night.store,
      readBoard: (shopId, day) =>
        shopId === "a-broken" ? Promise.reject(new Error("unreadable")) : night.store.readBoard(shopId, day),
    };
    const message = expect.stringContaining("a-broken");
    const errors = [expect.objectContaining({ message: "unreadable" })];
    await expect(night.carryOver(failing)).rejects.toMatchObject({ message, errors });
    expect((await read(second, card)).date).toBe("2031-03-04");
    expect((await read(first, stuck)).date).toBe("2031-03-03");
    expect(await night.carryOver()).toBe(1);
    expect((await read(first, stuck)).date).toBe("2031-03-04");
  });

  it("[CA5] cards that stay cost no write of their own", async () => {
    const night = await openSqliteNight();
    night.setClock("2031-03-03T08:00:00.000Z");
    const api = await night.addShop("garage", "Europe/Berlin", "2031-03-02");
    for (const status of ["scheduled", "completed", "no_show", "ready"] as const)
      await addCarIn(api, status, "2031-03-03T09:00:00.000Z");
    night.setClock("2031-03-04T08:00:00.000Z");
    let asked = 0;
    const counting = night.elsewhere(async () => asked++);
    expect(await night.carryOver(counting)).toBe(1);
    expect(asked).toBe(1);
  });
});
