import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { startServer } from "../../src/testing/server-process.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (name: string) => readFileSync(join(root, "docs/workshop-pc", name), "utf8");

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;
if (!hasSystemd) console.warn("systemd-analyze is not there: the unit is not looked at");
/** Left out with a warning where there is no systemd. */
const withSystemd = hasSystemd ? it : () => undefined;

withSystemd("the unit is one that systemd understands, in every line", () => {
  const unit = read("status-board.service");
  const program = "/opt/status-board/node_modules/.bin/node";
  expect(unit).toContain(`ExecStart=${program} `);
  const file = join(temporaryDirectory(), "status-board.service");
  writeFileSync(file, unit.replace(program, process.execPath));
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
  expect([status, stderr.split("\n").filter((line) => line.includes("status-board"))]).toEqual([0, []]);
});

it("the unit and the container start the board as npm start does", () => {
  const { start } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;
  const [, ...words] = String(start).split(" ");
  expect(read("status-board.service")).toContain(`node ${words.join(" ")}\n`);
  const command = /^CMD (\[.*\])$/m.exec(read("Containerfile"))?.[1] ?? "[]";
  expect(JSON.parse(command)).toEqual(["node", ...words]);
  expect(existsSync(join(root, words.at(-1) ?? ""))).toBe(true);
  // Which has to be there before the process is, so that no start script can say it.
  expect(read("status-board.service")).toMatch(/^Environment=MALLOC_ARENA_MAX=1$/m);
  expect(read("Containerfile")).toMatch(/^ENV .*\bMALLOC_ARENA_MAX=1$/m);
});

it("the container's health check ends with what the board answers", async () => {
  const check: unknown = JSON.parse(/^ {2}CMD (\[.*\])$/m.exec(read("Containerfile"))?.[1] ?? "[]");
  const [, ...args] = check as string[];
  const run = (PORT: string) => spawnSync(process.execPath, args, { env: { PATH: process.env.PATH, PORT } }).status;
  const { port } = await startServer({ DATA_DIR: temporaryDirectory() });
  expect(run(String(port))).toBe(0);
  // Nobody listens at the first port.
  expect(run("1")).toBe(1);
});
