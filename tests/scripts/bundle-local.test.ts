import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, it, onTestFinished } from "vitest";
import { bundleLocal } from "../../scripts/bundle-local.js";
import { freshBundle } from "../../src/local/bundle.js";
import { startServer } from "../../src/testing/server-process.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";

const root = join(import.meta.dirname, "../..");

/** A place for a bundle of the test's own, as deep in the project as the real one. */
function placeForBundle(): string {
  mkdirSync(join(root, "dist"), { recursive: true });
  const directory = mkdtempSync(join(root, "dist/local-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

describe("the server as one file", () => {
  it("serves board, page, documents and figures as the sources do, and makes backups on a thread", async () => {
    const directory = placeForBundle();
    await bundleLocal(directory);
    expect(freshBundle(directory)).toBe(join(directory, "run.mjs"));
    const DATA_DIR = temporaryDirectory();
    const { url, signal, ended } = await startServer({ DATA_DIR }, relative(root, join(directory, "run.mjs")));
    const sources = await startServer({ DATA_DIR: temporaryDirectory() }, "src/local/run.ts");
    for (const path of ["/ready", "/", "/openapi.json", "/docs", "/metrics", "/api/admin/services"]) {
      const [one, other] = await Promise.all([fetch(url + path), fetch(sources.url + path)]);
      expect([path, one.status, one.headers.get("content-type"), one.headers.get("x-release")]).toEqual([
        path,
        other.status,
        other.headers.get("content-type"),
        other.headers.get("x-release"),
      ]);
    }
    const backups = join(DATA_DIR, "backups");
    const options = {
      file: join(DATA_DIR, "board.sqlite"),
      directory: backups,
      mayMakeDirectory: true,
      kind: "manual",
    };
    const worker = new Worker(join(directory, "backup-worker.mjs"), { workerData: { ...options, at: new Date() } });
    const answer = await new Promise<{ kind: string; backup: { file: string } }>((resolve, reject) => {
      worker.once("message", resolve).once("error", reject);
    });
    expect(answer.kind).toBe("made");
    expect(existsSync(answer.backup.file)).toBe(true);
    signal("SIGTERM");
    expect((await ended).code).toBe(0);
  }, 60_000);
});

describe("a bundle", () => {
  const builtAt = new Date("2031-03-05T02:00:00.000Z");

  /** A bundle of that moment out of one source, changed at another. */
  function bundleOf({ sourceAt }: { sourceAt: Date }) {
    const directory = placeForBundle();
    const source = join(directory, "source.ts");
    writeFileSync(source, "");
    utimesSync(source, sourceAt, sourceAt);
    writeFileSync(join(directory, "run.mjs"), "");
    utimesSync(join(directory, "run.mjs"), builtAt, builtAt);
    writeFileSync(join(directory, "sources.json"), JSON.stringify([relative(root, source)]));
    return { directory, source, bundle: join(directory, "run.mjs") };
  }

  it("is taken as long as it is newer than what went into it", () => {
    const { directory, bundle } = bundleOf({ sourceAt: new Date(builtAt.getTime() - 1_000) });
    expect(freshBundle(directory)).toBe(bundle);
  });

  it("is left alone when a source has changed since, or is gone", () => {
    expect(freshBundle(bundleOf({ sourceAt: builtAt }).directory)).toBeUndefined();
    const { directory, source } = bundleOf({ sourceAt: new Date(builtAt.getTime() - 1_000) });
    rmSync(source);
    expect(freshBundle(directory)).toBeUndefined();
  });

  it("is not missed where there is none, or only a part of one", () => {
    const { directory, bundle } = bundleOf({ sourceAt: new Date(builtAt.getTime() - 1_000) });
    rmSync(join(directory, "sources.json"));
    expect(freshBundle(directory)).toBeUndefined();
    rmSync(bundle);
    expect(freshBundle(directory)).toBeUndefined();
  });
});
