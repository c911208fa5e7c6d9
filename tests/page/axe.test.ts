import { expect, it } from "vitest";
import { flaws } from "./axe.ts";
import { type Desk, day, drag, noon, type Shop, useDesks } from "./desk.ts";
import { describeInBrowser } from "./support.ts";

type Sit = Awaited<ReturnType<ReturnType<typeof useDesks>["openShop"]>>["sit"];

/** A day with a card in each column, with all that a card can bear. */
async function fillDay({ client, addCard }: Shop): Promise<string> {
  const technician = { id: "01K00000000000000000000T0M", name: "Tom Berg" };
  await client.editShop({ body: { expectedVersion: 1, technicians: [technician] } });
  for (const code of ["OIL001", "BRAKE01", "TIRE001"])
    await client.createService({ body: { code, name: `Service ${code}`, priceCents: 4_900, minutes: 30 } });
  const way = {
    ready: ["ready"],
    completed: ["ready", "completed"],
    no_show: ["no_show"],
    in_progress: ["in_progress"],
  };
  const whole = {
    start: noon,
    promisedAt: `${day}T10:00:00.000Z`,
    customer: { name: "Maria Keller", phone: "+49 30 5550199", email: "maria@example.com" },
    vehicle: { year: 2017, make: "VW", model: "Golf", plate: "B-MK 1234", vin: "WVWZZZ1JZXW000001" },
    serviceCodes: ["OIL001", "BRAKE01", "TIRE001"],
    technicianId: technician.id,
    notes: "Squeaks when it rains",
  };
  const { id } = await addCard(whole);
  await addCard({ start: noon, customer: { name: "Zoe" } });
  for (const steps of Object.values(way)) {
    const card = await addCard({ ...whole, customer: { name: `Guest ${steps.at(-1)}` } });
    for (const [index, newStatus] of steps.entries())
      await client.moveAppointment({
        id: card.id,
        body: { newStatus: newStatus as "ready", expectedVersion: index + 1 },
      });
  }
  return id;
}

