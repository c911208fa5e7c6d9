import type { Appointment, Board } from "@status-board/contracts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { addCard, addCardIn, move } from "../testing/cards.ts";
import { day, openWorkshop, type Workshop } from "../testing/workshop.ts";

const sum = (numbers: readonly number[]) => numbers.reduce((total, value) => total + value, 0);

const minutesOf = ({ checkInAt, checkOutAt }: Appointment): number[] =>
  checkInAt && checkOutAt ? [(Date.parse(checkOutAt) - Date.parse(checkInAt)) / 60_000] : [];

/** The figures as a person would work them out from the board. */
function figuresOf({ date, columns }: Board, now: string) {
  const { scheduled, in_progress, ready, completed, no_show } = columns;
  const jobs = [scheduled, in_progress, ready, completed].flatMap(({ items }) => items);
  const cycles = completed.items.flatMap(minutesOf);
  return {
    date,
    jobsToday: jobs.length,
    onPrem: in_progress.items.length + ready.items.length,
    statusCounts: {
      scheduled: scheduled.items.length,
      in_progress: in_progress.items.length,
      ready: ready.items.length,
      completed: completed.items.length,
      no_show: no_show.items.length,
    },
    late: [...scheduled.items, ...in_progress.items].filter(({ promisedAt }) => promisedAt && promisedAt < now).length,
    revenueCents: sum(completed.items.map(({ totalCents }) => totalCents)),
    unpaidCents: sum(jobs.map(({ totalCents, paidCents }) => Math.max(0, totalCents - paidCents))),
    averageCycleMinutes: cycles.length > 0 ? Math.round(sum(cycles) / cycles.length) : null,
  };
}

async function compare({ manager, as, now }: Workshop) {
  const [board, stats] = await Promise.all([
    manager.ok("getBoard", { query: { date: day } }),
    as("technician").ok("getStats", { query: { date: day } }),
  ]);
  expect(stats).toEqual(figuresOf(board, now()));
  return stats;
}

it("[ST1] an empty day has nothing but zeros, and no average", async () => {
  const stats = await compare(await openWorkshop());
  expect(stats).toMatchObject({ jobsToday: 0, late: 0, revenueCents: 0, averageCycleMinutes: null });
});

it("[ST1] the figures of a known day", async () => {
  const shop = await openWorkshop();
  const { manager, advance } = shop;
  const promised = { promisedAt: `${day}T08:30:00Z` };
  await addCard(manager, { ...promised, paidCents: 900 });
  await addCardIn(manager, "in_progress", promised);
  await addCardIn(manager, "ready", { ...promised, paidCents: 9_999 });
  await addCardIn(manager, "no_show", promised);
  const done = await addCardIn(manager, "ready", { serviceCodes: ["OIL001", "TIRE001"], paidCents: 12_900 });
  advance(45 * 60_000);
  await move(manager, done, "completed");
  expect(await compare(shop)).toEqual({
    date: day,
    jobsToday: 4,
    onPrem: 2,
    statusCounts: { scheduled: 1, in_progress: 1, ready: 1, completed: 1, no_show: 1 },
    late: 2,
    revenueCents: 12_900,
    unpaidCents: 4_000 + 4_900,
    averageCycleMinutes: 45,
  });
});

it("[ST1] a card is late once its promised time has passed, and not at that moment", async () => {
  const shop = await openWorkshop();
  await addCard(shop.manager, { promisedAt: shop.now() });
  expect((await compare(shop)).late).toBe(0);
  shop.advance(1);
  expect((await compare(shop)).late).toBe(1);
});

it("[ST1] stats equal what the board gives, whatever was done to the cards", async () => {
  const way = fc.record({
    status: fc.constantFrom("scheduled", "in_progress", "ready", "completed", "no_show" as const),
    paidCents: fc.integer({ min: 0, max: 15_000 }),
    serviceCodes: fc.subarray(["OIL001", "TIRE001"]),
    promisedAt: fc
      .integer({ min: 0, max: 600 })
      .map((minute) => new Date(Date.parse(`${day}T06:00:00Z`) + minute * 60_000).toISOString()),
    waitMs: fc.integer({ min: 0, max: 3_600_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(way, { maxLength: 12 }), async (ways) => {
      const shop = await openWorkshop();
      for (const { status, waitMs, ...change } of ways) {
        const card = await addCardIn(shop.manager, status === "completed" ? "ready" : status, change);
        shop.advance(waitMs);
        if (status === "completed") await move(shop.manager, card, "completed");
      }
      await compare(shop);
    }),
    { numRuns: 25 },
  );
});
