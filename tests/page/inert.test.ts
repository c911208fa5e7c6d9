import { expect, it } from "vitest";
import { describeInBrowser } from "../support/browser.ts";
import { type Desk, day, noon, type Shop, useDesks } from "./desk.ts";

/** What a browser would run if it took it for markup. */
const trap = (name: string) => `<img src=x onerror=alert('${name}')>`;

/** A shop in which every text that somebody can write is a trap. */
async function setTraps({ client, addCard }: Shop) {
  const description = trap("description");
  const service = await client.createService({
    body: { code: "TRAP1", name: trap("service"), priceCents: 100, minutes: 30, description },
  });
  const technician = { id: "01K00000000000000000000T0M", name: trap("technician") };
  const shop = await client.editShop({
    body: { expectedVersion: 1, name: trap("shop"), technicians: [technician] },
  });
  expect([service.ok, shop.ok]).toEqual([true, true]);
  return addCard({
    start: noon,
    customer: { name: trap("customer"), phone: trap("phone"), email: "trap@example.com" },
    vehicle: { make: trap("make"), model: trap("model"), plate: "<img src onerror=a>" },
    serviceCodes: ["TRAP1"],
    technicianId: technician.id,
    notes: trap("notes"),
  });
}

const onCard = [trap("customer"), `${trap("make")} ${trap("model")}`, "<img src onerror=a>", trap("service")];

async function expectShown({ page }: Desk, texts: readonly string[]) {
  // What does not fit is cut off, so it need not be in sight.
  for (const text of texts) await page.getByText(text).first().waitFor({ state: "attached" });
  expect(await page.locator("img").count()).toBe(0);
}

describeInBrowser("text that looks like markup", () => {
  const { openShop } = useDesks();

  it("stays text on the board, in its notices and in its filter", async () => {
    const { shop, sit } = await openShop();
    const { id } = await setTraps(shop);
    const desk = await sit({ person: trap("me") });
    await expectShown(desk, onCard);
    expect(await desk.page.title()).toContain(trap("shop"));
    expect(await desk.page.getByRole("combobox", { name: "Technician" }).innerText()).toContain(trap("technician"));
    const body = { newStatus: "ready", expectedVersion: 1 } as const;
    await desk.card(trap("customer")).hover();
    await desk.page.mouse.down();
    await desk.page.mouse.move(640, 400, { steps: 3 });
    await desk.page.locator("[data-held]").waitFor();
    expect((await shop.clientAs(trap("other")).moveAppointment({ id, body })).ok).toBe(true);
    await expectShown(desk, [trap("other")]);
    await desk.page.getByRole("searchbox", { name: "Search" }).fill(trap("nothing"));
    await expectShown(desk, [`Nothing matches '${trap("nothing")}'.`]);
  });

  it("stays text in a card's drawer, in its form and in its history", async () => {
    const { shop, sit } = await openShop();
    const { id } = await setTraps(shop);
    const body = { newStatus: "ready", expectedVersion: 1 } as const;
    expect((await shop.clientAs(trap("other")).moveAppointment({ id, body })).ok).toBe(true);
    const desk = await sit({ path: `/?date=${day}&appointment=${id}` });
    const drawer = desk.page.getByRole("dialog", { name: trap("customer") });
    await drawer.getByText(`${trap("other")} moved it to Ready`).waitFor();
    await expectShown(desk, [...onCard, trap("phone"), trap("technician"), trap("notes")]);
    await drawer.getByRole("button", { name: "Edit" }).click();
    await drawer.getByRole("button", { name: "Save" }).waitFor();
    expect(await drawer.getByRole("textbox", { name: "Notes" }).inputValue()).toBe(trap("notes"));
    expect(await drawer.getByRole("textbox", { name: "Make" }).inputValue()).toBe(trap("make"));
    await expectShown(desk, [trap("service")]);
  });

  it("stays text in the list of services and in their forms", async () => {
    const { shop, sit } = await openShop();
    await setTraps(shop);
    const desk = await sit({ path: "/?view=services" });
    await expectShown(desk, [trap("service"), trap("description")]);
    await desk.page.getByRole("button", { name: "Edit" }).click();
    const form = desk.page.getByRole("dialog", { name: trap("service") });
    expect(await form.getByRole("textbox", { name: "Description" }).inputValue()).toBe(trap("description"));
    await expectShown(desk, [trap("service")]);
  });

  it("stays text on the TV", async () => {
    const { shop, sit } = await openShop();
    const { id } = await setTraps(shop);
    const body = { newStatus: "in_progress", expectedVersion: 1 } as const;
    expect((await shop.client.moveAppointment({ id, body })).ok).toBe(true);
    const tv = await sit({
      path: "/?view=tv",
      viewport: { width: 1920, height: 1080 },
      prepare: (page) => page.clock.install({ time: new Date(noon) }),
    });
    await expectShown(tv, [...onCard, trap("technician"), trap("shop")]);
  });
});
