import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startServer } from "../../src/testing/server-process.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";
import { runCare } from "./processes.ts";

const run = (command: "backup" | "restore", DATA_DIR: string, ...args: string[]) =>
  runCare(command, { env: { DATA_DIR }, args });

async function stoppedServer(DATA_DIR: string): Promise<void> {
  const server = await startServer({ DATA_DIR });
  server.signal("SIGTERM");
  await server.ended;
}

describe("npm run backup and npm run restore", () => {
  it("copy the database of a running server, refuse to put it back there, and do so once it has stopped", async () => {
    const DATA_DIR = temporaryDirectory();
    const server = await startServer({ DATA_DIR });
    const backup = await run("backup", DATA_DIR);
    expect(backup).toMatchObject({ code: 0, err: "" });
    const file = backup.out.trim();
    expect(existsSync(file)).toBe(true);

    const refused = await run("restore", DATA_DIR, file);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toBe(`Cannot restore. ${DATA_DIR} is in use by another running server: stop that one first.\n`);
    server.signal("SIGTERM");
    await server.ended;
    const restored = await run("restore", DATA_DIR, file);
    expect(restored.code).toBe(0);
    expect(restored.err).toContain(`${file} is restored`);
    expect(readdirSync(DATA_DIR).filter((name) => name.includes("before-restore"))).toHaveLength(1);
    const { url } = await startServer({ DATA_DIR });
    expect((await fetch(`${url}/ready`)).status).toBe(200);
  });

  it("say in one line what is wrong with a folder or a file", async () => {
    const DATA_DIR = temporaryDirectory();
    await stoppedServer(DATA_DIR);
    const usb = join(DATA_DIR, "usb");
    const [missing, itself, empty] = [usb, DATA_DIR, join(DATA_DIR, "empty")];
    writeFileSync(empty, "");
    const oneLine = /^Cannot (back up|restore)\. [^\n]+\n$/;
    for (const [ended, hint] of [
      [await run("backup", DATA_DIR, "--to", missing), `${usb} does not exist`],
      [await run("backup", DATA_DIR, "--to", itself), "is the data folder itself"],
      [await run("restore", DATA_DIR, empty), "is empty"],
    ] as const) {
      expect(ended).toMatchObject({ code: 1, out: "" });
      expect(ended.err).toMatch(oneLine);
      expect(ended.err).toContain(hint);
    }
  });

  it("explain themselves, and refuse a command line that they do not know", async () => {
    const DATA_DIR = temporaryDirectory();
    expect(await run("backup", DATA_DIR, "--help")).toMatchObject({ code: 0, err: "" });
    expect((await run("restore", DATA_DIR)).err).toContain("usage: npm run restore");
    expect(await run("backup", DATA_DIR, "--into", "x")).toMatchObject({ code: 2, out: "" });
    expect(readdirSync(DATA_DIR)).toEqual([]);
  });
});
