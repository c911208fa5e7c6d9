import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { failingServer, startServer } from "../testing/server-process.ts";
import { temporaryDirectory } from "../testing/workshop.ts";

/** That a server does not come up, and says why in one line that holds all of these. */
async function expectRefused(variables: Record<string, string>, ...hints: string[]) {
  const { code, stderr } = await failingServer({ DATA_DIR: join(temporaryDirectory(), "data"), ...variables });
  expect(stderr).toMatch(/^Cannot start\. [^\n]+\n$/);
  for (const hint of hints) expect(stderr).toContain(hint);
  expect(code).toBe(1);
}

describe("settings", () => {
  it("[AU1] a bad one ends the start with one line that names it", async () => {
    await expectRefused({ PORT: "http" }, "PORT", "0 to 65535");
  });

  it("[AU1] AUTH_MODE none does not listen to the world", async () => {
    await expectRefused({ AUTH_MODE: "none", HOST: "0.0.0.0" }, "HOST", "loopback");
  });

  it("[AU1] AUTH_MODE oidc does not start without an issuer", async () => {
    await expectRefused({ AUTH_MODE: "oidc" }, "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_ROLE_MAP");
  });

  it("[AU1] a port in use and a directory in use are named", async () => {
    const DATA_DIR = temporaryDirectory();
    const { port, url } = await startServer({ DATA_DIR });
    await expectRefused({ PORT: String(port) }, String(port), "PORT");
    await expectRefused({ DATA_DIR }, DATA_DIR, "in use");
    expect((await fetch(`${url}/ready`)).status).toBe(200);
  });
});

describe("a database that cannot be used", () => {
  it("[CA1] is named when its directory cannot be written", async () => {
    const place = join(temporaryDirectory(), "occupied");
    writeFileSync(place, "a file");
    await expectRefused({ DATA_DIR: place }, place, "cannot be written");
    await expectRefused({ DATA_DIR: join(place, "below") }, "cannot be written");
  });

  it("[CA1] is left alone when it is no database, or a damaged one", async () => {
    const DATA_DIR = temporaryDirectory();
    writeFileSync(join(DATA_DIR, "board.sqlite"), "this is a text, and a rather long one at that. ".repeat(100));
    await expectRefused({ DATA_DIR }, "board.sqlite", "not a database");
  });

  it("[CA1] is left alone when a newer version has written it", async () => {
    const DATA_DIR = temporaryDirectory();
    const database = new DatabaseSync(join(DATA_DIR, "board.sqlite"));
    database.exec("PRAGMA user_version = 999");
    database.close();
    await expectRefused({ DATA_DIR }, "board.sqlite", "newer version");
  });

  it("[CA1] is named when the file's place is taken by a directory", async () => {
    const DATA_DIR = temporaryDirectory();
    mkdirSync(join(DATA_DIR, "board.sqlite"));
    await expectRefused({ DATA_DIR }, "board.sqlite");
  });
});
