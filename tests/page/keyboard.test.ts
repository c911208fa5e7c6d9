import { expect, it } from "vitest";
import { describeInBrowser } from "../support/browser.ts";
import { type Desk, noon, useDesks } from "./desk.ts";

/** Presses keys one after the other, as somebody would who never touches a mouse. */
async function press({ page }: Desk, ...keys: string[]) {
  for (const key of keys) await page.keyboard.press(key);
}

/** Presses Tab until something of that label has the focus. */
async function tabTo({ page }: Desk, label: string) {
  const target = page.getByRole("dialog").getByLabel(label, { exact: true });
  for (let tries = 0; tries < 40; tries++) {
    if (await target.evaluateAll(isFocused)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key does not lead to ${label}`);
}
const isFocused = (elements: unknown[]) => elements.includes(Reflect.get(globalThis, "document").activeElement);

const focusIs = (desk: Desk, id: string) => expect.poll(() => desk.focused(), { timeout: 60_000 }).toBe(`card-${id}`);

describeInBrowser("a day at the keyboard", () => {
  const { openShop } = useDesks();

  it("walks from card to card, and opens one", async () => {
    const { shop, sit } = await openShop();
    const [ana, ben, cem] = [
      await shop.addCard({ start: noon, customer: { name: "Ana" } }),
      await shop.addCard({ start: noon, customer: { name: "Ben" } }),
      await shop.addCard({ start: noon, customer: { name: "Cem" } }),
    ];
    await shop.client.moveAppointment({ id: cem.id, body: { newStatus: "ready", expectedVersion: 1 } });
    const desk = await sit();
    await desk.cardIn("Ready", "Cem").waitFor();
    const walk: [string, string][] = [
      ["ArrowDown", ana.id],
      ["ArrowDown", ben.id],
      ["ArrowDown", ben.id],
      ["ArrowRight", cem.id],
      ["ArrowLeft", ana.id],
    ];
    for (const [key, id] of walk) {
      await press(desk, key);
      await focusIs(desk, id);
    }
    await press(desk, "Enter");
    await desk.page.getByRole("dialog", { name: "Ana" }).waitFor();
    await press(desk, "Escape");
    await desk.page.getByRole("dialog").waitFor({ state: "detached" });
    await focusIs(desk, ana.id);
  });

  it("carries a card, tells where it is, and keeps the focus on it", async () => {
    const { shop, sit } = await openShop();
    const { id } = await shop.addCard({ start: noon });
    await shop.addCard({ start: noon, customer: { name: "Zoe" } });
    const desk = await sit();
    await desk.isLive();
    await desk.card("Zoe").waitFor();
    const before = desk.asked.length;
    const said = (words: string) =>
      desk.page.locator("[aria-live=assertive]").getByText(words, { exact: true }).waitFor();
    await press(desk, "ArrowDown", "Space");
    await said("Picked up Maria Keller, no vehicle. Scheduled, place 1 of 2.");
    await press(desk, "ArrowDown");
    await said("Scheduled, place 2 of 2.");
    await press(desk, "ArrowRight");
    await said("In progress, place 1 of 1.");
    await press(desk, "Space");
    await said("Dropped Maria Keller, no vehicle in In progress, place 1 of 1.");
    await desk.notices.getByText("Moved to In progress.").waitFor();
    expect(await desk.names("In progress")).toEqual(["Maria Keller"]);
    await focusIs(desk, id);
    expect(desk.asked.slice(before)).toEqual([`POST /api/admin/appointments/${id}/move`]);
    await press(desk, "Space", "ArrowRight", "Escape");
    await said("Maria Keller, no vehicle stays where it was.");
    expect(await desk.names("In progress")).toEqual(["Maria Keller"]);
    await focusIs(desk, id);
  });

  it("takes keys that come one right after the other, before the board is drawn anew", async () => {
    const { shop, sit } = await openShop();
    const { id } = await shop.addCard({ start: noon });
    const desk = await sit();
    await desk.isLive();
    await press(desk, "ArrowDown");
    await focusIs(desk, id);
    await desk.page.evaluate(`for (const key of [" ", "ArrowRight", "ArrowRight", "ArrowLeft", " "])
      document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {
        key, code: key === " " ? "Space" : key, bubbles: true, cancelable: true }))`);
    await desk.notices.getByText("Moved to In progress.").waitFor();
    expect(await desk.names("In progress")).toEqual(["Maria Keller"]);
    expect(desk.asked.filter((request) => request.startsWith("POST") && request.endsWith("/move"))).toHaveLength(1);
  });

  it("does not drop at once what a Space that is held down picks up", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    const desk = await sit();
    await desk.card("Maria Keller").waitFor();
    await press(desk, "ArrowDown");
    await desk.page.keyboard.down("Space");
    await desk.page.keyboard.down("Space");
    await desk.page.keyboard.down("Space");
    await desk.page.keyboard.up("Space");
    await press(desk, "ArrowRight", "Enter");
    await desk.notices.getByText("Moved to In progress.").waitFor();
  });

  it("keeps the place in sight that a carried card would take", async () => {
    const { shop, sit } = await openShop();
    for (let index = 0; index < 16; index++) await shop.addCard({ start: noon, customer: { name: `Guest ${index}` } });
    const desk = await sit();
    await desk.card("Guest 15").waitFor();
    await press(desk, "ArrowDown", "Space", ...Array<string>(15).fill("ArrowDown"));
    await expect(desk.page.locator("[data-gap]").isVisible()).resolves.toBe(true);
    await expect
      .poll(() =>
        desk.page.evaluate<boolean>(`(() => {
          const gap = document.querySelector("[data-gap]").getBoundingClientRect();
          const list = document.getElementById("cards-scheduled").getBoundingClientRect();
          return gap.top >= list.top - 1 && gap.bottom <= list.bottom + 1;
        })()`),
      )
      .toBe(true);
  });

  it("moves by the menu and undoes it, with the focus on the card throughout", async () => {
    const { shop, sit } = await openShop();
    const { id } = await shop.addCard({ start: noon });
    const desk = await sit();
    await desk.card("Maria Keller").waitFor();
    await press(desk, "ArrowDown", "m");
    const menu = desk.page.getByRole("menu");
    await expect.poll(() => menu.evaluateAll(isFocused)).toBe(true);
    await press(desk, "ArrowDown", "ArrowDown");
    await expect.poll(() => menu.getByRole("menuitem", { name: "Ready" }).evaluateAll(isFocused)).toBe(true);
    await press(desk, "Enter");
    await desk.notices.getByText("Moved to Ready.").waitFor();
    expect(await desk.names("Ready")).toEqual(["Maria Keller"]);
    await focusIs(desk, id);
    await press(desk, "u");
    await desk.notices.getByText("Undone. Back in Scheduled.").waitFor();
    expect(await desk.names("Scheduled")).toEqual(["Maria Keller"]);
    await focusIs(desk, id);
  });

  it("makes an appointment without a mouse, and says at a field what is wrong with it", async () => {
    const { shop, sit } = await openShop();
    await shop.client.createService({ body: { code: "OIL001", name: "Oil change", priceCents: 4_900, minutes: 30 } });
    const desk = await sit();
    await desk.isLive();
    await press(desk, "n");
    const form = desk.page.getByRole("dialog", { name: "New appointment" });
    await expect.poll(() => form.getByLabel("Name required").evaluateAll(isFocused)).toBe(true);
    await press(desk, "Enter");
    await expect.poll(() => form.getByLabel("Name required").getAttribute("aria-invalid")).toBe("true");
    await desk.page.keyboard.type("Maria Keller");
    await tabTo(desk, "Make");
    await desk.page.keyboard.type("VW");
    await tabTo(desk, "Model");
    await desk.page.keyboard.type("Golf");
    await tabTo(desk, "Services");
    await desk.page.keyboard.type("oil");
    await form.getByRole("option", { name: "Oil change" }).waitFor();
    await press(desk, "Enter");
    await form.getByRole("button", { name: "Take off Oil change" }).waitFor();
    await tabTo(desk, "Notes");
    await desk.page.keyboard.type("Squeaks");
    await tabTo(desk, "Paid (USD)");
    await desk.page.keyboard.type("20");
    await press(desk, "Enter");
    const card = desk.cardIn("Scheduled", "Maria Keller, VW Golf");
    await card.getByText("$29 due").waitFor();
    await form.waitFor({ state: "detached" });
    await expect.poll(() => card.evaluateAll(isFocused)).toBe(true);
  });

  it("searches, and lists its keys", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    await shop.addCard({ start: noon, customer: { name: "Zoe" } });
    const desk = await sit();
    await desk.card("Zoe").waitFor();
    await press(desk, "/");
    await desk.page.keyboard.type("zoe");
    await desk.card("Maria Keller").waitFor({ state: "detached" });
    expect(await desk.names("Scheduled")).toEqual(["Zoe"]);
    await press(desk, "Escape");
    await desk.card("Maria Keller").waitFor();
    await press(desk, "Escape", "?");
    const keys = desk.page.getByRole("dialog", { name: "Keys" });
    await keys.getByText("where the card may move to").waitFor();
    await press(desk, "Escape");
    await keys.waitFor({ state: "detached" });
  });
});
