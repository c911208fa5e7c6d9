import { describe, expect, it } from "vitest";
import { indexAt } from "./drop-index.ts";

const cards = [
  { top: 100, height: 80 },
  { top: 190, height: 100 },
  { top: 300, height: 80 },
];

describe("where a held card lands", () => {
  it.each([
    [0, 0],
    [139, 0],
    [140, 1],
    [239, 1],
    [240, 2],
    [340, 3],
    [9_999, 3],
  ])("with its middle at %d px, at %d", (middle, index) => expect(indexAt(cards, middle)).toBe(index));

  it("in an empty column, at 0", () => expect(indexAt([], 500)).toBe(0));
});
