import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { flaws } from "../page/axe.ts";
import { openPage } from "../page/support.ts";
import { borrow } from "../support/borrow.ts";
import { describeInBrowser, launchBrowser } from "../support/browser.ts";
import { startPaired } from "./board.ts";

let built: string;
let browser: Browser;

describeInBrowser("pairing in a browser", () => {
  beforeAll(async () => {
    built = await borrow("page");
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it("[AU1] [WS2] the owner shows a code, a phone enters it, and is locked out within 5 s", async () => {
    const { url, network, store } = await startPaired({}, { pageDirectory: built });
    const owner = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    await owner.page.goto(`${url}/?view=devices`);
    await owner.page.getByText("No device is paired yet.").waitFor();
    await owner.page.getByRole("button", { name: "Pair a device" }).click();
    await owner.page.getByRole("textbox", { name: "Name required" }).fill("Tom's phone");
    await owner.page.getByRole("button", { name: "Show the code" }).click();
    await owner.page.getByRole("timer").waitFor();
    expect(await owner.page.getByRole("timer").innerText()).toMatch(/^(10:00|9:5\d)$/);
    const code = (await owner.page.locator("[aria-hidden=true]", { hasText: /^\w{4} \w{4}$/ }).innerText()).trim();
    expect(await flaws(owner.page)).toEqual([]);

    const phone = await openPage(browser, { viewport: { width: 390, height: 844 } });
    await phone.page.goto(network);
    await phone.page.getByRole("link", { name: "Pair this device" }).click();
    await phone.page.getByLabel("Code").fill(code.toLowerCase());
    await phone.page.getByRole("button", { name: "Pair" }).click();
    await phone.page.getByText("Live", { exact: true }).first().waitFor();
    await owner.page.getByText("Tom's phone is paired.").waitFor();
    await owner.page.getByRole("listitem").getByText("seen within the hour").waitFor();

    await owner.page.getByRole("button", { name: "Rename Tom's phone" }).click();
    await owner.page.getByRole("textbox", { name: "Name required" }).fill("Bay 2");
    await owner.page.getByRole("button", { name: "Save" }).click();
    await owner.page.getByRole("button", { name: "Revoke Bay 2" }).click();
    await owner.page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
    await phone.page.getByRole("link", { name: "Pair this device" }).waitFor({ timeout: 5_000 });
    expect(await store().devices.listDevices("workshop", new Date().toISOString())).toEqual([]);
    expect(owner.complaints).toEqual([]);
  });

  it("[AU1] a link pairs a TV by itself, and its code leaves the address", async () => {
    const { network, newCode } = await startPaired({}, { pageDirectory: built });
    const { page } = await openPage(browser, { viewport: { width: 1920, height: 1080 } });
    const code = await newCode("TV", "viewer");
    await page.goto(`${network}/pair#${code}`);
    await page.waitForURL(`${network}/?view=tv`);
    expect(await page.evaluate("document.cookie")).not.toContain("session");
    await page.goBack();
    expect(page.url()).not.toContain(code);
  });

  it("[AU1] each code that does not work is told why", async () => {
    const { network, newCode, pair, advance } = await startPaired({}, { pageDirectory: built });
    const { page } = await openPage(browser, { viewport: { width: 390, height: 844 } });
    await page.goto(`${network}/pair`);
    const enter = async (code: string, words: RegExp) => {
      await page.getByLabel("Code").fill(code);
      await page.getByRole("button", { name: "Pair" }).click();
      await page.getByText(words).waitFor();
    };
    const used = await newCode();
    await pair(used);
    await enter(used, /has been used already/);
    expect(await flaws(page)).toEqual([]);
    const guessed = await newCode();
    const wrong = guessed.slice(0, 7) + (guessed[7] === "A" ? "B" : "A");
    for (let tries = 0; tries < 4; tries++) await enter(wrong, /This code is wrong/);
    await enter(wrong, /wrongly too often/);
    await enter(guessed, /wrongly too often/);
    const late = await newCode();
    advance(600_000);
    await enter(late, /has expired/);
    // A window of ten minutes has begun anew with the clock; so many tries are left in it.
    for (let tries = 0; tries < 20; tries++) await pair(wrong);
    await enter(wrong, /Wait ten minutes/);
  });
});
