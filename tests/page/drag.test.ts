import { expect, it, vi } from "vitest";
import { describeInBrowser } from "../support/browser.ts";
import { type Desk, drag, holdBack, noon, useDesks } from "./desk.ts";

/** Begins to note where a card stands after every change of the page; answers the way to read it. */
async function noteWhere({ page }: Desk, id: string): Promise<() => Promise<string[]>> {
  await page.evaluate(`{
    const where = () => document.getElementById("card-${id}")?.closest("section").dataset.status ?? "nowhere";
    globalThis.places = [where()];
    const note = () => where() !== places.at(-1) && places.push(where());
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true });
  }`);
  return () => page.evaluate<string[]>("places");
}

/**
 * Notes the ids of the cards whose components React runs, by the hook that its tools use: whether they change anything on
 * the page or not. Of what React walks over, bit 1 of `flags` says that a component was run.
 */
const notePaintedCards = `
  globalThis.painted = new Set();
  const walk = (fiber) => {
    const { alternate, flags, memoizedProps, tag } = fiber;
    const isComponent = tag === 0 || tag === 15;
    if (isComponent && memoizedProps?.card?.id && (alternate === null || flags & 1)) painted.add(memoizedProps.card.id);
    if (alternate !== null && fiber.child === alternate.child) return;
    for (let child = fiber.child; child; child = child.sibling) walk(child);
  };
  globalThis.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    supportsFiber: true,
    inject: () => 1,
    onCommitFiberRoot: (_, root) => walk(root.current),
    onCommitFiberUnmount: () => {},
  };`;

