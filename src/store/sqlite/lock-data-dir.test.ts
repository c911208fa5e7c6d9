import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DatabaseProblem } from "./database-problem.ts";
import { lockDataDir } from "./lock-data-dir.ts";
import { startChild } from "./testing/child.ts";
import { temporaryDirectory } from "./testing/open-shop.ts";

describe("the lock of a data directory", () => {
  it("is refused to a second owner until the first gives it back", () => {
    const directory = temporaryDirectory();
    const lock = lockDataDir(directory);
    expect(() => lockDataDir(directory)).toThrow(DatabaseProblem);
    expect(() => lockDataDir(directory)).toThrow(`${directory} is in use by another running server`);
    lock.release();
    lockDataDir(directory).release();
  });

  it("is held against other processes, and freed by whatever kills them", async () => {
    const directory = temporaryDirectory();
    const owner = startChild("hold-lock.ts", directory);
    await once(owner.lines, "line");
    expect(() => lockDataDir(directory)).toThrow(DatabaseProblem);
    await owner.kill();
    lockDataDir(directory).release();
  });

  it("makes the directory where there is none", () => {
    const directory = join(temporaryDirectory(), "new", "data");
    lockDataDir(directory).release();
  });

  it("is refused where no directory can be made, even where Node's own way of making one never ends", () => {
    expect(() => lockDataDir("/proc/nowhere/data")).toThrow("/proc/nowhere/data cannot be written");
  });

  it("is refused for a directory in which nothing can be written", () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    expect(() => lockDataDir(file)).toThrow(DatabaseProblem);
    expect(() => lockDataDir(file)).toThrow("name a directory in which this user may create files");
  });
});
