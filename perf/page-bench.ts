import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "playwright-core";
import { startBoard } from "./board.ts";
import { makeBoard } from "./cards.ts";

const date = "2031-03-14";
const cardCount = 200;
const drags = 5;

/** What the board page costs a browser, with 200 cards. */
export interface PageFigures {
  /** JavaScript that the first load takes, gzipped. */
  scriptBytes: number;
  /** From the navigation to the first card in the document. */
  firstCardMs: number;
  /** Tasks over 50 ms while cards are dragged, and the longest of them. */
  longTasks: { count: number; longestMs: number; drags: number };
}

/** Loads the board and counts what it takes. */
async function load(page: Page, url: string): Promise<Pick<PageFigures, "scriptBytes" | "firstCardMs">> {
  let scriptBytes = 0;
  const counted: Promise<void>[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() !== "script") return;
    const count = (body: Buffer) => {
      scriptBytes += gzipSync(body, { level: 9 }).length;
    };
    counted.push(response.body().then(count));
  });
  await page.addInitScript(`new MutationObserver((_, observer) => {
    if (!document.querySelector("article")) return;
    observer.disconnect();
    window.firstCardMs = performance.now();
  }).observe(document, { childList: true, subtree: true });`);
  await page.goto(`${url}/?date=${date}`);
  await page
    .getByRole("article")
    .nth(cardCount - 1)
    .waitFor();
  const firstCardMs = await page.evaluate<number>("window.firstCardMs");
  await Promise.all(counted);
  return { scriptBytes, firstCardMs };
}

/** Drags one card after the other through the columns, and watches the main thread. */
async function drag(page: Page): Promise<PageFigures["longTasks"]> {
  await page.evaluate(`window.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: "longtask" });`);
  const column = page.getByRole("region", { name: "Scheduled" });
  const target = await page.getByRole("region", { name: "In progress" }).boundingBox();
  if (target === null) throw new Error("the board shows no columns");
  for (let done = 0; done < drags; done++) {
    const card = await column.getByRole("article").first().boundingBox();
    if (card === null) throw new Error("there is no card to drag");
    await page.mouse.move(card.x + 40, card.y + 20);
    await page.mouse.down();
    await page.mouse.move(target.x + 80, target.y + 200, { steps: 40 });
    await page.mouse.move(target.x + 80, target.y + 400, { steps: 20 });
    await page.mouse.up();
    await page.getByRole("status").getByText("Moved to In progress").first().waitFor();
  }
  const durations = await page.evaluate<number[]>("longTasks");
  return { count: durations.length, longestMs: Math.max(0, ...durations), drags };
}

/** Builds the page and runs it in a browser, against the local server. */
export async function measurePage(): Promise<PageFigures> {
  const vite = new URL("../node_modules/vite/bin/vite.js", import.meta.url).pathname;
  await promisify(execFile)(process.execPath, [vite, "build", "frontend-client/app", "--logLevel", "error"]);
  const directory = mkdtempSync(join(tmpdir(), "board-page-"));
  const server = await startBoard({ DATA_DIR: directory });
  let browser: Browser | undefined;
  try {
    await makeBoard(server, date, cardCount);
    const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const { cookie = "", origin: _, ...extraHTTPHeaders } = server.headers;
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, extraHTTPHeaders });
    const [name = "", value = ""] = cookie.split("=");
    await context.addCookies([{ name, value, url: server.url }]);
    const page = await context.newPage();
    const loaded = await load(page, server.url);
    return { ...loaded, longTasks: await drag(page) };
  } finally {
    await browser?.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