describeInBrowser("dragging with the mouse", () => {
  const { openShop } = useDesks();

  it("[CL2] shows a drag at once, confirms it without flicker, and asks for nothing but the move", async () => {
    const { shop, sit } = await openShop();
    const maria = await shop.addCard({ start: noon });
    await shop.addCard({ start: noon, customer: { name: "Zoe" } });
    const desk = await sit();
    await desk.isLive();
    await desk.card("Maria Keller").waitFor();
    const { waiting, letGo } = await holdBack(desk, /\/move$/);
    const places = await noteWhere(desk, maria.id);
    const [before, heard] = [desk.asked.length, desk.heard.length];
    await drag(desk, desk.card("Maria Keller"), desk.column("Ready"));
    await vi.waitFor(() => expect(waiting).toHaveLength(1), { timeout: 60_000 });
    // Nothing was answered yet.
    expect(await desk.names("Ready")).toEqual(["Maria Keller"]);
    expect(await desk.names("Scheduled")).toEqual(["Zoe"]);
    expect(await desk.card("Maria Keller").getAttribute("data-pending")).toBe("true");
    letGo();
    await desk.notices.getByText("Moved to Ready.").waitFor();
    await vi.waitFor(() => expect(desk.heard.slice(heard)).toContain("diff"), { timeout: 60_000 });
    expect(await desk.card("Maria Keller").getAttribute("data-pending")).toBeNull();
    expect(await places()).toEqual(["scheduled", "ready"]);
    expect(desk.asked.slice(before)).toEqual([`POST /api/admin/appointments/${maria.id}/move`]);
  });

  it("[MV6] puts a card between two others of its own column", async () => {
    const { shop, sit } = await openShop();
    for (const name of ["Ana", "Ben", "Cem"]) await shop.addCard({ start: noon, customer: { name } });
    const [desk, other] = [await sit(), await sit()];
    await Promise.all([desk.card("Cem").waitFor(), other.card("Cem").waitFor()]);
    await drag(desk, desk.card("Cem"), desk.card("Ben"), { isAbove: true });
    await desk.notices.getByText("Moved within Scheduled.").waitFor();
    expect(await desk.names("Scheduled")).toEqual(["Ana", "Cem", "Ben"]);
    await expect.poll(() => other.names("Scheduled"), { timeout: 60_000 }).toEqual(["Ana", "Cem", "Ben"]);
  });

  it("[CL2] puts a card where it was let go, however quickly it came there", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    const desk = await sit();
    await drag(desk, desk.card("Maria Keller"), desk.column("No-show"), { steps: 1 });
    await desk.notices.getByText("Moved to No-show.").waitFor();
    expect(await desk.names("No-show")).toEqual(["Maria Keller"]);
  });

  it("[MV1] says why a card may not go to a column, and leaves it where it was", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    const desk = await sit();
    await desk.isLive();
    await desk.card("Maria Keller").waitFor();
    const before = desk.asked.length;
    await drag(desk, desk.card("Maria Keller"), desk.column("Completed"));
    await desk.page.getByText("Maria Keller, no vehicle stays where it was. Not straight from Scheduled.").waitFor();
    expect(await desk.names("Scheduled")).toEqual(["Maria Keller"]);
    expect(desk.asked.slice(before)).toEqual([]);
  });

  it("[MV7] offers to undo a move for ten seconds, and undoes it", async () => {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    const desk = await sit({ prepare: (page) => page.clock.install() });
    const undo = desk.notices.getByRole("button", { name: "Undo" });
    await drag(desk, desk.card("Maria Keller"), desk.column("In progress"));
    await undo.click();
    await desk.notices.getByText("Undone. Back in Scheduled.").waitFor();
    expect(await desk.names("Scheduled")).toEqual(["Maria Keller"]);
    await drag(desk, desk.card("Maria Keller"), desk.column("In progress"));
    await undo.waitFor();
    await desk.page.mouse.move(5, 5);
    await desk.page.clock.fastForward(10_000);
    await undo.waitFor({ state: "detached" });
    await desk.page.keyboard.press("u");
    await desk.notices.getByText("There is nothing to undo any more.").waitFor();
    expect(await desk.names("In progress")).toEqual(["Maria Keller"]);
  });

  it("[MV7] does not offer to undo any more what somebody else has changed since", async () => {
    const { shop, sit } = await openShop();
    const { id } = await shop.addCard({ start: noon });
    const desk = await sit({ prepare: (page) => page.clock.install() });
    const undo = desk.notices.getByRole("button", { name: "Undo" });
    await drag(desk, desk.card("Maria Keller"), desk.column("In progress"));
    await undo.waitFor();
    // So it is not the time that ends the offer.
    await desk.page.clock.pauseAt(Date.now() + 1_000);
    const moved = await shop.clientAs("Ana").moveAppointment({ id, body: { newStatus: "ready", expectedVersion: 2 } });
    expect(moved.ok).toBe(true);
    await desk.cardIn("Ready", "Maria Keller").waitFor();
    await undo.waitFor({ state: "detached" });
    await desk.page.keyboard.press("u");
    await desk.notices.getByText("There is nothing to undo any more.").waitFor();
    expect(await desk.names("Ready")).toEqual(["Maria Keller"]);
  });

  it("repaints only the card that somebody else changed, among a hundred", async () => {
    const { shop, sit } = await openShop();
    const names = Array.from({ length: 100 }, (_, index) => `Guest ${String(index).padStart(3, "0")}`);
    const cards = await Promise.all(names.map((name) => shop.addCard({ start: noon, customer: { name } })));
    const desk = await sit({ prepare: (page) => page.addInitScript(notePaintedCards) });
    await desk.isLive();
    await expect.poll(() => desk.card("Guest").count(), { timeout: 60_000 }).toBe(100);
    const [, second] = cards;
    if (second === undefined) throw new Error("there is no second card");
    const painted = () => desk.page.evaluate<string[]>("[...painted]");
    await desk.page.evaluate("painted.clear()");
    const vehicle = { make: "VW", model: "Golf" };
    const edited = await shop.clientAs("Ana").editAppointment({ id: second.id, body: { expectedVersion: 1, vehicle } });
    expect(edited.ok).toBe(true);
    await desk.card(`${second.customer.name}, VW Golf`).waitFor();
    const body = { newStatus: "ready", expectedVersion: 2 } as const;
    const moved = await shop.clientAs("Ana").moveAppointment({ id: second.id, body });
    expect(moved.ok).toBe(true);
    await desk.cardIn("Ready", second.customer.name).waitFor();
    expect(await painted()).toEqual([second.id]);
    // The count counts: another hundred are painted when they are looked for.
    await desk.page.getByRole("searchbox", { name: "Search" }).fill("nobody");
    await desk.page.getByText("Nothing matches 'nobody'.").waitFor();
    await desk.page.getByRole("button", { name: "Clear search" }).click();
    await expect.poll(async () => (await painted()).length, { timeout: 60_000 }).toBe(100);
  });
});
