import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { errorStatus } from "../../contracts/index.ts";
import { addCard, columnIds } from "../../src/testing/cards.ts";
import { day } from "../../src/testing/workshop.ts";
import { launchBrowser } from "../support/browser.ts";
import { neededPackages, projectFiles } from "./fresh-project.ts";
import { projectWithPackages, root, tool } from "./packed.ts";
import { startServer } from "./server.ts";

/*
 * The examples of the front-end guide as a reader gets them: each block that names its file becomes that file, in an empty project
 * with the packed packages. They are type-checked, built and run against a real server.
 */
const guide = readFileSync(join(root, "docs/FRONTEND_INTEGRATION.md"), "utf8");
const examples = [...guide.matchAll(/^```\w+\n\/\/ (\S+)\n(.*?)^```$/gms)].map(([, file = "", text = ""]) => ({
  file,
  text,
}));
let project = "";
let browser: Browser;

beforeAll(async () => {
  project = await projectWithPackages(neededPackages);
  const frame = Object.entries(projectFiles).map(([file, text]) => ({ file, text }));
  for (const { file, text } of [...frame, ...examples]) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  }
  browser = await launchBrowser();
}, 300_000);
afterAll(async () => {
  await browser.close();
  rmSync(project, { recursive: true, force: true });
});

/** One of the examples' functions, bundled as a reader's tool would. */
async function functionOf(file: string, name: string): Promise<(...input: string[]) => Promise<unknown>> {
  const outfile = join(project, `${name}.js`);
  await build({ entryPoints: [join(project, file)], outfile, bundle: true, format: "esm", platform: "neutral" });
  return (await import(pathToFileURL(outfile).href))[name];
}

it("names the examples' files, and tells of every error code", () => {
  expect(examples.map(({ file }) => file)).toEqual([
    "vite.config.js",
    "src/main.tsx",
    "src/board.tsx",
    "src/words.ts",
    "src/no-react.ts",
    "src/http-only.ts",
  ]);
  const table = guide.slice(guide.indexOf("## Errors"));
  for (const code of [...Object.keys(errorStatus), "network", "timeout", "aborted", "bad_answer"])
    expect(table).toContain(`\`${code}\``);
});

it("type-checks", async () => {
  expect(await tool("typescript/bin/tsc", ["-p", project], { cwd: project })).toBe("");
}, 300_000);

it("shows a board with React on which a card can be moved and moved back", async () => {
  const dist = join(project, "dist");
  const env = { ...process.env, NODE_ENV: "production" };
  await tool("vite/bin/vite.js", ["build", "--outDir", dist], { cwd: project, env });
  const { url, api } = await startServer(dist);
  await addCard(api, { customer: { name: "Maria Keller" } });
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(`${url}/?date=${day}`);
  await page.getByRole("status").getByText("live").waitFor();
  const cardIn = (column: string) =>
    page.getByRole("region", { name: column }).getByRole("article", { name: "Maria Keller" });
  await cardIn("scheduled").getByRole("button", { name: "ready" }).click();
  await page.getByText("Moved to ready.").waitFor();
  expect(await cardIn("ready").count()).toBe(1);
  expect(await columnIds(api, "ready")).toHaveLength(1);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Moved to scheduled.").waitFor();
  expect(await columnIds(api, "scheduled")).toHaveLength(1);
  expect(errors).toEqual([]);
}, 300_000);

it("works without React, and with the HTTP API alone", async () => {
  const { url, api } = await startServer(project);
  const card = await addCard(api, { customer: { name: "Maria Keller" } });
  const finishFirst = await functionOf("src/no-react.ts", "finishFirst");
  expect(await finishFirst(url, day)).toBe("moved, 1 ready");
  expect(await columnIds(api, "ready")).toEqual([card.id]);
  expect(await finishFirst(url, day)).toBe("nothing to do, 1 ready");
  const customersOf = await functionOf("src/http-only.ts", "customersOf");
  expect(await customersOf(url, day)).toEqual(["Maria Keller"]);
  expect(await customersOf(url, "2031-02-30")).toEqual([expect.stringMatching(/^invalid_request: .+\(.{8,}\)$/)]);
}, 300_000);
