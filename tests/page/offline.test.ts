import type { Page } from "playwright-core";
import { expect, it, vi } from "vitest";
import { describeInBrowser } from "../support/browser.ts";
import { type Desk, day, drag, noon, useDesks } from "./desk.ts";

const patiently = { timeout: 60_000 };

/** The page's sockets: what they send, and the way to let those that are open go dead without a word. */
function watchSockets() {
  const sent: string[] = [];
  let pong: string | undefined;
  const open: { isDead: boolean }[] = [];
  const prepare = async (page: Page) => {
    await page.clock.install({ time: new Date(noon) });
    await page.routeWebSocket(/\/live/, (socket) => {
      const line = { isDead: false };
      open.push(line);
      const server = socket.connectToServer();
      socket.onMessage((text) => {
        sent.push(String(text));
        if (line.isDead) return;
        // An hour of pings within seconds is too much for the server. As long as nothing changes, so is its answer.
        if (pong === undefined) server.send(text);
        else socket.send(pong);
      });
      server.onMessage((text) => {
        if (String(text).includes('"type":"pong"')) pong = String(text);
        if (!line.isDead) socket.send(text);
      });
    });
  };
  const die = () => {
    for (const line of open) line.isDead = true;
  };
  return { prepare, sent, open, die };
}

/** Hides or shows the page's tab, as its browser would tell it. */
const setHidden = ({ page }: Desk, isHidden: boolean) =>
  page.evaluate(`{
    Object.defineProperty(document, "hidden", { configurable: true, value: ${isHidden} });
    Object.defineProperty(document, "visibilityState", { configurable: true, value: "${isHidden ? "hidden" : "visible"}" });
    document.dispatchEvent(new Event("visibilitychange"));
  }`);

describeInBrowser("when the network goes and comes", () => {
  const { openShop } = useDesks();

  it("[CL1] keeps a move made offline, brings it home once, and says that all is well again", async () => {
    const { shop, sit } = await openShop();
    const { id } = await shop.addCard({ start: noon });
    const desk = await sit({ hasFailures: true });
    await desk.isLive();
    await desk.card("Maria Keller").waitFor();
    await desk.context.setOffline(true);
    await drag(desk, desk.card("Maria Keller"), desk.column("Ready"));
    expect(await desk.names("Ready")).toEqual(["Maria Keller"]);
    expect(await desk.card("Maria Keller").getAttribute("data-pending")).toBe("true");
    await desk.connection.getByText(/^Can't reach the board\. You see \d\d:\d\d\./).waitFor(patiently);
    await desk.connection.getByRole("button", { name: "Try now" }).waitFor();
    await desk.context.setOffline(false);
    await desk.notices.getByText("Moved to Ready.").waitFor(patiently);
    await desk.connection.getByText("Back. Everything is up to date.").waitFor(patiently);
    await desk.isLive();
    expect(await desk.names("Ready")).toEqual(["Maria Keller"]);
    expect(await shop.client.getAppointment({ id })).toMatchObject({ data: { status: "ready", version: 2 } });
  });

  it("[CL5] says since when it can't reach the server, and catches up when the server is back", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    const desk = await sit({ hasFailures: true, prepare: (page) => page.clock.install() });
    await desk.isLive();
    await desk.card("Maria Keller").waitFor();
    await shop.goDown();
    await desk.connection.getByText(/^Can't reach the board\. You see \d\d:\d\d\./).waitFor(patiently);
    expect(await desk.names("Scheduled")).toEqual(["Maria Keller"]);
    // While the page's time stands still, it does not come back by itself.
    await desk.page.clock.pauseAt(Date.now() + 1_000);
    await shop.comeUp();
    await shop.addCard({ start: noon, customer: { name: "Zoe" } });
    await desk.connection.getByRole("button", { name: "Try now" }).click();
    await desk.page.clock.resume();
    await desk.connection.getByText("Back. Everything is up to date.").waitFor(patiently);
    await desk.card("Zoe").waitFor();
    expect(await desk.names("Scheduled")).toEqual(["Maria Keller", "Zoe"]);
  });

  it("[CL5] becomes right after a sleep in which its socket died without a word", async () => {
    const { shop, sit } = await openShop();
    const { id } = await shop.addCard({ start: noon });
    const { prepare, die, open } = watchSockets();
    const desk = await sit({ prepare });
    await desk.isLive();
    await desk.card("Maria Keller").waitFor();
    await setHidden(desk, true);
    die();
    const body = { newStatus: "ready", expectedVersion: 1 } as const;
    expect((await shop.client.moveAppointment({ id, body })).ok).toBe(true);
    await desk.page.clock.fastForward(3 * 3_600_000);
    expect(await desk.names("Scheduled")).toEqual(["Maria Keller"]);
    await setHidden(desk, false);
    await desk.cardIn("Ready", "Maria Keller").waitFor(patiently);
    await desk.isLive();
    expect(open.length).toBeGreaterThan(1);
  });
});

describeInBrowser("as time passes", () => {
  const { openShop } = useDesks();

  it("[SH1] follows midnight in the shop's zone, and stays on a day that was chosen", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    await shop.addCard({ start: "2031-03-04T11:00:00.000Z", customer: { name: "Zoe" } });
    const options = { timezoneId: "America/New_York" };
    const prepare = (page: Page) => page.clock.install({ time: new Date("2031-03-03T22:58:00.000Z") });
    const today = await sit({ ...options, path: "", prepare });
    const chosen = await sit({ ...options, path: `/?date=${day}`, prepare });
    for (const desk of [today, chosen]) await desk.card("Maria Keller").waitFor();
    for (const desk of [today, chosen]) await desk.page.clock.fastForward(3 * 60_000);
    await today.card("Zoe").waitFor(patiently);
    expect(await today.card("Maria Keller").count()).toBe(0);
    expect(await chosen.names("Scheduled")).toEqual(["Maria Keller"]);
    await chosen.page.getByRole("button", { name: "Today" }).click();
    await chosen.card("Zoe").waitFor();
  });

  it("[CL4] sends nothing but heartbeats in an idle hour", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    const { prepare, sent, open } = watchSockets();
    const desk = await sit({ prepare });
    await desk.isLive();
    await desk.card("Maria Keller").waitFor();
    const asked: string[] = [];
    desk.page.on("request", (request) => asked.push(request.url()));
    const before = sent.length;
    const firstPong = () => expect(desk.heard).toContain("pong");
    // In steps that are shorter than what an answer may take, each begun when what was sent to the page before has come there.
    for (let passed = 0; passed < 3_600; passed += 8) {
      await desk.page.clock.runFor(8_000);
      if (sent.length > before) await vi.waitFor(firstPong, { timeout: 60_000, interval: 5 });
      await desk.page.evaluate("0");
    }
    const actions = sent.slice(before).map((text) => JSON.parse(text).action);
    expect([...new Set(actions)]).toEqual(["ping"]);
    // One every 25 s of the hour, and of the little while that the test itself took.
    expect(actions.length).toBeGreaterThanOrEqual(143);
    expect(actions.length).toBeLessThan(150);
    expect(asked).toEqual([]);
    expect(open).toHaveLength(1);
    expect(await desk.connection.getByText("Live", { exact: true }).count()).toBe(1);
  });
});
