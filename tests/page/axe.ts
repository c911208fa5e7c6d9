import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

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
