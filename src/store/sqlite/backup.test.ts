import { chmodSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { addCards, column, moveOk } from "../contract/workshop.ts";
import { type BackupOptions, backUp, problemIn } from "./backup.ts";
import { backupName, listBackups, newestBackup, tidyBackups } from "./backup-files.ts";
import { backUpOnThread } from "./backup-thread.ts";
import { DatabaseProblem } from "./database-problem.ts";
import { startChild } from "./testing/child.ts";
import { killAtEachStep } from "./testing/killed-at.ts";
import { openShop, temporaryDirectory, temporaryFile } from "./testing/open-shop.ts";
import { checkWhole } from "./whole-file.ts";

const at = new Date("2031-03-05T02:00:00.000Z");

const optionsFor = (file: string, change: Partial<BackupOptions> = {}): BackupOptions => ({
  file,
  directory: join(dirname(file), "backups"),
  mayMakeDirectory: true,
  kind: "manual",
  at,
  ...change,
});

/** The one line that says why there is no backup. */
async function problemOf(options: BackupOptions): Promise<string> {
  const problem: unknown = await backUp(options).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(DatabaseProblem);
  const message = problem instanceof Error ? problem.message : "";
  expect(message).not.toContain("\n");
  return message;
}

async function shopWithCards(file = temporaryFile()) {
  const shop = openShop({ file });
  await addCards(shop, 5);
  shop.store.settle();
  return { file, shop };
}

describe("a backup", () => {
  it("is one file that holds what the database holds, while a server writes to it", async () => {
    const { file, shop } = await shopWithCards();
    const [first] = await column(shop, "scheduled");
    if (first === undefined) throw new Error("no card");
    const making = backUp(optionsFor(file));
    const moved = moveOk(shop, first, "in_progress");
    const { file: copy, contents } = await making;
    await moved;
    expect(copy).toBe(join(dirname(file), "backups", "board-2031-03-05T02-00-00.000Z-manual.sqlite"));
    expect(readdirSync(dirname(copy))).toEqual([backupName(at, "manual")]);
    expect(contents.rows).toMatchObject({ appointment: 5, pointer: 5 });
    expect(checkWhole(copy)).toEqual(contents);
    const again = openShop({ file: copy });
    expect((await again.store.readBoard("shop", first.date)).cards).toHaveLength(5);
  });

  it("is made on a thread of its own in the same way, and says the same when it cannot be", async () => {
    const { file } = await shopWithCards();
    const { contents } = await backUpOnThread(optionsFor(file));
    expect(contents.rows.appointment).toBe(5);
    const missing = join(temporaryDirectory(), "usb");
    const options = optionsFor(file, { directory: missing, mayMakeDirectory: false });
    await expect(backUpOnThread(options)).rejects.toThrow(`${missing} does not exist`);
  });

  it("holds every write that was answered before it began, in a storm of writes by another process", async () => {
    const file = temporaryFile();
    const child = startChild("storm.ts", file);
    const answered = new Map<string, number>();
    let backup: Promise<{ file: string }> | undefined;
    let known = new Map<string, number>();
    let answers = 0;
    for await (const line of child.lines) {
      const [id = "", version] = line.split(" ");
      answered.set(id, Number(version));
      if (++answers === 300) {
        known = new Map(answered);
        backup = backUp(optionsFor(file)).finally(() => child.kill());
      }
    }
    const copy = (await backup)?.file ?? "";
    const shop = openShop({ file: copy });
    expect(known.size).toBe(8);
    for (const [id, atLeast] of known)
      expect((await shop.store.readAppointment(shop.shopId, id))?.card.version).toBeGreaterThanOrEqual(atLeast);
  });

  it("killed between any two steps leaves the database, and either no backup or a whole one", async () => {
    const { file, shop } = await shopWithCards();
    await shop.store.close();
    const steps = await killAtEachStep(
      "backup",
      () => [file, temporaryDirectory()] as const,
      ([, directory], isOver) => {
        const backups = listBackups(directory);
        for (const backup of backups) expect(checkWhole(backup.file).rows.appointment).toBe(5);
        if (isOver) expect(backups).toHaveLength(1);
      },
    );
    expect(steps).toBeGreaterThan(5);
    expect(openShop({ file }).store.database.prepare("SELECT count(*) AS cards FROM appointment").get()?.cards).toBe(5);
  });
});

describe("a backup that cannot be made", () => {
  it("is refused into a folder that is missing, and does not make it", async () => {
    const { file } = await shopWithCards();
    const directory = join(temporaryDirectory(), "usb");
    expect(await problemOf(optionsFor(file, { directory, mayMakeDirectory: false }))).toBe(
      `${directory} does not exist: make the folder for backups, or connect its disk.`,
    );
    expect(readdirSync(dirname(directory))).toEqual([]);
  });

  it("is refused into the data folder itself, however it is written", async () => {
    const { file } = await shopWithCards();
    const directory = join(dirname(file), "..", dirname(file).split("/").at(-1) ?? "");
    expect(await problemOf(optionsFor(file, { directory }))).toContain("is the data folder itself");
  });

  it("is refused into a folder that cannot be written, or is none", async () => {
    const { file } = await shopWithCards();
    expect(await problemOf(optionsFor(file, { directory: file }))).toContain("is no folder");
    // No disk is behind it, so it has no room for anybody.
    expect(await problemOf(optionsFor(file, { directory: "/proc" }))).toMatch(
      /^\/proc (cannot be written|has no room)/,
    );
    if (process.getuid?.() === 0) return;
    const locked = temporaryDirectory();
    chmodSync(locked, 0o500);
    expect(await problemOf(optionsFor(file, { directory: locked }))).toContain("cannot be written");
  });

  it("is refused by a disk that fills up, in the disk's own words for it", () => {
    const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    expect(problemIn("/usb", full).message).toBe("/usb cannot be written (ENOSPC): check its disk and its free space.");
    const sqliteFull = Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR", errcode: 13 });
    expect(problemIn("/usb", sqliteFull).message).toBe(
      "/usb cannot be written because the disk is full: make room on it.",
    );
    const bug = new TypeError("a bug");
    expect(problemIn("/usb", bug)).toBe(bug);
  });

  it("is refused without a database, and of a damaged one; backups from before stay", async () => {
    const nowhere = temporaryFile();
    expect(await problemOf(optionsFor(nowhere))).toContain("does not exist: set DATA_DIR");
    const { file, shop } = await shopWithCards();
    await addCards(shop, 100);
    await shop.store.close();
    await backUp(optionsFor(file));
    const bytes = readFileSync(file);
    bytes.fill(0xff, bytes.length - 9_000, bytes.length - 4_096);
    writeFileSync(file, bytes);
    const later = new Date(at.getTime() + 1);
    expect(await problemOf(optionsFor(file, { at: later }))).toBe(`${file} is damaged: restore a backup.`);
    expect(readdirSync(join(dirname(file), "backups"))).toEqual([backupName(at, "manual")]);
  });
});

describe("nightly backups", () => {
  const night = (index: number) => new Date(at.getTime() + index * 86_400_000);

  function folderOf(dates: readonly Date[], kind: "nightly" | "manual" = "nightly"): string {
    const directory = temporaryDirectory();
    for (const date of dates) writeFileSync(join(directory, backupName(date, kind)), "");
    return directory;
  }

  it("are kept for 14 nights, and what somebody else put there for good", () => {
    const directory = folderOf(Array.from({ length: 20 }, (_, index) => night(index)));
    writeFileSync(join(directory, backupName(night(-300), "manual")), "");
    writeFileSync(join(directory, "board-of-directors.sqlite"), "");
    tidyBackups(directory, night(20));
    const nightly = listBackups(directory).filter(({ kind }) => kind === "nightly");
    expect(nightly.map(({ atMs }) => atMs).toSorted()).toEqual(
      Array.from({ length: 14 }, (_, index) => night(index + 6).getTime()),
    );
    expect(readdirSync(directory)).toHaveLength(16);
  });

  it("that a wrong clock has dated into the future go first, and do not count as new", () => {
    const directory = folderOf([...Array.from({ length: 14 }, (_, index) => night(3_000 + index)), night(1)]);
    tidyBackups(directory, night(2));
    expect(listBackups(directory).map(({ atMs }) => atMs)).toContain(night(1).getTime());
    expect(newestBackup(directory, night(2), ["nightly"])?.atMs).toBe(night(1).getTime());
  });

  it("clear away what a backup that was cut off has left a day ago, and not one that is under way", () => {
    const directory = folderOf([]);
    for (const name of ["old", "new"]) mkdirSync(join(directory, name));
    const [old, recent] = [night(0), night(1)].map((date) => join(directory, `${backupName(date, "manual")}.partial`));
    for (const [path, date] of [
      [old, night(0)],
      [recent, night(1)],
    ] as const) {
      if (path === undefined) throw new Error("no path");
      writeFileSync(path, "");
      utimesSync(path, date, date);
    }
    tidyBackups(directory, new Date(night(1).getTime() + 60_000));
    expect(readdirSync(directory).filter((name) => name.endsWith(".partial"))).toEqual([
      `${backupName(night(1), "manual")}.partial`,
    ]);
  });
});
