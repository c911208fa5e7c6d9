import type { CDPSession } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser } from "../support/browser.ts";
import { type Desk, noon, useDesks } from "./desk.ts";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** From one move of a finger to the next, in ms, by the time that they tell: a busy machine makes no swipe faster. */
const stepMs = 16;

/** A finger on the glass. */
async function finger({ page, context }: Desk) {
  const session: CDPSession = await context.newCDPSession(page);
  let at = Date.now();
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", x = 0, y = 0) => {
    at += stepMs;
    return session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: type === "touchEnd" ? [] : [{ x, y }],
      timestamp: at / 1_000,
    });
  };
  return {
    press: (x: number, y: number) => touch("touchStart", x, y),
    slide: (x: number, y: number) => touch("touchMove", x, y),
    lift: () => touch("touchEnd"),
  };
}

const middleOf = async (desk: Desk, name: string) => {
  const box = await desk.card(name).boundingBox();
  if (box === null) throw new Error(`${name} is not in sight`);
  return { x: box.x + box.width / 3, y: box.y + box.height / 2, height: box.height };
};

const tab = (desk: Desk, name: string) => desk.page.getByRole("tab", { name });
const shownTab = (desk: Desk) => desk.page.getByRole("tab", { selected: true }).innerText();
const isFilled = async (desk: Desk, title: string) => Math.round((await desk.column(title).boundingBox())?.x ?? -1);

describeInBrowser("on a phone", () => {
  const { openShop } = useDesks();

  it("shows one column at a time, by tab and by swipe, with its count", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    const desk = await sit(phone);
    await desk.isLive();
    await desk.card("Maria Keller").waitFor();
    expect(await shownTab(desk)).toMatch(/1\s*Scheduled/);
    expect(await isFilled(desk, "Scheduled")).toBe(0);
    await tab(desk, "Ready").tap();
    await expect.poll(() => isFilled(desk, "Ready"), { timeout: 60_000 }).toBe(0);
    await expect.poll(() => shownTab(desk), { timeout: 60_000 }).toMatch(/0\s*Ready/);
    const { press, slide, lift } = await finger(desk);
    await press(60, 500);
    for (let x = 80; x <= 340; x += 20) await slide(x, 500);
    await lift();
    await expect.poll(() => shownTab(desk), { timeout: 60_000 }).toMatch(/0\s*In progress/);
    await expect.poll(() => isFilled(desk, "In progress"), { timeout: 60_000 }).toBe(0);
  });

  it("moves a card by a sheet of the steps that it may take", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    const desk = await sit(phone);
    await desk.card("Maria Keller").getByRole("button", { name: "Move" }).tap();
    const sheet = desk.page.getByRole("menu");
    await sheet.waitFor();
    const step = sheet.getByRole("menuitem", { name: "In progress" });
    expect((await step.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await step.tap();
    await desk.notices.getByText("Moved to In progress.").waitFor();
    expect(await desk.names("In progress")).toEqual(["Maria Keller"]);
    await expect.poll(() => tab(desk, "In progress").innerText()).toMatch(/1\s*In progress/);
    await desk.notices.getByRole("button", { name: "Undo" }).tap();
    await desk.notices.getByText("Undone. Back in Scheduled.").waitFor();
  });

  it("reorders by a long press, within the column alone", async () => {
    const { shop, sit } = await openShop();
    for (const name of ["Ana", "Ben", "Cem"]) await shop.addCard({ start: noon, customer: { name } });
    const desk = await sit(phone);
    await desk.isLive();
    await desk.card("Cem").waitFor();
    const before = desk.asked.length;
    const { press, slide, lift } = await finger(desk);
    const [from, to] = [await middleOf(desk, "Cem"), await middleOf(desk, "Ana")];
    await press(from.x, from.y);
    await desk.page.locator("[data-held]").waitFor();
    for (let step = 1; step <= 8; step++)
      await slide(from.x + step * 15, from.y + ((to.y - to.height / 2 - from.y) * step) / 8);
    await desk.page.locator("[data-gap]").waitFor();
    await lift();
    await desk.notices.getByText("Moved within Scheduled.").waitFor();
    expect(await desk.names("Scheduled")).toEqual(["Cem", "Ana", "Ben"]);
    expect(desk.asked.slice(before)).toHaveLength(1);
    expect(await shownTab(desk)).toMatch(/3\s*Scheduled/);
  });

  it("scrolls where a finger slides at once, and picks nothing up", async () => {
    const { shop, sit } = await openShop();
    const names = Array.from({ length: 14 }, (_, index) => `Guest ${index}`);
    for (const name of names) await shop.addCard({ start: noon, customer: { name } });
    const desk = await sit(phone);
    await desk.isLive();
    await desk.card("Guest 13").waitFor();
    await desk.page.evaluate(`{
      globalThis.everHeld = false;
      new MutationObserver(() => { everHeld ||= document.querySelector("[data-held]") !== null; })
        .observe(document.body, { subtree: true, attributes: true });
    }`);
    const { press, slide, lift } = await finger(desk);
    await press(150, 600);
    for (let step = 1; step <= 8; step++) await slide(150, 600 - step * 40);
    await lift();
    const scrolled = () => desk.page.evaluate<number>("document.getElementById('cards-scheduled').scrollTop");
    await expect.poll(scrolled, { timeout: 60_000 }).toBeGreaterThan(100);
    expect(await desk.page.evaluate<boolean>("everHeld")).toBe(false);
    expect(await desk.names("Scheduled")).toEqual(names);
  });

  it("opens a card as a full sheet", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    const desk = await sit(phone);
    await desk.card("Maria Keller").getByText("Maria Keller").tap();
    const sheet = desk.page.getByRole("dialog", { name: "Maria Keller" });
    await expect.poll(async () => (await sheet.boundingBox())?.width, { timeout: 60_000 }).toBe(390);
    await sheet.getByRole("button", { name: "Close" }).tap();
    await sheet.waitFor({ state: "detached" });
  });
});
