import { statuses } from "@status-board/contracts";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser } from "../support/browser.ts";
import { day, holdBack, noon, useDesks } from "./desk.ts";

const board = /\/appointments\/board\?/;
/** Asks again by hand while the answer is still as bad as before: once it is good, the page gets it by itself at any moment. */
async function tryNow(page: Page, url: RegExp | ((asked: URL) => boolean)): Promise<void> {
  const asked = page.waitForRequest((request) =>
    url instanceof RegExp ? url.test(request.url()) : url(new URL(request.url())),
  );
  await page.getByRole("alert").getByRole("button", { name: "Try now" }).click();
  await asked;
}
/** A board on which a card lacks what the page shows of it, though not what a board stands on. */
const cardWithoutName = () => {
  const card = { id: "01K00000000000000000000CAR", date: day, version: 1, status: "scheduled", rank: "V" };
  const columns = Object.fromEntries(
    statuses.map((status) => [status, { items: status === card.status ? [card] : [] }]),
  );
  return whole({ date: day, epoch: "e", rev: 0, removed: [], columns });
};
const whole = (data: unknown) => JSON.stringify({ ok: true, data });

describeInBrowser("the board when there is nothing to show, or no way to show it", () => {
  const { openShop } = useDesks();

  it("says what it waits for, then that the day is empty, and begins its first appointment", async () => {
    const { sit } = await openShop();
    let hold: Awaited<ReturnType<typeof holdBack>> | undefined;
    const desk = await sit({
      path: "",
      prepare: async (page) => {
        await page.clock.install({ time: new Date(noon) });
        hold = await holdBack({ page }, board);
      },
    });
    await desk.page.getByText("Loading Monday, March 3").waitFor();
    hold?.letGo();
    await desk.page.getByText("No cars yet for Monday.").waitFor();
    await desk.page.getByRole("button", { name: "Add the first appointment" }).click();
    await desk.page.getByRole("dialog", { name: "New appointment" }).waitFor();
  });

  it("says that nothing matches, and takes the search away again", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    const desk = await sit();
    await desk.page.getByRole("searchbox", { name: "Search" }).fill("Golf");
    await desk.page.getByText("Nothing matches 'Golf'.").waitFor();
    expect(new URL(desk.page.url()).searchParams.get("q")).toBe("Golf");
    await desk.page.getByRole("button", { name: "Clear search" }).click();
    await desk.card("Maria Keller").waitFor();
    expect(new URL(desk.page.url()).searchParams.get("q")).toBeNull();
  });

  it.each([
    ["no JSON", "<html>It works!</html>"],
    ["another shape", whole({ date: day, epoch: "e", rev: 0, columns: "?", removed: [] })],
    [
      "a card without anything",
      whole({ date: day, epoch: "e", rev: 0, removed: [], columns: { scheduled: { items: [{}] } } }),
    ],
    ["a card without a name", cardWithoutName()],
    ["nothing at all", ""],
  ])("[HT4] says so when the board's answer is %s, with an id to quote, and tries again", async (_, body) => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    const answer = { status: 200, contentType: "application/json", body };
    const desk = await sit({ prepare: (page) => page.route(board, (route) => route.fulfill(answer)) });
    const alert = desk.page.getByRole("alert");
    await alert.getByText("The server's answer makes no sense.").waitFor();
    expect(await alert.locator("code").innerText()).toMatch(/^[A-Za-z0-9_.-]{8,64}$/);
    await alert.getByRole("button", { name: "Copy the id of this failure" }).waitFor();
    await tryNow(desk.page, board);
    await desk.page.unroute(board);
    await desk.card("Maria Keller").waitFor();
    expect(await alert.count()).toBe(0);
  });

  it.each(["/auth/me", "/api/admin/services"])(
    "[HT4] says so when the answer of %s makes no sense, with an id to quote, and tries again",
    async (path) => {
      const { sit } = await openShop();
      const url = (asked: URL) => asked.pathname === path;
      const garbage = { status: 200, contentType: "application/json", body: '{"ok":true,"data":[1]}' };
      const desk = await sit({
        path: "/?view=services",
        prepare: (page) => page.route(url, (route) => route.fulfill(garbage)),
      });
      const alert = desk.page.getByRole("alert");
      await alert.getByText("The server's answer makes no sense.").waitFor();
      expect(await alert.locator("code").innerText()).toMatch(/^[A-Za-z0-9_.-]{8,64}$/);
      await tryNow(desk.page, url);
      await desk.page.unroute(url);
      await desk.page.getByText("No services yet.").waitFor();
    },
  );

  it("keeps the board that it has when a later answer makes no sense", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    const desk = await sit();
    await desk.isLive();
    await desk.card("Maria Keller").waitFor();
    const answer = { status: 200, contentType: "application/json", body: "[]" };
    await desk.page.route(/\/move$/, (route) => route.fulfill(answer));
    await desk.page.getByRole("button", { name: "Move Maria Keller" }).click();
    await desk.page.getByRole("menuitem", { name: "Ready" }).click();
    expect(await desk.names("Ready")).toEqual(["Maria Keller"]);
    // It asks again by itself, and the move is made once.
    await desk.page.unroute(/\/move$/);
    await desk.notices.getByText("Moved to Ready.").waitFor();
    expect(await desk.names("Ready")).toEqual(["Maria Keller"]);
  });
});

