import { join } from "node:path";
import { readinessSchema } from "@status-board/contracts";
import { describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { start } from "../../src/local/start.ts";
import { readLocalEnvironment } from "../../src/runtime/environment.ts";
import { createLogger } from "../../src/runtime/logger.ts";
import { listBackups } from "../../src/store/sqlite/backup-files.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";

const answerSchema = z.object({ data: readinessSchema });

async function startAt(clock: () => Date, variables: Record<string, string> = {}) {
  const DATA_DIR = temporaryDirectory();
  const environment = readLocalEnvironment({ DATA_DIR, PORT: "0", SHOP_TIME_ZONE: "UTC", ...variables });
  const logger = createLogger({ level: "silent", release: "test" });
  const { url, close } = await start(environment, logger, { clock });
  onTestFinished(close);
  const ready = async () => answerSchema.parse(await (await fetch(`${url}/ready`)).json()).data;
  return { DATA_DIR, ready };
}

const inDays = (days: number) => () => new Date(Date.now() + days * 86_400_000);

describe("/ready", () => {
  it("[HT1] tells the age of the newest backup, which is made by itself, and the room on the disk", async () => {
    const { DATA_DIR, ready } = await startAt(inDays(2));
    await expect.poll(async () => (await ready()).backupAgeSeconds, { timeout: 60_000 }).toBeDefined();
    expect(listBackups(join(DATA_DIR, "backups"))).toMatchObject([{ kind: "nightly" }]);
    const { backupAgeSeconds, diskFreeBytes, warnings } = await ready();
    expect(backupAgeSeconds).toBeLessThan(60);
    expect(diskFreeBytes).toBeGreaterThan(0);
    expect(warnings).not.toContain("backup_failed");
  });

  it("[HT1] warns of backups that cannot be made, and is ready all the same", async () => {
    const BACKUP_DIR = join(temporaryDirectory(), "usb");
    const { ready } = await startAt(inDays(0), { BACKUP_DIR });
    expect(await ready()).toMatchObject({ status: "ready", warnings: ["backup_failed"] });
  });

  it("[HT1] of the first day tells no age, as there is no backup yet", async () => {
    const { ready } = await startAt(inDays(0));
    const answer = await ready();
    expect(answer).not.toHaveProperty("backupAgeSeconds");
    expect(answer.warnings?.filter((warning) => warning !== "disk_low")).toEqual([]);
  });
});
