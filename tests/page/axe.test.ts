import { it } from "vitest";
import { describeInBrowser } from "../support/browser.ts";
import { desktop, desktopInTheDark, expectFlawless, few } from "./axe.ts";
import { carry, day, noon, type Shop, useDesks } from "./desk.ts";

const tom = { id: "01K00000000000000000000T0M", name: "Tom Berg" };
const whole = {
  start: noon,
  promisedAt: `${day}T10:00:00.000Z`,
  customer: { name: "Maria Keller", phone: "+49 30 5550199", email: "maria@example.com" },
  vehicle: { year: 2017, make: "VW", model: "Golf", plate: "B-MK 1234", vin: "WVWZZZ1JZXW000001" },
  serviceCodes: ["OIL001", "BRAKE01", "TIRE001"],
  technicianId: tom.id,
  notes: "Squeaks when it rains",
};

/** A day with a card in each column, and with all that a card can bear; answers the id of the first. */
async function fillDay({ client, addCard }: Shop): Promise<string> {
  await client.editShop({ body: { expectedVersion: 1, technicians: [tom] } });
  for (const code of whole.serviceCodes)
    await client.createService({ body: { code, name: `Service ${code}`, priceCents: 4_900, minutes: 30 } });
  const { id } = await addCard(whole);
  await addCard({ start: noon, customer: { name: "Zoe" } });
  for (const way of [["in_progress"], ["ready"], ["ready", "completed"], ["no_show"]] as const) {
    const card = await addCard({ ...whole, customer: { name: `Guest ${way.at(-1)}` } });
    for (const [index, newStatus] of way.entries())
      await client.moveAppointment({ id: card.id, body: { newStatus, expectedVersion: index + 1 } });
  }
  return id;
}

describeInBrowser("what axe finds", () => {
  const { openShop } = useDesks();

  it("is nothing on the board, in its menu, its list of keys and its empty states", async () => {
    const { shop, sit } = await openShop();
    await fillDay(shop);
    const desk = await sit();
    const { page } = desk;
    await desk.isLive();
    await desk.card("Zoe").waitFor();
    await expectFlawless(desk.page, "board");
    await desk.card("Maria Keller").getByRole("button", { name: "Move" }).click();
    await page.getByRole("menu").waitFor();
    await expectFlawless(desk.page, "menu", few);
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "detached" });
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await expectFlawless(desk.page, "keys", few);
    await page.keyboard.press("Escape");
    await page.getByRole("searchbox", { name: "Search" }).fill("Porsche");
    await page.getByText("Nothing matches 'Porsche'.").waitFor();
    await expectFlawless(desk.page, "nothing found", few);
    await page.getByRole("button", { name: "Next day" }).click();
    await page.getByText("No cars yet").waitFor();
    await expectFlawless(desk.page, "empty day", few);
  });

  it("is nothing in a card's drawer, its form and the question before it is cancelled", async () => {
    const { shop, sit } = await openShop();
    const id = await fillDay(shop);
    const desk = await sit({ path: `/?date=${day}&appointment=${id}` });
    const drawer = desk.page.getByRole("dialog", { name: "Maria Keller" });
    await drawer.getByRole("listitem").first().waitFor();
    await expectFlawless(desk.page, "drawer");
    await drawer.getByRole("button", { name: "Cancel appointment" }).click();
    await desk.page.getByRole("alertdialog").waitFor();
    await expectFlawless(desk.page, "question", few);
    await desk.page.getByRole("button", { name: "Keep it" }).click();
    await desk.page.getByRole("alertdialog").waitFor({ state: "detached" });
    await drawer.getByRole("button", { name: "Edit" }).click();
    await drawer.getByLabel("Name required").fill("");
    await drawer.getByRole("button", { name: "Save" }).click();
    await drawer.locator("[aria-invalid=true]").waitFor();
    await expectFlawless(desk.page, "edit with an error", few);
  });

  it("is nothing in the form for a new appointment", async () => {
    const { shop, sit } = await openShop();
    await fillDay(shop);
    const desk = await sit({ path: `/?date=${day}&new=1` });
    const form = desk.page.getByRole("dialog", { name: "New appointment" });
    await form.getByRole("combobox", { name: "Services" }).fill("oil");
    await form.getByRole("option", { name: "Service OIL001" }).waitFor();
    await expectFlawless(desk.page, "new form with its list of services", few);
    await form.getByRole("option", { name: "Service OIL001" }).click();
    await form.getByRole("button", { name: "Add appointment" }).click();
    await form.locator("[aria-invalid=true]").first().waitFor();
    await expectFlawless(desk.page, "new form with errors");
  });

  it("is nothing in the list of services and in a service's form", async () => {
    const { shop, sit } = await openShop();
    await fillDay(shop);
    const desk = await sit({ path: "/?view=services" });
    await desk.page.getByText("Service OIL001").waitFor();
    await expectFlawless(desk.page, "services");
    await desk.page.getByRole("button", { name: "Edit Service OIL001" }).click();
    await desk.page.getByRole("button", { name: "Save" }).waitFor();
    await expectFlawless(desk.page, "a service's form", few);
    await desk.page.keyboard.press("Escape");
    await desk.page.getByRole("dialog").waitFor({ state: "detached" });
    await desk.page.getByRole("searchbox", { name: "Search services" }).fill("Porsche");
    await desk.page.getByText("Nothing matches 'Porsche'.").waitFor();
    await expectFlawless(desk.page, "no service found", few);
  });

  it("is nothing while a card is held, in the notices of a conflict and of a move, and without a connection", async () => {
    const { shop, sit } = await openShop();
    const id = await fillDay(shop);
    const desk = await sit({ hasFailures: true });
    await desk.isLive();
    await carry(desk, desk.card("Maria Keller"), desk.column("No-show"));
    await expectFlawless(desk.page, "held card", [desktop, desktopInTheDark]);
    await shop.clientAs("Ana").moveAppointment({ id, body: { newStatus: "ready", expectedVersion: 1 } });
    await desk.notices.getByText("Ana moved this to Ready").waitFor();
    await desk.page.mouse.up();
    // Time stands still for a notice that is pointed at.
    await desk.notices.getByText("Ana moved this to Ready").hover();
    await expectFlawless(desk.page, "conflict", few);
    await shop.goDown();
    await desk.connection.getByText("Can't reach the board.").waitFor();
    await expectFlawless(desk.page, "no connection", few);
  });

  it("is nothing where the board can't be shown", async () => {
    const { sit } = await openShop();
    const answer = { status: 200, contentType: "application/json", body: "[]" };
    const desk = await sit({
      prepare: (page) => page.route(/\/appointments\/board\?/, (route) => route.fulfill(answer)),
    });
    await desk.page.getByRole("alert").waitFor();
    await expectFlawless(desk.page, "failed board", few);
  });
});
