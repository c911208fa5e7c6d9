import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { borrow } from "../support/borrow.ts";
import { describeInBrowser, launchBrowser } from "../support/browser.ts";
import { flaws } from "./axe.ts";
import { openPage, startShop } from "./support.ts";

/** The size of the smallest text that is shown, in px. */
const smallestText = (page: Page) =>
  page.evaluate<number>(`Math.min(...[...document.querySelectorAll("#root *")]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""))
    .map((element) => Number.parseFloat(getComputedStyle(element).fontSize)))`);

/** Lets the page's time pass, in small steps so that its server has time to answer, until something is so. */
const passUntil = (page: Page, isSo: () => boolean | Promise<boolean>) =>
  vi.waitFor(
    async () => {
      await page.clock.fastForward(5_000);
      expect(await isSo()).toBe(true);
    },
    { timeout: 60_000, interval: 100 },
  );

const noon = "2031-03-03T11:00:00.000Z";
const hall = { viewport: { width: 1920, height: 1080 } };

describeInBrowser("the TV", () => {
  let browser: Browser;
  let built: string;

  beforeAll(async () => {
    built = await borrow("page");
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  /** A TV on the wall at that moment of its clock, in front of a shop of its own. */
  async function hang(now = noon) {
    const shop = await startShop(built);
    const { page, complaints } = await openPage(browser, hall);
    await page.clock.install({ time: new Date(now) });
    return { shop, page, complaints, status: page.getByRole("status", { name: "Connection" }) };
  }

  const watch = (page: Page, url: string) => page.goto(`${url}/?view=tv`);
  const column = (page: Page, name: string) => page.getByRole("region", { name });

  it("[AU6] shows what everybody may see and nothing else, though a manager opened it", async () => {
    const { shop, page, complaints, status } = await hang();
    await shop.client.createService({ body: { code: "SECRET1", name: "Oil change", priceCents: 98_765, minutes: 77 } });
    await shop.addCard({
      start: noon,
      customer: { name: "Maria <img src=x onerror=alert(1)>", phone: "+49 30 555 0199", email: "secret@example.com" },
      vehicle: { year: 1987, make: "VW", model: "Golf", plate: "B-MK 1234", vin: "WVWZZZ1JZXW000001" },
      serviceCodes: ["SECRET1"],
      notes: "secret notes",
      paidCents: 12_345,
    });
    await watch(page, shop.url);
    const card = column(page, "Scheduled").getByRole("article", {
      name: "Maria <img src=x onerror=alert(1)>, VW Golf",
    });
    await card.getByText("B-MK 1234").waitFor();
    await status.getByText("Live").waitFor();
    expect(await page.content()).not.toMatch(/555 0199|secret|WVWZZZ|1987|987.?65|123.?45/i);
    expect(await page.locator("img, button, a, input").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("can be read from across the hall: 28 px and 7:1 at least, and nothing that axe finds, in every state", async () => {
    const { shop, page, status } = await hang();
    await shop.addCard({ start: noon, promisedAt: "2031-03-03T10:00:00.000Z", vehicle: { plate: "B-MK 1234" } });
    await watch(page, shop.url);
    await status.getByText("Live").waitFor();
    expect(await flaws(page, { enhancedContrast: true })).toEqual([]);
    expect(await smallestText(page)).toBeGreaterThanOrEqual(28);
    await shop.goDown();
    await status.getByText("Last seen").waitFor();
    expect(await flaws(page, { enhancedContrast: true })).toEqual([]);
    expect(await smallestText(page)).toBeGreaterThanOrEqual(28);
    await shop.comeUp();
    await page.clock.setSystemTime(new Date("2031-03-03T02:00:00.000Z"));
    await watch(page, shop.url);
    await page.getByText("First car at 12:00").waitFor();
    expect(await flaws(page, { enhancedContrast: true })).toEqual([]);
    expect(await smallestText(page)).toBeGreaterThanOrEqual(28);
  });

  it("turns the pages of a column that holds more than fit", async () => {
    const { shop, page } = await hang();
    for (let index = 0; index < 12; index++) await shop.addCard({ start: noon, customer: { name: `Guest ${index}` } });
    await watch(page, shop.url);
    const cards = column(page, "Scheduled").getByRole("article");
    await cards.first().waitFor();
    await page.clock.pauseAt(new Date("2031-03-03T11:30:00.000Z"));
    const pages: string[][] = [];
    for (let turn = 0; turn < 3; turn++) {
      const number = 1 + ((turn + 1) % 2);
      await passUntil(page, () => column(page, "Scheduled").getByLabel(`Page ${number} of 2`).isVisible());
      pages.push(await cards.allInnerTexts());
    }
    expect(new Set(pages.flat()).size).toBe(12);
    expect(pages[0]).toEqual(pages[2]);
  });

  it("[CL5] dims and says since when it cannot be sure, and is sure again by itself", async () => {
    const { shop, page, status } = await hang();
    await shop.addCard({ start: noon });
    await watch(page, shop.url);
    await status.getByText("Live").waitFor();
    const colours = () => page.evaluate<string>("getComputedStyle(document.querySelector('article')).color");
    const bright = await colours();
    await shop.goDown();
    await status.getByText("Last seen 12:00. Reconnecting.").waitFor();
    expect(await colours()).not.toBe(bright);
    await shop.comeUp();
    await shop.addCard({ start: noon, customer: { name: "Zoe" } });
    await passUntil(page, () => status.getByText("Live").isVisible());
    await page.getByRole("article", { name: "Zoe" }).waitFor();
    expect(await colours()).toBe(bright);
  });

  it("starts again by itself, ever more slowly, where its code could not be loaded", async () => {
    const { shop, page, status } = await hang();
    await page.route(/tv-view-.*\.js/, (route) => route.abort());
    let loads = 0;
    page.on("load", () => loads++);
    await watch(page, shop.url);
    const failed = page.getByText("This screen failed. It starts again by itself.");
    await failed.waitFor();
    const again = page.waitForEvent("load");
    await page.clock.fastForward(15_000);
    await again;
    await failed.waitFor();
    await page.unroute(/tv-view-.*\.js/);
    await shop.goDown();
    const asked = page.waitForEvent("requestfailed");
    await page.clock.fastForward(30_000);
    await asked;
    // Nobody is there to load a page from: the one that stands goes on standing.
    await failed.waitFor();
    expect(loads).toBe(2);
    await shop.comeUp();
    await passUntil(page, () => status.getByText("Live").isVisible());
    expect(loads).toBe(3);
  });

  it("rests at night, begins the next day by itself, and wakes before its first car", async () => {
    const { shop, page } = await hang("2031-03-03T22:58:00.000Z");
    await shop.addCard({ start: "2031-03-03T22:59:00.000Z", customer: { name: "Late guest" } });
    await shop.addCard({ start: "2031-03-04T07:00:00.000Z", customer: { name: "Early guest" } });
    await watch(page, shop.url);
    await page.getByRole("article", { name: "Late guest" }).waitFor();
    await page.clock.fastForward(3 * 60_000);
    await page.getByText("First car at 08:00").waitFor();
    expect(await page.getByRole("article").count()).toBe(0);
    expect(await page.getByRole("time").innerText()).toMatch(/^00:0\d$/);
    await page.clock.fastForward(7 * 3_600_000);
    await page.getByRole("article", { name: "Early guest" }).waitFor();
  });

  it("loads itself anew once after a release, when nothing has changed for a minute", async () => {
    const { shop, page, status } = await hang();
    let release = "1.0.0";
    let told = 0;
    await page.routeWebSocket(/\/live/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((text) => {
        const retold = String(text).replace(/"release":"[^"]*"/, `"release":"${release}"`);
        if (retold.includes(release)) told++;
        socket.send(retold);
      });
    });
    let loads = 0;
    page.on("load", () => loads++);
    await shop.addCard({ start: noon });
    await watch(page, shop.url);
    await status.getByText("Live").waitFor();
    await page.clock.fastForward(120_000);
    expect(loads).toBe(1);
    release = "1.1.0";
    await passUntil(page, () => loads === 2);
    await status.getByText("Live").waitFor();
    await page.clock.fastForward(2 * 3_600_000);
    const before = told;
    await passUntil(page, () => told >= before + 5);
    expect(loads).toBe(2);
  });
});
