import fc from "fast-check";
import { expect, it } from "vitest";
import { returnPath } from "./return-to.ts";

const site = "https://board.test";

it("[AU2] keeps a path of this site with its query and fragment", () => {
  for (const path of [
    "/",
    "/?date=2031-03-03&search=M%C3%BCller",
    "/x/y#z",
    "/a?b=//c",
    "/%2f%2fevil.test",
    "/authors",
  ])
    expect(returnPath(path)).toBe(path);
  expect(returnPath(undefined)).toBe("/");
});

it("[AU2] drops what a browser reads otherwise than it is written, rather than mending it", () => {
  for (const path of ["/a\\b", "/a b", "/a\tb", "/?a=\n", "/a\u007f", "/\ud800"]) expect(returnPath(path)).toBe("/");
});

it("[AU2] whatever it is given, a browser that goes there stays on this site", () => {
  const piece = fc.constantFrom(
    "/",
    "\\",
    ".",
    "..",
    "//",
    "@",
    ":",
    "evil.test",
    "https:",
    "?",
    "#",
    "%2f",
    "%5c",
    "\t",
    "\n",
    " ",
    "é",
    "\u0000",
    "\ud800",
  );
  const given = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
    fc.string(),
  );
  fc.assert(
    fc.property(given, (text) => {
      for (const candidate of [text, `/${text}`]) {
        const path = returnPath(candidate);
        expect(path).toMatch(/^\/(?!\/)[\x21-\x7e]*$/);
        expect(new URL(path, site).origin).toBe(site);
        expect(new URL(path, site).pathname.startsWith("//")).toBe(false);
        expect(new URL(path, `${site}/auth/callback?code=x`).origin).toBe(site);
      }
    }),
    { numRuns: 5_000 },
  );
});
