import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createLogger } from "../runtime/logger.ts";
import { temporaryDirectory } from "../testing/workshop.ts";
import { watchClock } from "./clock-watch.ts";
import { checkWrittenBefore, diskLowBytes, freeBytesOf, watchDisk } from "./disk-watch.ts";

function openLog() {
  const lines: string[] = [];
  const logger = createLogger({
    level: "info",
    release: "test",
    destination: { write: (line) => void lines.push(line) },
  });
  return { logger, told: () => lines.map((line) => JSON.parse(line)) };
}

const minuteMs = 60_000;

describe("the clock", () => {
  function openClock() {
    let wallMs = Date.parse("2031-03-03T08:00:00.000Z");
    let steadyMs = 1_000;
    const { logger, told } = openLog();
    const watch = watchClock({ clock: () => new Date(wallMs), steadyMs: () => steadyMs, logger });
    return {
      ...watch,
      told,
      /** Lets time pass while the clock is set that much further. */
      pass: (ms: number, setMs = 0) => {
        steadyMs += ms;
        wallMs += ms + setMs;
        watch.look();
      },
    };
  }

  it("that runs, also while the machine sleeps, or is corrected a little is not worth telling", () => {
    const { pass, told, sinceJumpMs } = openClock();
    for (const setMs of [0, 20, -20, -minuteMs, minuteMs]) pass(5_000, setMs);
    pass(12 * 60 * minuteMs);
    expect(told()).toEqual([]);
    expect(sinceJumpMs()).toBeUndefined();
  });

  it("that went back or forward by more than a minute is told, once", () => {
    const { pass, told, sinceJumpMs } = openClock();
    pass(5_000, -minuteMs - 1_000);
    pass(5_000);
    pass(5_000, minuteMs + 1_000);
    pass(7_000);
    expect(told()).toMatchObject([
      { level: "warn", msg: "the clock went back", jumpSeconds: -61, time: "2031-03-03T07:59:04.000Z" },
      { level: "warn", msg: "the clock went forward", jumpSeconds: 61 },
    ]);
    expect(sinceJumpMs()).toBe(7_000);
  });

  it("that is behind what it has written is told at the start", () => {
    const file = join(temporaryDirectory(), "board.sqlite");
    writeFileSync(file, "");
    const written = new Date("2031-03-03T08:00:00.000Z");
    utimesSync(file, written, written);
    const { logger, told } = openLog();
    checkWrittenBefore(file, new Date("2031-03-03T07:59:30.000Z"), logger);
    expect(told()).toEqual([]);
    checkWrittenBefore(file, new Date("2000-01-01T00:00:00.000Z"), logger);
    expect(told()).toMatchObject([
      { level: "warn", msg: "the clock is behind: set it", written: written.toISOString() },
    ]);
  });
});

describe("the disk", () => {
  it("that is nearly full is told at each look, and one with room is not", () => {
    const { logger, told } = openLog();
    let free: number | undefined = diskLowBytes;
    const disk = watchDisk("/data", logger, () => free);
    expect({ free: disk.freeBytes(), isLow: disk.isLow() }).toEqual({ free: undefined, isLow: false });
    disk.look();
    expect({ free: disk.freeBytes(), isLow: disk.isLow() }).toEqual({ free: diskLowBytes, isLow: false });
    expect(told()).toEqual([]);
    free = 1_000;
    disk.look();
    expect(disk.isLow()).toBe(true);
    expect(told()).toMatchObject([{ level: "warn", directory: "/data", freeBytes: 1_000 }]);
    free = undefined;
    disk.look();
    expect(disk.isLow()).toBe(false);
  });

  it("of a folder is asked of the system, which knows nothing of one that is not there", () => {
    expect(freeBytesOf(temporaryDirectory())).toBeGreaterThan(0);
    expect(freeBytesOf(join(temporaryDirectory(), "nowhere"))).toBeUndefined();
  });
});
