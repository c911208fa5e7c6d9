import type { Page } from "playwright-core";
import { expect, it, vi } from "vitest";
import { describeInBrowser } from "../support/browser.ts";
import { carry, drag, holdBack, noon, useDesks } from "./desk.ts";

/** Keeps from a page what others do, once it is told to: its socket goes on, but its diffs wait. */
function deafen(page: Page) {
  const kept: (() => void)[] = [];
  let isDeaf = false;
  const prepare = () =>
    page.routeWebSocket(/\/live/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((text) => {
        if (isDeaf && String(text).includes('"type":"diff"')) kept.push(() => socket.send(text));
        else socket.send(text);
      });
    });
  const turnDeaf = () => {
    isDeaf = true;
  };
  const hear = () => {
    isDeaf = false;
    for (const send of kept.splice(0)) send();
  };
  return { prepare, turnDeaf, hear, kept };
}

describeInBrowser("two people at one board", () => {
  const { openShop } = useDesks();

  it("[MV3] lets both drag different cards, and shows the same to both", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    await shop.addCard({ start: noon, customer: { name: "Zoe" } });
    const [ana, ben] = [await sit({ person: "Ana" }), await sit({ person: "Ben" })];
    await Promise.all([ana.card("Maria Keller").waitFor(), ben.card("Zoe").waitFor()]);
    await carry(ana, ana.card("Maria Keller"), ana.column("Ready"));
    await drag(ben, ben.card("Zoe"), ben.column("In progress"));
    await ana.cardIn("In progress", "Zoe").waitFor();
    await ana.page.mouse.up();
    for (const desk of [ana, ben]) {
      await desk.cardIn("Ready", "Maria Keller").waitFor();
      await desk.cardIn("In progress", "Zoe").waitFor();
      expect(await desk.names("Scheduled")).toEqual([]);
    }
    expect(await ana.notices.getByText("not saved").count()).toBe(0);
  });

  it("[CL2] tells who comes second who was first, and shows where the card is now", async () => {
    const { shop, sit } = await openShop();
    const { id } = await shop.addCard({ start: noon });
    await shop.addCard({ start: noon, customer: { name: "Zoe" } });
    let ears: ReturnType<typeof deafen> | undefined;
    const prepare = (page: Page) => {
      ears = deafen(page);
      return ears.prepare();
    };
    const ana = await sit({ person: "Ana" });
    const ben = await sit({ person: "Ben", hasFailures: true, prepare });
    await Promise.all([ana.card("Maria Keller").waitFor(), ben.isLive(), ben.card("Maria Keller").waitFor()]);
    ears?.turnDeaf();
    await drag(ana, ana.card("Maria Keller"), ana.column("Ready"));
    await ana.notices.getByText("Moved to Ready.").waitFor();
    const { waiting, letGo } = await holdBack(ben, /\/move$/);
    await drag(ben, ben.card("Maria Keller"), ben.column("No-show"));
    await vi.waitFor(() => expect(waiting).toHaveLength(1), { timeout: 60_000 });
    expect(await ben.names("No-show")).toEqual(["Maria Keller"]);
    letGo();
    const words = /^Ana moved this to Ready (just now|\d+ s ago)\. Your move was not saved\.$/;
    await ben.notices.getByText(words).waitFor();
    expect(await ben.names("Ready")).toEqual(["Maria Keller"]);
    expect(await ben.names("No-show")).toEqual([]);
    expect(await ben.card("Maria Keller").getAttribute("data-mark")).toBe("moved");
    // A filter that hides the card is no reason not to show it.
    await ben.page.getByRole("searchbox", { name: "Search" }).fill("Zoe");
    await ben.card("Maria Keller").waitFor({ state: "detached" });
    await ben.notices.getByRole("button", { name: "Show card" }).click();
    await ben.card("Maria Keller").waitFor();
    await expect.poll(() => ben.focused()).toBe(`card-${id}`);
    expect(await ben.notices.getByRole("button", { name: "Undo" }).count()).toBe(0);
    // What was kept from him tells nothing new, and its echo does no harm.
    await vi.waitFor(() => expect(ears?.kept.length).toBeGreaterThan(0), { timeout: 60_000 });
    ears?.hear();
    await drag(ana, ana.card("Zoe"), ana.column("In progress"));
    await ben.cardIn("In progress", "Zoe").waitFor();
    expect(await ben.names("Ready")).toEqual(["Maria Keller"]);
    expect(await ana.names("Ready")).toEqual(["Maria Keller"]);
    expect(await ana.notices.getByText("not saved").count()).toBe(0);
  });

  it("[CL2] takes a card that somebody else moves out of the hand that carries it", async () => {
    const { shop, sit } = await openShop();
    const { id } = await shop.addCard({ start: noon });
    const ben = await sit({ person: "Ben" });
    await ben.isLive();
    await ben.card("Maria Keller").waitFor();
    const before = ben.asked.length;
    await carry(ben, ben.card("Maria Keller"), ben.column("No-show"));
    await ben.page.locator("[data-held]").waitFor();
    const body = { newStatus: "in_progress", expectedVersion: 1 } as const;
    expect((await shop.clientAs("Ana").moveAppointment({ id, body })).ok).toBe(true);
    await ben.notices.getByText(/^Ana moved this to In progress .* Your move was not saved\.$/).waitFor();
    expect(await ben.page.locator("[data-held], [data-in-hand]").count()).toBe(0);
    await ben.page.mouse.up();
    expect(await ben.names("In progress")).toEqual(["Maria Keller"]);
    expect(ben.asked.slice(before)).toEqual([]);
  });

  it("[CL3] does not trouble anybody with a conflict about what is not the card's place", async () => {
    const { shop, sit } = await openShop();
    const { id } = await shop.addCard({ start: noon });
    const ben = await sit({ person: "Ben", hasFailures: true });
    await ben.card("Maria Keller").waitFor();
    const { waiting, letGo } = await holdBack(ben, /\/move$/);
    await drag(ben, ben.card("Maria Keller"), ben.column("Ready"));
    await vi.waitFor(() => expect(waiting).toHaveLength(1), { timeout: 60_000 });
    const body = { expectedVersion: 1, notes: "Brings it late" };
    expect((await shop.clientAs("Ana").editAppointment({ id, body })).ok).toBe(true);
    letGo();
    await ben.notices.getByText("Moved to Ready.").waitFor();
    expect(await ben.names("Ready")).toEqual(["Maria Keller"]);
    const card = await shop.client.getAppointment({ id });
    expect(card).toMatchObject({ ok: true, data: { version: 3, status: "ready", notes: "Brings it late" } });
  });
});
