import type { Readiness } from "@status-board/contracts";
import { expect, it } from "vitest";
import { conditionWords, roomInWords } from "./condition-words.ts";

const ready = (rest: Partial<Readiness>): Readiness => ({ status: "ready", time: "2031-03-03T08:00:00.000Z", ...rest });

it("[HT1] a server whose data somebody else keeps has nothing to say of them", () => {
  expect(conditionWords(ready({}))).toBeUndefined();
});

it("[HT1] where all is well, a backup's age is all there is", () => {
  const well = { warnings: [], diskFreeBytes: 80e9 };
  expect(conditionWords(ready({ ...well, backupAgeSeconds: 28_512 }))).toEqual({
    warnings: [],
    backup: "Last backup 7 h 55 min ago",
  });
  expect(conditionWords(ready(well))?.backup).toBe("No backup yet. The first is made tonight.");
});

it("[HT1] what is wrong is said with what to do about it, the gravest first", () => {
  const words = conditionWords(
    ready({
      warnings: ["clock_changed", "backup_old", "disk_low"],
      backupAgeSeconds: 3 * 86_400,
      diskFreeBytes: 314_572_800,
    }),
  );
  expect(words?.warnings).toEqual([
    "The board's disk is nearly full: 300 MB free. Make room on it.",
    "The last backup was made 3 days ago. Check its folder and disk.",
    "The board's clock was set. Check its date and time.",
  ]);
});

it.each([
  [3 * 86_400, "The last one was made 3 days ago."],
  [undefined, "There is none yet."],
])("[HT1] a backup that failed is told once, with the age of the last one: %s s", (backupAgeSeconds, last) => {
  const age = backupAgeSeconds === undefined ? {} : { backupAgeSeconds };
  expect(conditionWords(ready({ warnings: ["backup_failed", "backup_old"], ...age }))?.warnings).toEqual([
    `The backup failed. ${last} Check its folder and disk.`,
  ]);
});

it.each([
  [0, "0 MB"],
  [314_572_800, "300 MB"],
  [1_073_741_823, "1023 MB"],
  [81_604_378_624, "76 GB"],
])("%i bytes are %s", (bytes, words) => {
  expect(roomInWords(bytes)).toBe(words);
});
