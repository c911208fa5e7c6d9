import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createLogger } from "../runtime/logger.ts";
import { backUp } from "../store/sqlite/backup.ts";
import { listBackups } from "../store/sqlite/backup-files.ts";
import { openShop } from "../store/sqlite/testing/open-shop.ts";
import { nightlyBackups } from "./nightly-backup.ts";

const hourMs = 3_600_000;

/** Backups of a database of the test's own, by a clock that the test sets; it begins as the database is made. */
function openNights({ mayMakeDirectory = true } = {}) {
  const file = openShop().store.database.location() ?? "";
  const directory = join(dirname(file), "backups");
  // At noon, so that no hour of this test is near a midnight.
  let ms = new Date().setUTCHours(12, 0, 0, 0) + 24 * hourMs;
  const log: string[] = [];
  const clock = () => new Date(ms);
  const nights = nightlyBackups({
    ...{ file, dataDir: dirname(file), directory, mayMakeDirectory, timeZone: "UTC", clock, make: backUp },
    logger: createLogger({ level: "info", release: "test", destination: { write: (line) => void log.push(line) } }),
  });
  const advance = (hours: number) => {
    ms += hours * hourMs;
    return nights.tick();
  };
  const made = () => listBackups(directory).length;
  return { ...nights, advance, made, directory, log, file };
}

describe("nightly backups", () => {
  it("are made once a day, from two in the morning on, however often the clock is looked at", async () => {
    const { tick, advance, made, ageMs } = openNights();
    expect(ageMs()).toBeUndefined();
    await tick();
    await tick();
    expect(made()).toBe(1);
    await advance(13);
    expect(made()).toBe(1);
    await advance(2);
    await advance(1);
    expect(made()).toBe(2);
    expect(ageMs()).toBe(hourMs);
  });

  it("are made when the machine is next awake", async () => {
    const { tick, advance, made } = openNights();
    await tick();
    await advance(24 * 9 + 5);
    await advance(1);
    expect(made()).toBe(2);
  });

  it("go on after a clock that was years ahead has been set right", async () => {
    const { advance, made, ageMs } = openNights();
    await advance(24 * 365 * 3);
    await advance(-24 * 365 * 3 + 1);
    expect(made()).toBe(2);
    await advance(24);
    expect(made()).toBe(3);
    expect(ageMs()).toBe(0);
  });

  it("that fail are told once for each reason, and tried until one succeeds", async () => {
    const { tick, problem, log, file, made, directory } = openNights({ mayMakeDirectory: false });
    const reason = `${directory} does not exist: make the folder for backups, or connect its disk.`;
    expect(log).toHaveLength(1);
    await tick();
    await tick();
    expect(problem()).toBe(reason);
    expect(log.map((line) => JSON.parse(line))).toMatchObject([{ level: "warn", problem: reason }]);
    // Somebody makes the folder.
    await backUp({ file, directory, mayMakeDirectory: true, kind: "manual", at: new Date(0) });
    await tick();
    expect(problem()).toBeUndefined();
    expect(made()).toBe(2);
  });
});
