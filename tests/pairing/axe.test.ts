import type { Browser } from "playwright-core";
import { afterAll, beforeAll, it } from "vitest";
import { expectFlawless, few } from "../page/axe.ts";
import { openPage } from "../page/support.ts";
import { borrow } from "../support/borrow.ts";
import { describeInBrowser, launchBrowser } from "../support/browser.ts";
import { startPaired } from "./board.ts";

let built: string;
let browser: Browser;

const failure = (code: string) => ({
  status: 500,
  contentType: "application/json",
  body: JSON.stringify({ ok: false, error: { code, message: "It failed.", correlationId: "8f2c1d9e" } }),
});

describeInBrowser("what axe finds where devices are paired", () => {
  beforeAll(async () => {
    built = await borrow("page");
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  const openBoard = async (path: string, { base = "url" }: { base?: "url" | "network" } = {}) => {
    const board = await startPaired({}, { pageDirectory: built });
    const { page } = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    await page.goto(board[base] + path);
    return { ...board, page };
  };

  it("is nothing for a device that is nobody yet, and where it enters its code", async () => {
    const { page, newCode, pair } = await openBoard("/", { base: "network" });
    await page.getByText("This device is not paired with the board.").waitFor();
    await expectFlawless(page, "nobody");
    await page.getByRole("link", { name: "Pair this device" }).click();
    await page.getByText("Eight letters and digits").waitFor();
    await expectFlawless(page, "empty code");
    const code = await newCode();
    await pair(code);
    await page.getByLabel("Code").fill(code);
    await page.getByRole("button", { name: "Pair" }).click();
    await page.getByText("has been used already").waitFor();
    await expectFlawless(page, "used code");
    await page.route("**/auth/pair", (route) => route.fulfill(failure("internal")));
    await page.getByLabel("Code").fill(code);
    await page.getByRole("button", { name: "Pair" }).click();
    await page.getByRole("button", { name: "Copy the id of this failure" }).waitFor();
    await expectFlawless(page, "code that met a failure", few);
  });

  it("is nothing in the list of devices, and in what opens above it", async () => {
    const { page, newCode, pair } = await openBoard("/?view=devices");
    await page.getByText("No device is paired yet.").waitFor();
    await page.getByText("No backup yet.").waitFor();
    await expectFlawless(page, "no devices");
    await pair(await newCode("A telephone whose name is so long that it takes more than one line in the list"));
    await pair(await newCode("TV", "viewer"));
    await page.reload();
    await page.getByRole("button", { name: "Rename TV" }).waitFor();
    await expectFlawless(page, "devices");

    await page.getByRole("button", { name: "Rename TV" }).click();
    await page.getByRole("textbox", { name: "Name required" }).fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("What is it called?").waitFor();
    await expectFlawless(page, "wrong name", few);
    await page.getByRole("textbox", { name: "Name required" }).fill("TV");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Revoke TV" }).click();
    await page.getByRole("alertdialog").waitFor();
    await expectFlawless(page, "question", few);
    await page.getByRole("button", { name: "Keep it" }).click();
    await page.getByRole("alertdialog").waitFor({ state: "detached" });
    await page.route("**/api/admin/devices", (route) => route.fulfill(failure("unavailable")));
    await page.getByRole("button", { name: "Pair a device" }).click();
    await page.getByRole("textbox", { name: "Name required" }).waitFor();
    await expectFlawless(page, "which device", few);
  });

  it("is nothing while a code is shown, and once it has expired", async () => {
    const { page } = await openBoard("/?view=devices");
    await page.clock.install();
    await page.reload();
    await page.getByRole("button", { name: "Pair a device" }).click();
    await page.getByRole("textbox", { name: "Name required" }).fill("Tom's phone");
    await page.getByRole("button", { name: "Show the code" }).click();
    await page.getByRole("timer").waitFor();
    await expectFlawless(page, "code");
    await page.clock.fastForward(600_000);
    await page.getByText("This code has expired.").waitFor();
    await expectFlawless(page, "expired code", few);
  });

  it("is nothing where the list cannot be fetched, or is not for somebody", async () => {
    const { page, network, newCode, pair } = await openBoard("/");
    await page.route("**/api/admin/devices", (route) => route.fulfill(failure("internal")));
    await page.getByRole("link", { name: "Devices" }).click();
    await page.getByRole("button", { name: "Try now" }).waitFor();
    await expectFlawless(page, "failed list", few);
    const [name = "", value = ""] = (await pair(await newCode())).split("=");
    await page.context().addCookies([{ name, value, url: network }]);
    await page.goto(`${network}/?view=devices`);
    await page.getByText("Devices are paired by a manager.").waitFor();
    await expectFlawless(page, "not a manager", few);
  });

  it("is nothing on the page that offers the root", async () => {
    const { network } = await startPaired({ TLS: "own" }, { pageDirectory: built });
    const { page } = await openPage(browser);
    await page.goto(network.replace("https:", "http:"));
    await page.getByRole("link", { name: "Download the workshop's certificate" }).waitFor();
    await expectFlawless(page, "root");
  });
});
