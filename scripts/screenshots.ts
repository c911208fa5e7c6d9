/** Takes the pictures in docs/screenshots, of a made-up day on a server of its own: `npm run screenshots`. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";

const node = ["--disable-warning=ExperimentalWarning", "--conditions=source"];
const date = "2027-03-09";
/** A Tuesday in the workshop's morning, twenty to eleven there. */
const now = `${date}T09:40:00.000Z`;
const folder = "docs/screenshots";

const sizes = { phone: [390, 844], desk: [1280, 800], wide: [1920, 1080] } as const;
const views = [
  { name: "board", query: "", shows: "Live", sizes: ["phone", "desk", "wide"], schemes: ["light", "dark"] },
  {
    name: "services",
    query: "&view=services",
    shows: "Tire change with balancing",
    sizes: ["desk"],
    schemes: ["light"],
  },
  { name: "tv", query: "&view=tv", shows: "Ready", sizes: ["wide"], schemes: ["dark"] },
] as const;

async function startServer(directory: string) {
  const env = { ...process.env, DATA_DIR: directory, PORT: "0", SEED: "off", SHOP_TIME_ZONE: "Europe/Berlin" };
  const server = spawn(process.execPath, [...node, "src/local/main.ts"], { env, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /"url":"([^"]+)"/.exec(line)?.[1];
    if (url !== undefined) return { url: new URL(url).origin, server };
  }
  throw new Error("the server did not start");
}

/** A full day. */
async function fill(url: string): Promise<void> {
  const seed = ["scripts/seed.ts", "--url", url, "--date", date, "--cards", "26", "--now", now];
  await promisify(execFile)(process.execPath, [...node, ...seed]);
}

async function take(browser: Browser, url: string): Promise<void> {
  for (const view of views)
    for (const size of view.sizes)
      for (const colorScheme of view.schemes) {
        const [width, height] = sizes[size];
        const context = await browser.newContext({ viewport: { width, height }, colorScheme });
        const page = await context.newPage();
        await page.clock.install({ time: now });
        await page.goto(`${url}/?date=${date}${view.query}`);
        await page.getByText(view.shows).first().waitFor();
        await page.screenshot({ path: join(folder, `${view.name}-${width}-${colorScheme}.png`) });
        await context.close();
      }
}

mkdirSync(folder, { recursive: true });
const directory = mkdtempSync(join(tmpdir(), "board-pictures-"));
const { url, server } = await startServer(directory);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  await fill(url);
  await take(browser, url);
} finally {
  await browser.close();
  server.kill();
  await once(server, "exit");
  rmSync(directory, { recursive: true, force: true });
}
