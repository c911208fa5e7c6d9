import { expect, it } from "vitest";
import { leftWords } from "./left-words.ts";

it.each([
  [600_000, "10:00"],
  [599_001, "10:00"],
  [61_000, "1:01"],
  [59_000, "0:59"],
  [1, "0:01"],
  [0, undefined],
  [-5, undefined],
])("[AU1] %i ms are %s", (ms, words) => {
  expect(leftWords(ms)).toBe(words);
});
