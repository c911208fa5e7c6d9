import { expect, it } from "vitest";
import { isGood } from "./is-good.ts";

const now = new Date("2031-03-03T08:00:00.000Z");
const validMs = 600_000;

it.each([
  ["was given out just now", 600_000, true],
  ["is in its last millisecond", 1, true],
  ["has ended", 0, false],
  ["ended long ago", -86_400_000, false],
  ["was given out before the clock was corrected by a minute", 660_000, true],
  ["was given out before the clock was set back", 660_001, false],
])("[AU1] [WS1] what %s is good or not", (_, leftMs, expected) => {
  expect(isGood(new Date(now.getTime() + leftMs).toISOString(), validMs, now)).toBe(expected);
});
