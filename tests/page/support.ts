import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RouteBody } from "@status-board/contracts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { describe, onTestFinished } from "vitest";
import { createStatusBoardClient } from "../../frontend-client/client.ts";
import { start } from "../../src/local/start.ts";
import { readLocalEnvironment } from "../../src/runtime/environment.ts";
import { createLogger } from "../../src/runtime/logger.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";

export const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const isBrowserThere = existsSync(executablePath);
if (!isBrowserThere && process.env.CI) throw new Error(`there is no browser at ${executablePath}`);
if (!isBrowserThere) console.warn(`${executablePath} is not there: the page is not tried in a browser`);
/** Left out with a warning where there is no browser; under CI that fails. */
export const describeInBrowser = isBrowserThere ? describe : () => undefined;

/** Builds the page as it is shipped into a folder. */
export async function buildPage(directory: string): Promise<string> {
  const root = join(import.meta.dirname, "../..");
  const build = ["build", "frontend-client/app", "--outDir", directory, "--emptyOutDir", "--logLevel", "error"];
  const env = { ...process.env, NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, [join(root, "node_modules/vite/bin/vite.js"), ...build], {
    cwd: root,
    env,
  });
  return directory;
}

/** A shop in Berlin behind the page. It can go down, and come up again at the same address with the same data. */
export async function startShop(pageDirectory: string) {
  const DATA_DIR = temporaryDirectory();
  const logger = createLogger({ level: "silent", release: "test" });
  const up = (PORT: string) => {
    const variables = { DATA_DIR, PORT, SEED: "off", SHOP_TIME_ZONE: "Europe/Berlin" };
    return start(readLocalEnvironment(variables), logger, { pageDirectory });
  };
  let running: Awaited<ReturnType<typeof up>> | undefined = await up("0");
  const { url } = running;
  const goDown = async () => {
    await running?.close();
    running = undefined;
  };
  onTestFinished(goDown);
  const client = createStatusBoardClient({ baseUrl: url });
  return {
    url,
    client,
    goDown,
    comeUp: async () => {
      running = await up(new URL(url).port);
    },
    addCard: async (body: Partial<RouteBody<"createAppointment">> & { start: string }) => {
      const end = new Date(Date.parse(body.start) + 1_800_000).toISOString();
      const customer = { name: "Maria Keller" };
      const answer = await client.createAppointment({
        body: { end, customer, vehicle: {}, serviceCodes: [], ...body },
      });
      if (!answer.ok) throw new Error(JSON.stringify(answer.error));
      return answer.data;
    },
  };
}

/** Opens a window, and gathers what goes wrong in it and what it asks of other servers. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page: Page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return { page, complaints };
}
