import type { Role } from "@status-board/contracts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { borrow } from "../support/borrow.ts";
import { launchBrowser } from "../support/browser.ts";
import { asPerson, openPage, startShop } from "./support.ts";

/** A day without anything of its own, and its noon in Berlin. */
export const day = "2031-03-03";
export const noon = `${day}T11:00:00.000Z`;

export type Shop = Awaited<ReturnType<typeof startShop>>;

interface DeskOptions extends BrowserContextOptions {
  /** Who sits there. Default the owner. */
  person?: string;
  role?: Role;
  /** What of the address comes after the shop's. Default the board of that day. */
  path?: string;
  /** The network fails, or the server refuses: the browser itself says so in its console. */
  hasFailures?: boolean;
  /** Prepares the page before it is opened. */
  prepare?: (page: Page) => Promise<unknown>;
}

/** A board in somebody's window. */
export type Desk = Awaited<ReturnType<typeof sit>>;

const browsersOwn = /^Failed to load resource|^WebSocket connection to/;
const desksToCheck: { complaints: string[]; hasFailures: boolean }[] = [];

async function sit(browser: Browser, shop: Shop, options: DeskOptions = {}) {
  const { person, role, path = `/?date=${day}`, hasFailures = false, prepare, ...contextOptions } = options;
  const viewport = { width: 1280, height: 800 };
  const headers = person === undefined && role === undefined ? {} : asPerson(person ?? "Owner", role);
  const opened = await openPage(browser, { viewport, extraHTTPHeaders: headers, ...contextOptions });
  const { page, context, complaints } = opened;
  desksToCheck.push({ complaints, hasFailures });
  /** Every request to the API so far, as "POST /api/…". */
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/")) asked.push(`${request.method()} ${pathname}`);
  });
  /** The types of the frames that came over sockets. */
  const heard: string[] = [];
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => heard.push(/"type":"(\w+)"/.exec(String(payload))?.[1] ?? "?"));
  });
  await prepare?.(page);
  await page.goto(shop.url + path);
  const column = (title: string) => page.getByRole("region", { name: title, exact: true });
  const card = (name: string) => page.getByRole("article", { name });
  return {
    page,
    context,
    asked,
    heard,
    column,
    /** A card, by how its name begins. */
    card,
    cardIn: (title: string, name: string) => column(title).getByRole("article", { name }),
    /** The customers of a column's cards, from the top. */
    names: (title: string) =>
      page.evaluate<string[]>(`[...document.querySelectorAll("section")]
        .filter((section) => section.querySelector("h2")?.textContent === ${JSON.stringify(title)})
        .flatMap((section) => [...section.querySelectorAll("article")])
        .map((card) => card.ariaLabel.split(",")[0])`),
    notices: page.getByRole("status", { name: "Notices" }),
    connection: page.getByRole("status", { name: "Connection" }),
    isLive: () => page.getByRole("status", { name: "Connection" }).getByText("Live", { exact: true }).waitFor(),
    /** What has the focus, by its element's id. */
    focused: () => page.evaluate<string>("document.activeElement?.id ?? ''"),
  };
}

/** One browser for a test file. At no desk may anything stand in the console at a test's end. */
export function useDesks() {
  let browser: Browser;
  let built: string;
  beforeAll(async () => {
    built = await borrow("page");
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  afterEach(() => {
    for (const { complaints, hasFailures } of desksToCheck.splice(0))
      expect(complaints.filter((text) => !hasFailures || !browsersOwn.test(text))).toEqual([]);
  });
  return {
    openShop: async () => {
      const shop = await startShop(built);
      return { shop, sit: (options?: DeskOptions) => sit(browser, shop, options) };
    },
  };
}

interface Way {
  /** Right above another card, not to the middle of a column. */
  isAbove?: boolean;
  /** How many times the mouse tells of itself on its way. */
  steps?: number;
}

type Place = ReturnType<Desk["card"]>;

/** Picks a card up with the mouse and carries it somewhere. Does not let go. */
export async function carry(desk: Desk, from: Place, to: Place, { isAbove = false, steps = 8 }: Way = {}) {
  const { mouse } = desk.page;
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (start === null || end === null) throw new Error("what is to be dragged is not in sight");
  const [x, y] = [start.x + start.width / 2, start.y + start.height / 2];
  await mouse.move(x, y);
  await mouse.down();
  await mouse.move(x + 10, y + 10, { steps: 2 });
  await desk.page.locator("[data-held]").waitFor();
  await mouse.move(end.x + end.width / 2, isAbove ? end.y + 3 : end.y + end.height / 2, { steps });
  // The page follows the mouse frame by frame.
  await desk.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

/** Drags a card with the mouse to the middle of a column, or right above another card. */
export async function drag(desk: Desk, from: Place, to: Place, way?: Way) {
  await carry(desk, from, to, way);
  await desk.page.mouse.up();
}

/** Lets requests of one kind wait from now on; answers those that do, and the way to let all go on. */
export async function holdBack({ page }: Pick<Desk, "page">, url: RegExp) {
  const waiting: (() => void)[] = [];
  let isHolding = true;
  await page.route(url, async (route) => {
    if (isHolding) await new Promise<void>((goOn) => waiting.push(goOn));
    await route.continue();
  });
  const letGo = () => {
    isHolding = false;
    for (const goOn of waiting) goOn();
  };
  return { waiting, letGo };
}
