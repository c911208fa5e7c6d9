import { expect, it } from "vitest";
import { describeInBrowser } from "../support/browser.ts";
import { type Desk, type Shop, useDesks } from "./desk.ts";

const tom = { id: "01K00000000000000000000T0M", name: "Tom" };
const zoe = { id: "01K00000000000000000000Z0E", name: "Zoe" };

async function employ({ client }: Shop, expectedVersion: number, ...technicians: { id: string; name: string }[]) {
  const answer = await client.editShop({ body: { expectedVersion, technicians } });
  expect(answer.ok).toBe(true);
}

/** Comes back to the window, as from another one. */
const comeBack = ({ page }: Desk) => page.evaluate("window.dispatchEvent(new Event('focus'))");
const choices = (desk: Desk) => desk.page.getByRole("combobox", { name: "Technician" }).first();

describeInBrowser("what changes elsewhere while a page is open", () => {
  const { openShop } = useDesks();

  it("[SH1] a new technician can be chosen once a form is opened, and in the filter once somebody comes back", async () => {
    const { shop, sit } = await openShop();
    await employ(shop, 1, tom);
    const desk = await sit();
    await choices(desk).getByRole("option", { name: "Tom" }).waitFor({ state: "attached" });
    await employ(shop, 2, tom, zoe);
    await desk.page.getByRole("button", { name: "New appointment" }).click();
    const form = desk.page.getByRole("dialog", { name: "New appointment" });
    await form.getByRole("option", { name: "Zoe" }).waitFor({ state: "attached" });
    await desk.page.keyboard.press("Escape");
    await form.waitFor({ state: "detached" });

    await employ(shop, 3, tom);
    await comeBack(desk);
    await choices(desk).getByRole("option", { name: "Zoe" }).waitFor({ state: "detached" });
    await choices(desk).getByRole("option", { name: "Tom" }).waitFor({ state: "attached" });
  });

  it("[SH1] those that are known stay when the settings can't be read, and a viewer never asks for them", async () => {
    const { shop, sit } = await openShop();
    await employ(shop, 1, tom);
    const desk = await sit();
    await choices(desk).getByRole("option", { name: "Tom" }).waitFor({ state: "attached" });
    const answer = { status: 200, contentType: "application/json", body: "[]" };
    const refused = desk.page.waitForResponse(/\/admin\/shop$/);
    await desk.page.route(/\/admin\/shop$/, (route) => route.fulfill(answer));
    await comeBack(desk);
    await refused;
    await desk.page.getByRole("button", { name: "New appointment" }).click();
    const form = desk.page.getByRole("dialog", { name: "New appointment" });
    await form.getByRole("option", { name: "Tom" }).waitFor({ state: "attached" });

    const hall = await sit({ person: "Hall", role: "viewer" });
    await hall.isLive();
    await comeBack(hall);
    expect(hall.asked).not.toContain("GET /api/admin/shop");
  });

  it("the services page shows what others made of them once somebody comes back", async () => {
    const { shop, sit } = await openShop();
    const body = { code: "OIL001", name: "Oil change", priceCents: 4_900, minutes: 30 };
    const made = await shop.client.createService({ body });
    expect(made.ok).toBe(true);
    const desk = await sit({ path: "/?view=services" });
    await desk.page.getByText("Oil change").first().waitFor();
    await shop.client.createService({ body: { ...body, code: "TYRE01", name: "Tyres" } });
    await comeBack(desk);
    await desk.page.getByText("Tyres").first().waitFor();
  });
});
