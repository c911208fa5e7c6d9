import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type StartedServer, startServer } from "../../scripts/testing/started-server.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";

/*
 * docs/EXAMPLES.md as a reader types it: its shell blocks run one after the other in one shell, in an empty folder, and print what
 * the blocks after them say. A block whose first line names a file becomes that file.
 */
const page = readFileSync(join(import.meta.dirname, "../../docs/EXAMPLES.md"), "utf8");
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, kind = "", body = ""]) => ({ kind, body }));
const commands = blocks.flatMap(({ kind, body }, index) =>
  kind === "sh" ? [{ body, expected: blocks[index + 1]?.body ?? "" }] : [],
);

/** The text as a pattern, in which `…` is anything within a line. */
const pattern = (expected: string) =>
  new RegExp(
    `^${expected
      .split("…")
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
      .join("[^\\n]*")}$`,
  );

let server: StartedServer;
beforeAll(async () => {
  server = await startServer({ SHOP_TIME_ZONE: "UTC" });
});
afterAll(() => server.stop());

it("has an expected output for each shell block, and nothing that is not tried", () => {
  const kinds = blocks.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "sh").length).toBeGreaterThan(10);
  kinds.forEach((kind, index) => {
    if (kind === "sh") expect(kinds[index + 1], blocks[index]?.body).toBe("text");
  });
  expect(new Set(kinds)).toEqual(new Set(["sh", "text", "js"]));
});

it("prints what the page says", async () => {
  const directory = temporaryDirectory();
  for (const { kind, body } of blocks) {
    const [, name] = /^\/\/ (\S+)\n/.exec(body) ?? [];
    if (kind === "js") writeFileSync(join(directory, name ?? ""), body);
  }
  const script = commands.map(({ body }, index) => `{\n${body}} > output-${index}\n`).join("");
  const shell = spawn("bash", ["--norc", "-euo", "pipefail", "-c", script], {
    cwd: directory,
    env: {
      PATH: `${join(import.meta.dirname, "../../node_modules/.bin")}:${dirname(process.execPath)}:${process.env.PATH}`,
      URL: server.url,
    },
    // Like a terminal's, standard input stays open: wscat ends with it.
    stdio: ["pipe", "ignore", "pipe"],
  });
  const [errors, [code]] = await Promise.all([text(shell.stderr), once(shell, "close")]);
  expect([code, errors]).toEqual([0, ""]);
  commands.forEach(({ body, expected }, index) => {
    expect(readFileSync(join(directory, `output-${index}`), "utf8"), body).toMatch(pattern(expected));
  });
});
