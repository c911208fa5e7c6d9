import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { sqlite } from "../live/support/databases.ts";
import { openPage } from "../page/support.ts";
import { borrow } from "../support/borrow.ts";
import { describeInBrowser, launchBrowser } from "../support/browser.ts";
import { newCard, signedIn, startBoard } from "./support/board.ts";

let built: string;
let browser: Browser;

const board = () => startBoard(sqlite, { pageDirectory: built });
const signInLink = (page: Page) => page.getByRole("link", { name: "Sign in" });
const column = (page: Page) => page.getByRole("region", { name: /Scheduled/ });

/** Another site's page, which does to the board what it can. */
async function evilSite(html: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(html);
  }).listen(0, "localhost");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

describeInBrowser("in a browser", () => {
  beforeAll(async () => {
    built = await borrow("page");
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it("[AU2] [WS2] one signs in, is where one wanted to be, signs out, and every tab says so", async () => {
    const { url, issuer } = await board();
    const { page } = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    const view = `${url}/?date=2031-03-03`;
    await page.goto(view);
    await signInLink(page).click();
    await page.waitForURL((at) => at.origin === issuer.url);
    await page.getByRole("link", { name: "manager", exact: true }).click();
    await column(page).waitFor();
    expect(page.url()).toBe(view);

    const cookies = (await page.context().cookies(url)).filter(({ name }) => /session|signin/.test(name));
    expect(cookies).toMatchObject([{ name: "session", httpOnly: true, sameSite: "Lax", path: "/" }]);
    expect(await page.evaluate("document.cookie")).not.toContain("session");

    const tab = await page.context().newPage();
    await tab.goto(view);
    await column(tab).waitFor();
    await tab.reload();
    await column(tab).waitFor();

    await tab.getByRole("button", { name: /^Account of / }).click();
    await tab.getByText(/, manager of /).waitFor();
    await tab.getByRole("menuitem", { name: "Sign out" }).click();
    for (const each of [page, tab]) await signInLink(each).waitFor();

    // The issuer still knows him, so that one click is enough.
    await signInLink(page).click();
    await column(page).waitFor();
    expect(page.url()).toBe(view);
  });

  it("[AU2] [AU4] one without a role is told so, and may come as somebody else", async () => {
    const { url, issuer, sessionsMade } = await board();
    issuer.people.set("stranger", { name: "Stranger", roles: ["nobody"] });
    const { page, complaints } = await openPage(browser);
    await page.goto(`${url}/auth/login?returnTo=/?view=services`);
    await page.getByRole("link", { name: "stranger" }).click();
    await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
    expect(await page.locator("body").innerText()).toContain("you have no role on this board");
    expect(sessionsMade()).toBe(0);
    // The browser itself remarks on a status; nothing else is amiss, the page's own style included.
    expect(complaints.filter((complaint) => !/status of 40[34] /.test(complaint))).toEqual([]);
    await page.getByRole("link", { name: "Sign in as somebody else" }).click();
    await page.getByRole("link", { name: "stranger" }).waitFor();
  });

  it("[AU3] another site's page can't write, though its visitor is signed in", async () => {
    const running = await board();
    const { url } = running;
    const { visitor, api } = await signedIn(running, "manager");
    const { page } = await openPage(browser);
    const session = visitor.cookies("127.0.0.1").get("session") ?? "";
    await page.context().addCookies([{ name: "session", value: session, url, httpOnly: true, sameSite: "Lax" }]);
    const card = JSON.stringify(newCard()).replaceAll('"', "&quot;");
    const evil = await evilSite(
      `<form method="post" enctype="text/plain" action="${url}/api/admin/appointments"><input name="${card}" value=""><button>Win</button></form>`,
    );
    await page.goto(evil);
    const sent = page.waitForResponse(`${url}/api/admin/appointments`);
    await page.getByRole("button", { name: "Win" }).click();
    expect((await sent).status()).toBe(403);
    await page.goto(evil);
    const outcome = await page.evaluate(
      async ([address, body]) => {
        const simple = { method: "POST", mode: "no-cors", credentials: "include", body } as const;
        await fetch(`${address}/api/admin/appointments`, simple);
        await fetch(`${address}/auth/logout`, simple);
        const asked = fetch(`${address}/auth/me`, { credentials: "include" });
        return asked.then(
          () => "read",
          () => "refused",
        );
      },
      [url, JSON.stringify(newCard())] as const,
    );
    expect(outcome).toBe("refused");
    expect((await api.ok("getBoard", { query: { date: "2031-03-03" } })).columns.scheduled.count).toBe(0);
  });
});
