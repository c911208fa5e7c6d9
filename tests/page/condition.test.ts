import type { Readiness } from "@status-board/contracts";
import { expect, it } from "vitest";
import { describeInBrowser } from "../support/browser.ts";
import { expectFlawless, few } from "./axe.ts";
import { day, noon, useDesks } from "./desk.ts";

type Condition = Partial<Readiness>;

describeInBrowser("how the board's data fare", () => {
  const { openShop } = useDesks();

  /** A manager's board, or somebody else's, over a server that says this of its data. */
  async function sitOver(
    condition: Condition,
    { role = "manager" as "manager" | "advisor", path = `/?date=${day}` } = {},
  ) {
    const { shop, sit } = await openShop();
    await shop.addCard({ start: noon });
    let now = condition;
    let asked = 0;
    const desk = await sit({
      ...{ path, role, person: "Ana" },
      prepare: async (page) => {
        await page.clock.install({ time: new Date(noon) });
        await page.route("**/ready", (route) => {
          asked++;
          return route.fulfill({ json: { ok: true, data: { status: "ready", time: noon, ...now } } });
        });
      },
    });
    return {
      ...desk,
      asked: () => asked,
      told: desk.page.getByRole("status", { name: "The board's computer" }),
      /** The server says something else from now on, and the page looks again: because somebody comes back to it, or by itself. */
      become: async (next: Condition, { by = "return" as "return" | "time" } = {}) => {
        now = next;
        const before = asked;
        if (by === "time") await desk.page.clock.fastForward(6 * 3_600_000);
        else await desk.page.evaluate('window.dispatchEvent(new Event("focus"))');
        await expect.poll(() => asked).toBeGreaterThan(before);
      },
    };
  }

  it("[HT1] is not worth a word on the board while all is well, and stands at the end of Devices", async () => {
    const { page, told, card } = await sitOver({ warnings: [], backupAgeSeconds: 28_512, diskFreeBytes: 80e9 });
    await card("Maria Keller").waitFor();
    expect(await told.innerText()).toBe("");
    await page.getByRole("link", { name: "Devices" }).click();
    await page.getByText("Last backup 7 h 55 min ago").waitFor();
  });

  it("[HT1] is told a manager when something is wrong, until it is right or he has taken note", async () => {
    const { page, told, become, card } = await sitOver({ warnings: ["backup_old"], backupAgeSeconds: 3 * 86_400 });
    await told.getByText("The last backup was made 3 days ago. Check its folder and disk.").waitFor();
    await card("Maria Keller").waitFor();
    await expectFlawless(page, "a warning");
    await told.getByRole("button", { name: "Hide" }).click();
    expect(await told.innerText()).toBe("");
    await become({ warnings: ["backup_old"], backupAgeSeconds: 4 * 86_400 });
    expect(await told.innerText()).toBe("");
    await become({ warnings: ["disk_low", "clock_changed"], backupAgeSeconds: 60, diskFreeBytes: 300_000_000 });
    await told.getByText("nearly full: 286 MB free").waitFor();
    await told.getByText("The board's clock was set.").waitFor();
    await expectFlawless(page, "two warnings", few);
    await become({ warnings: [], backupAgeSeconds: 60 }, { by: "time" });
    await expect.poll(() => told.innerText()).toBe("");
  });

  it("[HT1] stands on Devices with its warnings", async () => {
    const { page, told } = await sitOver({ warnings: ["backup_failed"] }, { path: "/?view=devices" });
    await told.getByText("The backup failed. There is none yet.").waitFor();
    await expectFlawless(page, "a warning on Devices", few);
  });

  it("[AU4] is a manager's business alone", async () => {
    const { card, told, asked } = await sitOver({ warnings: ["disk_low"] }, { role: "advisor" });
    await card("Maria Keller").waitFor();
    expect(await told.innerText()).toBe("");
    expect(asked()).toBe(0);
  });

  it("[HT1] is asked for once where somebody else keeps the data", async () => {
    const { page, card, asked, told } = await sitOver({});
    await card("Maria Keller").waitFor();
    await expect.poll(asked).toBe(1);
    await page.clock.fastForward(601_000);
    await card("Maria Keller").waitFor();
    expect(asked()).toBe(1);
    expect(await told.innerText()).toBe("");
  });
});