describeInBrowser("what is offered to whom", () => {
  const { openShop } = useDesks();

  it("names columns, cards and the steps that a card may take", async () => {
    const { shop, sit } = await openShop();
    const steps = {
      scheduled: ["In progress", "Ready", "No-show"],
      in_progress: ["Scheduled", "Ready", "Completed"],
      ready: ["In progress", "Completed"],
      completed: ["Ready"],
      no_show: ["Scheduled"],
    } as const;
    const titles = ["Scheduled", "In progress", "Ready", "Completed", "No-show"];
    const vehicle = { make: "VW", model: "Golf", year: 2017 };
    for (const status of Object.keys(steps) as (keyof typeof steps)[]) {
      const { id } = await shop.addCard({ start: noon, vehicle, customer: { name: status } });
      const way = status === "completed" ? (["ready", "completed"] as const) : [status];
      if (status === "scheduled") continue;
      for (const [index, newStatus] of way.entries()) {
        const moved = await shop.client.moveAppointment({ id, body: { newStatus, expectedVersion: index + 1 } });
        expect(moved.ok).toBe(true);
      }
    }
    const desk = await sit();
    for (const [index, [status, targets]] of Object.entries(steps).entries()) {
      const title = titles[index] ?? "";
      const card = desk.column(title).getByRole("article", { name: `${status}, VW Golf 2017`, exact: true });
      await card.getByRole("button", { name: "Move" }).click();
      const menu = desk.page.getByRole("menu");
      await menu.waitFor();
      for (const target of titles)
        expect(await menu.getByRole("menuitem", { name: target, exact: true }).count()).toBe(
          (targets as readonly string[]).includes(target) ? 1 : 0,
        );
      await desk.page.keyboard.press("Escape");
      await menu.waitFor({ state: "detached" });
    }
  });

  it("[AU4] gives a viewer a board to look at and nothing else", async () => {
    const { shop, sit } = await openShop();
    const { id } = await shop.addCard({ start: noon, notes: "Secret" });
    const desk = await sit({ person: "Hall", role: "viewer", path: `/?date=${day}&appointment=${id}` });
    await desk.isLive();
    await desk.card("Maria Keller").click();
    for (const key of ["Enter", "m", "n", "u", "Space"]) await desk.page.keyboard.press(key);
    expect(await desk.page.getByRole("button", { name: /Move|New|Edit|Cancel/ }).count()).toBe(0);
    expect(await desk.page.getByRole("link", { name: "Services" }).count()).toBe(0);
    expect(await desk.page.getByRole("dialog").count()).toBe(0);
    expect(await desk.page.locator("[data-held]").count()).toBe(0);
    expect(await desk.page.content()).not.toContain("Secret");
    expect(desk.asked.filter((line) => !line.startsWith("GET"))).toEqual(["POST /api/admin/live/ticket"]);
  });

  it("[AU4] lets a technician move cards about the workshop, and edit none", async () => {
    const { shop, sit } = await openShop();
    const { id } = await shop.addCard({ start: noon });
    const gone = await shop.addCard({ start: noon, customer: { name: "Zoe" } });
    for (const [index, newStatus] of (["ready", "completed"] as const).entries())
      await shop.client.moveAppointment({ id: gone.id, body: { newStatus, expectedVersion: index + 1 } });
    const desk = await sit({ person: "Tom", role: "technician" });
    await desk.cardIn("Completed", "Zoe").waitFor();
    expect(await desk.card("Zoe").getByRole("button", { name: "Move" }).count()).toBe(0);
    expect(await desk.page.getByRole("button", { name: "New appointment" }).count()).toBe(0);
    await desk.card("Maria Keller").getByRole("button", { name: "Move" }).click();
    const menu = desk.page.getByRole("menu");
    await menu.getByRole("menuitem", { name: "In progress" }).waitFor();
    expect(await menu.getByRole("menuitem", { name: "No-show" }).count()).toBe(0);
    await menu.getByRole("menuitem", { name: "In progress" }).click();
    await desk.notices.getByText("Moved to In progress.").waitFor();
    await desk.card("Maria Keller").getByText("Maria Keller").click();
    const drawer = desk.page.getByRole("dialog", { name: "Maria Keller" });
    await drawer.getByRole("button", { name: "Move to Ready" }).waitFor();
    expect(await drawer.getByRole("button", { name: /Edit|Cancel/ }).count()).toBe(0);
    expect(new URL(desk.page.url()).searchParams.get("appointment")).toBe(id);
  });
});
