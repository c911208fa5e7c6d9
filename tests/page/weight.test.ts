import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { borrow } from "../support/borrow.ts";

it("loads at most 150 kB of JavaScript, gzipped, before the board can be drawn", async () => {
  const built = await borrow("page");
  const frame = readFileSync(join(built, "index.html"), "utf8");
  const scripts = [...frame.matchAll(/(?:src|href)="\/?([^"]+\.js)"/g)].map(([, path = ""]) => path);
  expect(scripts).not.toEqual([]);
  const bytes = scripts.map((path) => gzipSync(readFileSync(join(built, path)), { level: 9 }).length);
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(150_000);
});