/** The views and states of the page, and the way into each. */
const states: Record<string, (sit: Sit, shop: Shop, id: string) => Promise<Desk>> = {
  board: async (sit) => {
    const desk = await sit();
    await desk.isLive();
    await desk.card("Zoe").waitFor();
    return desk;
  },
  "board in the dark": async (sit) => {
    const desk = await sit({ colorScheme: "dark" });
    await desk.isLive();
    await desk.card("Zoe").waitFor();
    return desk;
  },
  "board on a phone": async (sit) => {
    const desk = await sit({ viewport: { width: 390, height: 844 } });
    await desk.isLive();
    await desk.card("Zoe").waitFor();
    return desk;
  },
  "move menu": async (sit) => {
    const desk = await sit();
    await desk.card("Maria Keller").getByRole("button", { name: "Move" }).click();
    await desk.page.getByRole("menu").waitFor();
    return desk;
  },
  "drawer, and its edit": async (sit, _, id) => {
    const desk = await sit({ path: `/?date=${day}&appointment=${id}` });
    await desk.page.getByRole("dialog").getByRole("listitem").first().waitFor();
    expect(await flaws(desk.page)).toEqual([]);
    await desk.page.getByRole("button", { name: "Edit" }).click();
    await desk.page.getByRole("button", { name: "Save" }).waitFor();
    return desk;
  },
  "drawer in the dark, and the question before cancelling": async (sit, _, id) => {
    const desk = await sit({ path: `/?date=${day}&appointment=${id}`, colorScheme: "dark" });
    await desk.page.getByRole("button", { name: "Cancel appointment" }).click();
    await desk.page.getByRole("alertdialog").waitFor();
    return desk;
  },
  "new form with errors": async (sit) => {
    const desk = await sit({ path: `/?date=${day}&new=1` });
    await desk.page.getByRole("button", { name: "Add appointment" }).click();
    await desk.page.locator("[aria-invalid=true]").first().waitFor();
    return desk;
  },
  "new form on a phone in the dark": async (sit) => {
    const desk = await sit({ path: `/?date=${day}&new=1`, viewport: { width: 390, height: 844 }, colorScheme: "dark" });
    await desk.page.getByRole("button", { name: "Add appointment" }).waitFor();
    return desk;
  },
  "services, and one's form": async (sit) => {
    const desk = await sit({ path: "/?view=services" });
    await desk.page.getByText("Service OIL001").waitFor();
    expect(await flaws(desk.page)).toEqual([]);
    await desk.page.getByRole("button", { name: "Edit Service OIL001" }).click();
    await desk.page.getByRole("button", { name: "Save" }).waitFor();
    return desk;
  },
  "services on a phone in the dark": async (sit) => {
    const desk = await sit({ path: "/?view=services", viewport: { width: 390, height: 844 }, colorScheme: "dark" });
    await desk.page.getByText("Service OIL001").waitFor();
    return desk;
  },
  keys: async (sit) => {
    const desk = await sit();
    await desk.card("Zoe").waitFor();
    await desk.page.keyboard.press("?");
    await desk.page.getByRole("dialog", { name: "Keys" }).waitFor();
    return desk;
  },
  "nothing found": async (sit) => {
    const desk = await sit({ path: `/?date=${day}&q=Porsche` });
    await desk.page.getByText("Nothing matches 'Porsche'.").waitFor();
    return desk;
  },
  "empty day": async (sit) => {
    const desk = await sit({ path: "/?date=2031-03-04" });
    await desk.page.getByText("No cars yet").waitFor();
    return desk;
  },
  "failed board": async (sit) => {
    const answer = { status: 200, contentType: "application/json", body: "[]" };
    const desk = await sit({
      prepare: (page) => page.route(/\/appointments\/board\?/, (route) => route.fulfill(answer)),
    });
    await desk.page.getByRole("alert").waitFor();
    return desk;
  },
  "held card": async (sit) => {
    const desk = await sit();
    await desk.isLive();
    await desk.card("Zoe").hover();
    await desk.page.mouse.down();
    await desk.page.mouse.move(640, 500, { steps: 3 });
    await desk.page.locator("[data-held]").waitFor();
    return desk;
  },
  "conflict notice": async (sit, shop, id) => {
    const desk = await sit();
    await desk.isLive();
    await desk.card("Maria Keller").hover();
    await desk.page.mouse.down();
    await desk.page.mouse.move(640, 500, { steps: 3 });
    await desk.page.locator("[data-held]").waitFor();
    await shop.clientAs("Ana").moveAppointment({ id, body: { newStatus: "ready", expectedVersion: 1 } });
    await desk.notices.getByText("Ana moved this to Ready").waitFor();
    return desk;
  },
  "undo notice in the dark": async (sit) => {
    const desk = await sit({ colorScheme: "dark" });
    await drag(desk, desk.card("Zoe"), desk.column("No-show"));
    await desk.notices.getByRole("button", { name: "Undo" }).waitFor();
    return desk;
  },
  "board that can't be reached": async (sit, shop) => {
    const desk = await sit({ hasFailures: true });
    await desk.isLive();
    await shop.goDown();
    await desk.connection.getByText("Can't reach the board.").waitFor();
    return desk;
  },
};

describeInBrowser("what axe finds", () => {
  const { openShop } = useDesks();

  it.each(Object.entries(states))("is nothing: %s", async (_, reach) => {
    const { shop, sit } = await openShop();
    const id = await fillDay(shop);
    const { page } = await reach(sit, shop, id);
    expect(await flaws(page)).toEqual([]);
  });

  it.each([`/?date=${day}`, `/?date=${day}&new=1`, "/?view=services", "appointment"])(
    "is nothing at 360 px with letters of twice the size, where nothing has to be scrolled sideways: %s",
    async (path) => {
      const { shop, sit } = await openShop();
      const id = await fillDay(shop);
      const desk = await sit({
        path: path === "appointment" ? `/?date=${day}&appointment=${id}` : path,
        viewport: { width: 360, height: 740 },
        // As a browser does whose user chose larger letters: rem and em follow.
        prepare: (page) =>
          page.addInitScript(
            'addEventListener("DOMContentLoaded", () => { document.documentElement.style.fontSize = "200%"; })',
          ),
      });
      await desk.page
        .getByText(path.includes("services") ? "Service OIL001" : /Maria Keller|Add appointment/)
        .first()
        .waitFor();
      expect(await flaws(desk.page)).toEqual([]);
      const [content, window] = await desk.page.evaluate<[number, number]>(
        "[Math.max(document.documentElement.scrollWidth, document.body.scrollWidth), innerWidth]",
      );
      expect(content).toBeLessThanOrEqual(window);
    },
  );
});
