import { describe, expect, it } from "vitest";
import { fitCards, pageAt, type Room } from "./paging.ts";

const room: Room = { width: 36, height: 46, cardMinWidth: 30, cardHeight: 8, gap: 1 };

describe("how many cards fit", () => {
  it("counts the gaps between them, and none after the last", () => {
    expect(fitCards({ ...room, height: 44 })).toMatchObject({ rows: 5, rowHeight: 8 });
    expect(fitCards({ ...room, height: 43.9 })).toMatchObject({ rows: 4 });
    expect(fitCards({ ...room, width: 61 })).toMatchObject({ columns: 2 });
    expect(fitCards({ ...room, width: 60.9 })).toMatchObject({ columns: 1 });
  });

  it("lets cards grow into what is left, but not out of shape", () => {
    expect(fitCards({ ...room, height: 46.5 }).rowHeight).toBeCloseTo(8.5);
    expect(fitCards({ ...room, height: 16 }).rowHeight).toBeCloseTo(9.6);
  });

  it("shows one card where there is hardly room for it", () => {
    expect(fitCards({ ...room, width: 0, height: 0 })).toEqual({ columns: 1, rows: 1, rowHeight: 8 });
    expect(fitCards({ ...room, width: 12, height: 3 })).toEqual({ columns: 1, rows: 1, rowHeight: 8 });
  });
});

describe("pages", () => {
  const cards = Array.from({ length: 11 }, (_, index) => index);

  it("turn through every card, once each, and begin again", () => {
    const pages = [0, 1, 2].map((turn) => pageAt(cards, 5, turn));
    expect(pages.flatMap(({ items }) => items)).toEqual(cards);
    expect(pages.map(({ number, count }) => [number, count])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(pageAt(cards, 5, 3)).toEqual(pages[0]);
    expect(pageAt(cards, 5, 1_000_001).number).toBe(3);
  });

  it("are one where all cards fit, or there are none", () => {
    expect(pageAt(cards.slice(0, 5), 5, 7)).toEqual({ items: [0, 1, 2, 3, 4], number: 1, count: 1 });
    expect(pageAt([], 5, 7)).toEqual({ items: [], number: 1, count: 1 });
  });

  it("never point beyond the cards when some have left", () => {
    for (let turn = 0; turn < 20; turn++) expect(pageAt(cards.slice(0, 6), 5, turn).items.length).toBeGreaterThan(0);
  });
});
