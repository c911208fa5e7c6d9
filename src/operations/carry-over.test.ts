import { type Appointment, statuses } from "@status-board/contracts";
import { ulid } from "ulid";
import { describe, expect, it } from "vitest";
import { type Store, StoreUnavailable } from "../store/store.ts";
import type { Api } from "../testing/api.ts";
import { columnIds, edit, move, read } from "../testing/cards.ts";
import { addCarIn, type Night, openDynamoNight, openSqliteNight, placesOf } from "./testing/night.ts";

const yesterday = "2031-03-03";
const today = "2031-03-04";
const tomorrow = "2031-03-05";
const morning = `${yesterday}T09:00:00.000Z`;
const justBeforeMidnight = `${yesterday}T22:59:59.999Z`;
const midnight = `${yesterday}T23:00:00.000Z`;
const system = { id: "system", name: "system" };

/** Opens a shop in Berlin that has nothing to carry from before yesterday, in yesterday's morning. */
async function openShop(open: () => Promise<Night>): Promise<{ night: Night; api: Api }> {
  const night = await open();
  night.setClock(`${yesterday}T08:00:00.000Z`);
  return { night, api: await night.addShop("garage", "Europe/Berlin", "2031-03-02") };
}

/** The store until so many writes were made, of a process that then ends. */
function cutOffAfter(store: Store, writes: number): Store {
  let left = writes;
  const count = () => {
    if (left-- === 0) throw new StoreUnavailable("the process has ended");
  };
  return {
    ...store,
    changeAppointment: async (change) => {
      count();
      return store.changeAppointment(change);
    },
    finishDay: async (...day) => {
      count();
      return store.finishDay(...day);
    },
  };
}

