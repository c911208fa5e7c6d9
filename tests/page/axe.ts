import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong with a page as it is now, by rule, with the first place; contrast of 7:1 included where asked. */
export async function flaws(page: Page, { enhancedContrast = false } = {}): Promise<string[]> {
  // What fades in has another contrast on its way.
  await page.evaluate(`Promise.allSettled(document.getAnimations().filter(({ effect }) =>
    Number.isFinite(effect.getComputedTiming().endTime)).map(({ finished }) => finished))`);
  await page.evaluate(axe);
  return page.evaluate<string[]>(`
    axe.run(document, { rules: { "color-contrast-enhanced": { enabled: ${enhancedContrast} } } })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))`);
}

const looks = [
  { width: 1280, colorScheme: "light", letters: "100%" },
  { width: 1280, colorScheme: "dark", letters: "100%" },
  { width: 390, colorScheme: "light", letters: "100%" },
  { width: 390, colorScheme: "dark", letters: "100%" },
  // As for somebody who chose letters of twice the size.
  { width: 360, colorScheme: "light", letters: "200%" },
] as const;

const [light, dark, , phoneInTheDark, largeLetters] = looks;
export const [desktop, desktopInTheDark] = [light, dark];
/** Enough for what stands above a page that was looked at in all ways. */
export const few = [desktop, phoneInTheDark, largeLetters];

/** Nothing for axe to find, and nothing to scroll sideways, however a state of the page is looked at. */
export async function expectFlawless(page: Page, state: string, views: readonly (typeof looks)[number][] = looks) {
  for (const { width, colorScheme, letters } of views) {
    const look = `${state}, ${width} px, ${colorScheme}, letters of ${letters}`;
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate(`document.documentElement.style.fontSize = "${letters}"`);
    expect(await flaws(page), look).toEqual([]);
    const [content, window] = await page.evaluate<[number, number]>(
      "[Math.max(document.documentElement.scrollWidth, document.body.scrollWidth), innerWidth]",
    );
    expect(content, look).toBeLessThanOrEqual(window);
  }
  await page.evaluate('document.documentElement.style.fontSize = ""');
  await page.setViewportSize({ width: 1280, height: 800 });
}
