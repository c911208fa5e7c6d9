import { join } from "node:path";
import { statuses } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { addDays } from "../../src/domain/time.ts";
import { backUp } from "../../src/store/sqlite/backup.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";
import { type Entry, type Measure, openYear, shopId } from "./year.ts";

const firstDay = "2031-01-06";
const days = 250;
const cardsADay = 60;
const megabyte = 1_048_576;

describe("a year of a workshop", () => {
  it("[CA5] of 250 days with 60 cards leaves equal books, and neither memory nor file grows by anything else", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, "board.sqlite");
    const year = await openYear(file, firstDay);
    const measures: Measure[] = [];
    for (let day = 1; day <= days; day++) {
      await year.work(cardsADay);
      if (day % 50 === 0) measures.push(year.measure());
    }
    const [first, ...later] = measures;
    if (first === undefined) throw new Error("nothing was measured");
    for (const { rest, log, heap } of later) {
      expect(rest).toBeLessThan(first.rest + megabyte);
      expect(log).toBeLessThan(first.log + megabyte);
      expect(heap).toBeLessThan(first.heap + 8 * megabyte);
    }
    expect(later.at(-1)?.books).toBeLessThan(first.books * 5.2);

    const { contents } = await backUp({ ...options(file, directory), at: new Date() });
    expect(contents.rows.pointer).toBe(days * cardsADay);
    const { book } = year;
    const lastDay = year.today();
    await year.store.close();
    const again = openSqliteStore({ file, newId: () => "again", now: () => new Date(`${lastDay}T06:00:00.000Z`) });
    const found = new Map<string, Entry>();
    for (let date = firstDay; date <= lastDay; date = addDays(date, 1))
      for (const { id, status, version } of (await again.readBoard(shopId, date)).cards) {
        expect(found.has(id)).toBe(false);
        found.set(id, { status, version, date });
      }
    expect(found.size).toBe(days * cardsADay);
    expect(found).toEqual(book);
    for (const [id, { version }] of book) {
      const history = (await again.live.readHistory(shopId, id)) ?? [];
      expect(history.map((line) => line.version)).toEqual(Array.from({ length: version }, (_, index) => index + 1));
    }
    expect(statuses.map((status) => [...book.values()].filter((entry) => entry.status === status).length)).toEqual([
      0,
      cardsADay / 10,
      0,
      days * (cardsADay - 2) - cardsADay / 10,
      2 * days,
    ]);
    await again.close();
  }, 300_000);
});

const options = (file: string, directory: string) => ({
  file,
  directory: join(directory, "backups"),
  mayMakeDirectory: true,
  kind: "manual" as const,
});