/** Does something once, however often it is called. */
function once(work: () => Promise<unknown>): () => Promise<unknown> {
  let done: Promise<unknown> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

const undo = (api: Api, { id, version }: Appointment, mutationId: string) =>
  api.ok("undoMove", { id, body: { mutationId, expectedVersion: version } });

describe.each([
  ["SQLite", openSqliteNight],
  ["DynamoDB", openDynamoNight],
])("the carry-over on %s", (_database, open) => {
  it("[CA5] brings cars back from a day that the clock was ahead, and goes on night by night from there", async () => {
    const { night, api } = await openShop(open);
    const [staying, older, booked] = [
      await addCarIn(api, "in_progress", morning),
      await addCarIn(api, "ready", morning),
      await addCarIn(api, "in_progress", "2031-03-11T09:00:00.000Z"),
    ];
    night.setClock(midnight);
    expect(await night.carryOver()).toBe(2);
    const begun = await addCarIn(api, "in_progress", `${today}T09:00:00.000Z`);
    // Somebody sets the calendar a week ahead, and the next morning back.
    night.setClock("2031-03-11T08:00:00.000Z");
    expect(await night.carryOver()).toBe(3);
    expect((await read(api, staying)).date).toBe("2031-03-11");
    night.setClock(`${today}T12:00:00.000Z`);
    expect(await night.carryOver()).toBe(3);
    expect(await night.carryOver()).toBe(0);
    expect(await read(api, staying)).toMatchObject({ date: today, carriedFrom: yesterday, status: "in_progress" });
    expect(await read(api, older)).toMatchObject({ date: today, carriedFrom: yesterday, status: "ready" });
    expect((await read(api, begun)).date).toBe(today);
    expect(await read(api, begun)).not.toHaveProperty("carriedFrom");
    expect((await read(api, booked)).date).toBe("2031-03-11");
    night.setClock(`${tomorrow}T08:00:00.000Z`);
    expect(await night.carryOver()).toBe(3);
    expect(await read(api, begun)).toMatchObject({ date: tomorrow, carriedFrom: today });
    // On the day that was shown too early, everything is as ever.
    night.setClock("2031-03-12T08:00:00.000Z");
    expect(await night.carryOver()).toBe(4);
    expect((await read(api, staying)).date).toBe("2031-03-12");
    expect(await night.carriedThrough("garage")).toBe("2031-03-11");
  });

  it("[CA5] brings what is in progress or ready to today's board, and leaves the rest", async () => {
    const { night, api } = await openShop(open);
    const cards = new Map<string, Appointment>();
    for (const status of statuses) cards.set(status, await addCarIn(api, status, morning));
    night.setClock(justBeforeMidnight);
    expect(await night.carryOver()).toBe(0);
    night.setClock(midnight);
    expect(await night.carryOver()).toBe(2);
    for (const [status, card] of cards) {
      const isCarried = status === "in_progress" || status === "ready";
      const after = await read(api, card);
      const change = {
        date: today,
        carriedFrom: yesterday,
        rank: after.rank,
        version: card.version + 1,
        updatedAt: midnight,
        updatedBy: system,
      };
      expect(after).toStrictEqual(isCarried ? { ...card, ...change } : card);
      const places = isCarried ? [`${yesterday} removed`, `${today} ${status}`] : [`${yesterday} ${status}`];
      expect(await placesOf(api, card.id, [yesterday, today, tomorrow])).toEqual(places);
    }
    expect(await night.carriedThrough("garage")).toBe(yesterday);
  });

  it("[CA5] puts cars at the end of their column, in the order in which they stood", async () => {
    const { night, api } = await openShop(open);
    const expected = [];
    const [first, second, third] = [
      await addCarIn(api, "ready", morning),
      await addCarIn(api, "ready", morning),
      await addCarIn(api, "ready", morning),
    ];
    const reordered = await move(api, third, "ready", { beforeId: second.id });
    const early = await addCarIn(api, "ready", `${today}T06:00:00.000Z`);
    expected.push(early.id, first.id, reordered.id, second.id);
    night.setClock(midnight);
    expect(await night.carryOver()).toBe(3);
    expect(await columnIds(api, "ready", today)).toEqual(expected);
  });

  it("[CA5] has no second effect, run again or twice at once by two processes", async () => {
    const { night, api } = await openShop(open);
    const cards = [];
    for (const status of ["in_progress", "ready", "ready", "scheduled"] as const)
      cards.push(await addCarIn(api, status, morning));
    night.setClock(midnight);
    const counts = await Promise.all([night.carryOver(), night.carryOver(night.elsewhere()), night.carryOver()]);
    expect(counts.reduce((sum, count) => sum + count)).toBe(3);
    const boards = () => Promise.all([yesterday, today].map((date) => api.ok("getBoard", { query: { date } })));
    const before = await boards();
    expect(await night.carryOver()).toBe(0);
    expect(await boards()).toEqual(before);
    for (const { id, version, status } of cards)
      expect((await read(api, { id })).version).toBe(status === "scheduled" ? version : version + 1);
  });

  it("[CA5] goes on where it was cut off, between any two writes, with each card on one board all the time", async () => {
    const night = await open();
    const count = 3;
    for (let writes = 0; writes <= count; writes++) {
      night.setClock(`${yesterday}T08:00:00.000Z`);
      const shopId = `garage-${writes}`;
      const api = await night.addShop(shopId, "Europe/Berlin", "2031-03-02");
      const cards = [];
      for (let index = 0; index < count; index++) cards.push(await addCarIn(api, "ready", morning));
      night.setClock(midnight);
      const cutOff = night.carryOver(cutOffAfter(night.store, writes));
      await expect(cutOff).rejects.toMatchObject({ errors: [expect.any(StoreUnavailable)] });
      expect(await night.carriedThrough(shopId)).toBe("2031-03-02");
      const places = (await Promise.all(cards.map(({ id }) => placesOf(api, id, [yesterday, today])))).map(String);
      expect(places).toEqual(
        cards.map((_, index) => (index < writes ? `${yesterday} removed,${today} ready` : `${yesterday} ready`)),
      );
      expect(await night.carryOver()).toBe(count - writes);
      expect(await columnIds(api, "ready", today)).toEqual(cards.map(({ id }) => id));
      for (const { id, version } of cards) expect((await read(api, { id })).version).toBe(version + 1);
      expect(await night.carriedThrough(shopId)).toBe(yesterday);
    }
  });

  it("[CA5] takes the memory along: a repeat finds the card, an undo is refused, a stale write meets it on its new day", async () => {
    const { night, api } = await openShop(open);
    const card = await addCarIn(api, "in_progress", morning);
    night.setClock(justBeforeMidnight);
    const moved = await move(api, card, "ready", { mutationId: "m1" });
    night.setClock(midnight);
    await night.carryOver();
    const current = await read(api, card);
    expect(current).toMatchObject({ date: today, version: moved.version + 1 });
    expect(await move(api, card, "ready", { mutationId: "m1" })).toEqual(current);
    const conflict = { code: "version_conflict", current };
    const { id } = card;
    for (const expectedVersion of [moved.version, current.version])
      expect(await api.refused("undoMove", { id, body: { mutationId: "m1", expectedVersion } })).toMatchObject(
        conflict,
      );
    const stale = { expectedVersion: moved.version };
    expect(await api.refused("moveAppointment", { id, body: { ...stale, newStatus: "completed" } })).toMatchObject(
      conflict,
    );
    expect(await api.refused("editAppointment", { id, body: { ...stale, notes: "x" } })).toMatchObject(conflict);
    expect(await api.refused("removeAppointment", { id, query: stale })).toMatchObject(conflict);
    expect(await read(api, card)).toEqual(current);
  });

  it("[CA2] takes a carried car to the day of a new start and ends the carry-over; the same start keeps both", async () => {
    const { night, api } = await openShop(open);
    const card = await addCarIn(api, "in_progress", morning);
    night.setClock(midnight);
    await night.carryOver();
    const same = await edit(api, await read(api, card), { start: morning, notes: "waits for a part" });
    expect(same).toMatchObject({ date: today, carriedFrom: yesterday });
    const start = `${tomorrow}T09:00:00.000Z`;
    const moved = await edit(api, same, { start, end: start });
    expect(moved).toMatchObject({ date: tomorrow, status: "in_progress", version: same.version + 1 });
    expect(moved).not.toHaveProperty("carriedFrom");
    expect(await placesOf(api, card.id, [yesterday, today, tomorrow])).toEqual([
      `${yesterday} removed`,
      `${today} removed`,
      `${tomorrow} in_progress`,
    ]);
  });

  const startTomorrow = { start: `${tomorrow}T09:00:00.000Z`, end: `${tomorrow}T09:00:00.000Z` };
  const meanwhile: [what: string, work: (api: Api, card: Appointment) => Promise<unknown>, places: string[]][] = [
    ["moved on", (api, card) => move(api, card, "ready"), [`${yesterday} removed`, `${today} ready`]],
    ["edited", (api, card) => edit(api, card, { notes: "hurry" }), [`${yesterday} removed`, `${today} in_progress`]],
    ["completed", (api, card) => move(api, card, "completed"), [`${yesterday} completed`]],
    ["taken back", (api, card) => undo(api, card, "m1"), [`${yesterday} scheduled`]],
    [
      "removed",
      (api, { id, version }) => api.ok("removeAppointment", { id, query: { expectedVersion: version } }),
      [`${yesterday} removed`],
    ],
    ["rescheduled", (api, card) => edit(api, card, startTomorrow), [`${yesterday} removed`, `${tomorrow} in_progress`]],
  ];
  it.each(meanwhile)("[CA5] sees a card as it is when it was %s at that very moment", async (_what, work, places) => {
    const { night, api } = await openShop(open);
    const scheduled = await addCarIn(api, "scheduled", morning);
    night.setClock(justBeforeMidnight);
    const card = await move(api, scheduled, "in_progress", { mutationId: "m1" });
    night.setClock(midnight);
    let version = 0;
    const touch = once(async () => {
      await work(api, card);
      version = card.version + 1;
    });
    const isCarried = places.some((place) => place.startsWith(today));
    expect(await night.carryOver(night.elsewhere(touch))).toBe(isCarried ? 1 : 0);
    expect(version).toBe(card.version + 1);
    expect(await placesOf(api, card.id, [yesterday, today, tomorrow])).toEqual(places);
    const isRemoved = places.join() === `${yesterday} removed`;
    if (!isRemoved) expect((await read(api, card)).version).toBe(isCarried ? version + 1 : version);
    expect(await night.carryOver()).toBe(0);
  });

  it("[CA5] keeps a car on one board or the other at every moment", async () => {
    const { night, api } = await openShop(open);
    const { id } = await addCarIn(api, "ready", morning);
    night.setClock(midnight);
    const seen = new Set<string>();
    let isOver = false;
    const carrying = night.carryOver().finally(() => {
      isOver = true;
    });
    do {
      const [card, old] = [await read(api, { id }), await placesOf(api, id, [yesterday])];
      seen.add(`${card.date} ${old}`);
      await new Promise(setImmediate);
    } while (!isOver);
    expect(await carrying).toBe(1);
    for (const place of seen)
      expect([
        `${yesterday} ${yesterday} ready`,
        `${yesterday} ${yesterday} removed`,
        `${today} ${yesterday} removed`,
      ]).toContain(place);
  });

  it("[CA7] is never refused for a full board", async () => {
    const { night, api } = await openShop(open);
    const full = Array.from({ length: 499 }, () => ulid());
    await Promise.all(
      full.map((id) =>
        api.ok("createAppointment", {
          body: {
            id,
            start: `${today}T09:00:00Z`,
            end: `${today}T09:00:00Z`,
            customer: { name: "A" },
            vehicle: {},
            serviceCodes: [],
          },
        }),
      ),
    );
    const late = await addCarIn(api, "ready", `${today}T09:00:00Z`);
    const cards = [await addCarIn(api, "in_progress", morning), await addCarIn(api, "ready", morning)];
    night.setClock(midnight);
    expect(await night.carryOver()).toBe(2);
    const [inProgress, ready] = cards.map(({ id }) => id);
    expect(await columnIds(api, "in_progress", today)).toEqual([inProgress]);
    expect(await columnIds(api, "ready", today)).toEqual([late.id, ready]);
    expect(await columnIds(api, "scheduled", today)).toHaveLength(499);
  });
});
