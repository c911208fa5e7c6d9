import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { describe } from "vitest";

/** The shell draws the same pages as the whole browser, at less than half the work. */
const usual = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"] as const;
const executablePath = process.env.CHROMIUM_PATH ?? usual.find((path) => existsSync(path)) ?? usual[1];
const isThere = existsSync(executablePath);
if (!isThere && process.env.CI) throw new Error(`there is no browser at ${executablePath}: set CHROMIUM_PATH to one`);
if (!isThere) console.warn(`${executablePath} is not there: what needs a browser is left out`);

/** Left out with a warning where there is no browser; under CI that fails. */
export const describeInBrowser = isThere ? describe : () => undefined;

/** For how long a page may keep a test waiting: far longer than it does, since a machine may be busy with other things. */
export const pageWaitMaxMs = 60_000;

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ["--no-sandbox"], timeout: pageWaitMaxMs });
