import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { borrow } from "../support/borrow.ts";
import { describeInBrowser, launchBrowser } from "../support/browser.ts";
import { openPage, startShop } from "./support.ts";

let built: string;
beforeAll(async () => {
  built = await borrow("page");
});

describe("the built page", () => {
  const html = () => readFileSync(join(built, "index.html"), "utf8");

  it("[HT8] has nothing inline that its policy would stop", () => {
    const scripts = [...html().matchAll(/<script([^>]*)>([^<]*)/g)];
    expect(scripts).toHaveLength(1);
    for (const [, attributes, text] of scripts) {
      expect(attributes).toContain("src=");
      expect(text).toBe("");
    }
    expect(html()).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:|https?:\/\//);
  });

  it("names nothing but files of its own, each with a hash in its name", () => {
    const named = [...html().matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = ""]) => path);
    expect(named.length).toBeGreaterThan(1);
    const assets = readdirSync(join(built, "assets")).map((name) => `/assets/${name}`);
    for (const path of named) expect(assets).toContain(path);
    for (const path of assets) expect(path).toMatch(/^\/assets\/[\w-]+-[\w-]{8}\.(js|css|svg|js\.map)$/);
  });
});

/** What the server says first on the page's first socket. */
const firstFrame = (page: Page) =>
  new Promise<string>((resolve) =>
    page.once("websocket", (socket) => socket.once("framereceived", ({ payload }) => resolve(String(payload)))),
  );

describeInBrowser("the page in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it.each(["/", "/?view=tv", "/?view=services", "/?new=1"])(
    "[HT8] %s runs under its policy, with a live socket, and asks nobody else",
    async (path) => {
      const shop = await startShop(built);
      const { page, complaints } = await openPage(browser);
      const asked = new Set<string>();
      page.on("request", (request) => asked.add(new URL(request.url()).origin));
      // Another of the server's names: the socket then is of another origin than the page.
      const origin = shop.url.replace("127.0.0.1", "localhost");
      const frame = firstFrame(page);
      await page.goto(origin + path);
      await page.getByRole("main").first().waitFor();
      if (!path.includes("services")) await frame;
      expect(complaints).toEqual([]);
      expect([...asked]).toEqual([origin]);
    },
  );

  it("[HT7] is told one release by every answer and by its socket", async () => {
    const shop = await startShop(built);
    const { page } = await openPage(browser);
    const releases = new Set<string | undefined>();
    page.on("response", (response) => releases.add(response.headers()["x-release"]));
    const frame = firstFrame(page);
    await page.goto(shop.url);
    releases.add(JSON.parse(await frame).release);
    expect(releases.size).toBe(1);
    expect([...releases][0]).toMatch(/^\d+\.\d+\.\d+/);
  });
});
