/** Takes the pictures in docs/screenshots, of a made-up day on a server of its own: `npm run screenshots`. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { pairingSchema } from "@status-board/contracts";
import { type Browser, chromium, type Page } from "playwright-core";
import * as z from "zod";

const node = ["--disable-warning=ExperimentalWarning", "--conditions=source"];
const date = "2027-03-09";
/** A Tuesday in the workshop's morning, twenty to eleven there. */
const now = `${date}T09:40:00.000Z`;
const folder = "docs/screenshots";
/** What the pictures call the workshop's PC. */
const publicUrl = "https://192.168.1.20:3000";

const sizes = { phone: [390, 844], desk: [1280, 800], wide: [1920, 1080] } as const;
interface View {
  name: string;
  /** What comes after the server's address. */
  path: string;
  /** What is there once the view is. */
  shows: string;
  sizes: readonly (keyof typeof sizes)[];
  schemes: readonly ("light" | "dark")[];
  /** What has the server's own time stays at that. */
  hasOwnTime?: boolean;
  /** What is done before the picture is taken. */
  open?: (page: Page) => Promise<void>;
}

const devices = { path: "/?view=devices", shows: "TV in the hall", hasOwnTime: true };
const views: readonly View[] = [
  {
    name: "board",
    path: `/?date=${date}`,
    shows: "Live",
    sizes: ["phone", "desk", "wide"],
    schemes: ["light", "dark"],
  },
  {
    name: "services",
    path: "/?view=services",
    shows: "Tire change with balancing",
    sizes: ["desk"],
    schemes: ["light"],
  },
  { name: "tv", path: `/?date=${date}&view=tv`, shows: "Ready", sizes: ["wide"], schemes: ["dark"] },
  { name: "devices", ...devices, sizes: ["phone", "desk", "wide"], schemes: ["light"] },
  { name: "code", ...devices, sizes: ["phone", "desk", "wide"], schemes: ["light"], open: showCode },
  { name: "pair", path: "/pair", shows: "Eight letters", sizes: ["phone", "desk", "wide"], schemes: ["light"] },
];

/** A code like any other, but the same in every picture. */
async function showCode(page: Page): Promise<void> {
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const data = { code: "K7QM4XEP", name: "Ana's phone", role: "technician", expiresAt, url: `${publicUrl}/pair` };
  await page.route("**/pairings", (route) => route.fulfill({ json: { ok: true, data } }));
  await page.getByRole("button", { name: "Pair a device" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(data.name);
  await page.getByRole("button", { name: "Show the code" }).click();
  await page.getByRole("timer").waitFor();
}

async function startServer(directory: string) {
  const paired = { AUTH_MODE: "paired", HOST: "0.0.0.0", PUBLIC_URL: publicUrl };
  const env = { ...process.env, ...paired, DATA_DIR: directory, PORT: "0", SHOP_TIME_ZONE: "Europe/Berlin" };
  const server = spawn(process.execPath, [...node, "src/local/main.js"], { env, stdio: ["ignore", "pipe", "inherit"] });
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

const paired = [
  { name: "Front desk", role: "advisor" },
  { name: "Tom's phone", role: "technician" },
  { name: "TV in the hall", role: "viewer" },
];

/** Pairs the workshop's devices, as if they had entered their codes. */
async function pairDevices(url: string): Promise<void> {
  const post = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    return z.object({ data: z.unknown() }).parse(await answer.json()).data;
  };
  for (const device of paired) {
    const { code } = pairingSchema.parse(await post("/api/admin/devices/pairings", device));
    await post("/auth/pair", { code });
  }
}

async function take(browser: Browser, url: string): Promise<void> {
  for (const view of views)
    for (const size of view.sizes)
      for (const colorScheme of view.schemes) {
        const [width, height] = sizes[size];
        const context = await browser.newContext({ viewport: { width, height }, colorScheme });
        const page = await context.newPage();
        if (!view.hasOwnTime) await page.clock.install({ time: now });
        await page.goto(url + view.path);
        await page.getByText(view.shows).first().waitFor();
        await view.open?.(page);
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
  await pairDevices(url);
  await take(browser, url);
} finally {
  await browser.close();
  server.kill();
  await once(server, "exit");
  rmSync(directory, { recursive: true, force: true });
}
