import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { addCard, columnIds, edit } from "../../src/testing/cards.ts";
import { day, nextDay } from "../../src/testing/workshop.ts";
import { launchBrowser } from "../support/browser.ts";
import { neededPackages, writeProject } from "./fresh-project.ts";
import { projectWithPackages, root, tool } from "./packed.ts";
import { startServer } from "./server.ts";
import { buildTaken } from "./weigh.ts";

/*
 * The packages as others get them: packed, installed into a fresh Vite and React project, checked, built, and run in a
 * browser against a real server. Nothing here knows the sources.
 */
let project = "";
let browser: Browser;

beforeAll(async () => {
  project = await projectWithPackages(neededPackages);
  writeProject(project);
  browser = await launchBrowser();
}, 300_000);
afterAll(async () => {
  await browser.close();
  rmSync(project, { recursive: true, force: true });
});

/** The project as Vite builds it, as for production or, with React's double mounts, for development. */
async function buildProject(mode: "production" | "development"): Promise<string> {
  const directory = join(project, `dist-${mode}`);
  const env = { ...process.env, NODE_ENV: mode };
  await tool("vite/bin/vite.js", ["build", "--mode", mode, "--outDir", directory], { cwd: project, env });
  return directory;
}

/** What a page asks for: its requests to the API, and its sockets, open and ever. */
function listenTo(page: Page) {
  const requests: string[] = [];
  const errors: string[] = [];
  let [opened, closed] = [0, 0];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/")) requests.push(`${request.method()} ${pathname}`);
  });
  page.on("websocket", (socket) => {
    opened++;
    socket.on("close", () => closed++);
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return { requests, errors, sockets: () => ({ opened, open: opened - closed }) };
}

async function openPage(url: string) {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const heard = listenTo(page);
  await page.goto(url);
  const isLive = () => page.getByRole("status").getByText("live").waitFor();
  const drawn = () => page.evaluate<Record<string, number>>("({ ...drawn })");
  return { page, isLive, drawn, ...heard };
}

const named = (name: string) => ({ customer: { name } });

it("type-checks, strictly, in a fresh project", async () => {
  expect(await tool("typescript/bin/tsc", ["-p", project], { cwd: project })).toBe("");
}, 300_000);

it("[CL1] [CL2] runs in a fresh project: a move is one request, and only the cards that it touches are drawn", async () => {
  const { url, api } = await startServer(await buildProject("production"));
  const names = Array.from({ length: 20 }, (_, index) => `Customer ${index + 1}`);
  for (const name of names) await addCard(api, named(name));
  const { page, requests, errors, isLive, drawn } = await openPage(`${url}/#${day}`);
  await isLive();
  expect(await drawn()).toEqual(Object.fromEntries(names.map((name) => [name, 1])));
  expect(requests.toSorted()).toEqual(["GET /api/admin/appointments/board", "POST /api/admin/live/ticket"]);
  requests.length = 0;

  await page.getByRole("article", { name: "Customer 7", exact: true }).getByRole("button").click();
  await page.getByRole("status").getByText("0 pending, moved").waitFor();
  const [ready = ""] = await columnIds(api, "ready");
  expect(await page.getByRole("region", { name: "ready" }).getByRole("article").count()).toBe(1);
  expect(requests).toEqual([`POST /api/admin/appointments/${ready}/move`]);
  // Another column makes it another element: drawn when it lands and when it is confirmed, each once.
  const { "Customer 7": moved, ...others } = await drawn();
  expect(Object.values(others).every((count) => count === 1)).toBe(true);
  expect(moved).toBe(3);

  const card = await addCard(api, named("New"));
  await page.getByText("New").waitFor();
  await edit(api, card, { notes: "Call back" });
  await page.getByText("Call back").waitFor();
  expect(await drawn()).toEqual({ ...others, "Customer 7": 3, New: 2 });

  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => columnIds(api, "ready")).toEqual([]);
  expect(requests.slice(1)).toEqual([`POST /api/admin/appointments/${ready}/undo`]);
  expect(errors).toEqual([]);
});

it("[CL4] one socket a page under StrictMode, another with another date, and none once it is gone", async () => {
  const { url, api } = await startServer(await buildProject("development"));
  await addCard(api, named("Ana"));
  const { page, requests, errors, isLive, sockets } = await openPage(`${url}/#${day}`);
  await isLive();
  expect(requests.toSorted()).toEqual(["GET /api/admin/appointments/board", "POST /api/admin/live/ticket"]);
  expect(sockets()).toEqual({ opened: 1, open: 1 });
  await page.evaluate(`location.hash = "${nextDay}"`);
  await expect.poll(() => page.getByRole("article").count()).toBe(0);
  await isLive();
  await expect.poll(sockets).toEqual({ opened: 2, open: 1 });
  await page.evaluate('location.hash = "none"');
  await expect.poll(sockets).toEqual({ opened: 2, open: 0 });
  expect(errors).toEqual([]);
});

it("runs without React and without a browser", async () => {
  const { url, api } = await startServer(project);
  const card = await addCard(api);
  const outfile = join(project, "no-react.js");
  const entryPoints = [join(project, "src/no-react.ts")];
  const bundled = await build({
    entryPoints,
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    metafile: true,
  });
  const { moveFirstToReady } = await import(pathToFileURL(outfile).href);
  expect(await moveFirstToReady(url, day)).toBe("moved, 1 ready");
  expect(await columnIds(api, "ready")).toEqual([card.id]);
  const inputs = Object.values(bundled.metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])).join("\n");
  expect(used).toContain("@status-board/frontend-client/dist/");
  expect(used).not.toMatch(/react\/|node_modules\/zod\/|use-status-board/);
});

it("stays within its budgets in bytes, as packed and without zod; who takes a board takes nothing else along", async () => {
  const { board, everything } = await buildTaken(project, join(root, ".cache/size"));
  expect(board).toContain("/api/admin/appointments/board");
  expect(board).not.toMatch(/admin\/(services|shop|devices)|\/auth\/|technicians/);
  expect(everything).toMatch(/admin\/services.*\/auth\/me.*technicians/s);
  expect(everything).not.toMatch(/zod/i);
  const report = await tool("size-limit/bin.js", ["--json"], { cwd: root });
  const sizes: { name: string; passed: boolean; size: number }[] = JSON.parse(report);
  expect(sizes.map(({ name, passed }) => [name, passed])).toEqual([
    ["a board: client, socket and state", true],
    ["a board with the React hook", true],
    ["everything, with all operations and checks", true],
  ]);
  const [core = 0, withHook = 0] = sizes.map(({ size }) => size);
  expect(withHook - core).toBeLessThanOrEqual(1_000);
}, 300_000);
