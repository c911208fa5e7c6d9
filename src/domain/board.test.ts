import { type Appointment, figuresOf, type Stats, statuses } from "@status-board/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BoardRead, boardView } from "./board.ts";
import { aCard, anyCard, anyInstant, later, morning } from "./testing/cards.ts";

const technician = fc.option(fc.constantFrom({ id: "tom", name: "Tom" }, { id: "ute", name: "Ute" }), {
  nil: undefined,
});

const anyBoard: fc.Arbitrary<BoardRead> = fc.array(fc.tuple(anyCard, technician), { maxLength: 20 }).map((entries) => ({
  date: "2031-03-03",
  epoch: "e1",
  rev: 7,
  cards: entries.map(([card, who], index) => ({ ...card, id: `c${index}`, ...(who && { technician: who }) })),
  removed: [{ id: "gone", version: 3 }],
}));

const figures = ({ date, cards }: BoardRead, now: string) => figuresOf(date, cards, now);

const boardOf = (...cards: Appointment[]): BoardRead => ({
  date: "2031-03-03",
  epoch: "e1",
  rev: 0,
  cards,
  removed: [],
});

describe("boardView", () => {
  it("[MV5] puts every card into its column, in the order of the read, and counts them", () => {
    fc.assert(
      fc.property(anyBoard, (read) => {
        const { columns, removed, ...rest } = boardView(read);
        expect(rest).toEqual({ date: read.date, epoch: read.epoch, rev: read.rev });
        expect(removed).toEqual(read.removed);
        expect(Object.keys(columns)).toEqual([...statuses]);
        for (const status of statuses) {
          const items = read.cards.filter((card) => card.status === status);
          expect(columns[status]).toEqual({ items, count: items.length });
        }
      }),
    );
  });

  it("[MV6] shows one technician's cards only, and counts no others", () => {
    fc.assert(
      fc.property(anyBoard, fc.constantFrom("tom", "ute", "nobody"), (read, id) => {
        const own = { ...read, cards: read.cards.filter((card) => card.technician?.id === id) };
        expect(boardView(read, id)).toEqual(boardView(own));
      }),
    );
  });
});

/** ST1 in its own words, from the board as it is shown. */
function naiveStats(read: BoardRead, now: string): Stats {
  const { columns } = boardView(read);
  const counts = Object.fromEntries(statuses.map((status) => [status, columns[status].count]));
  const { scheduled = 0, in_progress = 0, ready = 0, completed = 0, no_show = 0 } = counts;
  const items = (...names: (typeof statuses)[number][]) => names.flatMap((status) => columns[status].items);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const unpaid = items("scheduled", "in_progress", "ready", "completed").map(
    (card) => card.totalCents - card.paidCents,
  );
  const cycles = columns.completed.items
    .filter((card) => card.checkInAt !== undefined && card.checkOutAt !== undefined)
    .map((card) => (Date.parse(card.checkOutAt ?? "") - Date.parse(card.checkInAt ?? "")) / 60_000);
  return {
    date: read.date,
    jobsToday: scheduled + in_progress + ready + completed,
    onPrem: in_progress + ready,
    statusCounts: { scheduled, in_progress, ready, completed, no_show },
    late: items("scheduled", "in_progress").filter((card) => Date.parse(card.promisedAt ?? now) < Date.parse(now))
      .length,
    revenueCents: sum(columns.completed.items.map((card) => card.totalCents)),
    unpaidCents: sum(unpaid.filter((cents) => cents > 0)),
    averageCycleMinutes: cycles.length === 0 ? null : sum(cycles) / cycles.length,
  };
}

describe("figuresOf", () => {
  it("[ST1] agrees with the board read at the same moment", () => {
    fc.assert(
      fc.property(anyBoard, anyInstant, (read, now) => {
        const { averageCycleMinutes, ...stats } = figures(read, now);
        const { averageCycleMinutes: exact, ...expected } = naiveStats(read, now);
        expect(stats).toEqual(expected);
        if (exact === null) expect(averageCycleMinutes).toBeNull();
        else expect(Math.abs((averageCycleMinutes ?? Number.NaN) - exact)).toBeLessThanOrEqual(0.5);
        expect(Number.isInteger(averageCycleMinutes ?? 0)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("[ST1] shows an empty board in noughts, and no average", () => {
    expect(figures(boardOf(), morning)).toEqual({
      date: "2031-03-03",
      jobsToday: 0,
      onPrem: 0,
      statusCounts: { scheduled: 0, in_progress: 0, ready: 0, completed: 0, no_show: 0 },
      late: 0,
      revenueCents: 0,
      unpaidCents: 0,
      averageCycleMinutes: null,
    });
  });

  it("[ST1] counts a card late once its promised time has passed, and not while it is ready or done", () => {
    const late = (status: Appointment["status"], now: string) =>
      figures(boardOf(aCard({ status, promisedAt: morning })), now).late;
    expect([late("scheduled", morning), late("scheduled", later(morning, 1))]).toEqual([0, 1]);
    expect(statuses.map((status) => late(status, later(morning, 1)))).toEqual([1, 1, 0, 0, 0]);
  });

  it("[ST1] averages only completed cards with both times, rounded to whole minutes", () => {
    const cycle = (minutes: number) =>
      aCard({ status: "completed", checkInAt: morning, checkOutAt: later(morning, minutes * 60_000) });
    const noise = [aCard({ status: "completed", checkOutAt: morning }), aCard({ status: "ready", checkInAt: morning })];
    expect(figures(boardOf(cycle(10), cycle(21), ...noise), morning).averageCycleMinutes).toBe(16);
  });

  it("[ST1] sets one card's overpayment against no other's debt", () => {
    const cards = [aCard({ totalCents: 100, paidCents: 500 }), aCard({ totalCents: 300, paidCents: 100 })];
    const absent = aCard({ status: "no_show", totalCents: 900 });
    expect(figures(boardOf(...cards, absent), morning).unpaidCents).toBe(200);
  });
});
