import { limits } from "@status-board/contracts";
import { expect, it } from "vitest";
import { createPace } from "./pace.ts";

it("[WS4] forty messages in any ten seconds are not too frequent, one more is", () => {
  let now = 0;
  const pace = createPace(() => now);
  const gapMs = limits.clientMessagesWindowMs / limits.clientMessagesMax;
  for (let sent = 0; sent < 500; sent++, now += gapMs) expect(pace.isTooFrequent()).toBe(false);
  now -= gapMs;
  expect(pace.isTooFrequent()).toBe(true);
  now += limits.clientMessagesWindowMs;
  expect(pace.isTooFrequent()).toBe(false);
});

it("[WS4] ten errors in ten seconds are hopeless, and nine in each are not", () => {
  let now = 0;
  const pace = createPace(() => now);
  for (let window = 0; window < 5; window++) {
    for (let error = 1; error < limits.clientErrorsMax; error++) expect(pace.isHopeless()).toBe(false);
    now += limits.clientMessagesWindowMs;
  }
  for (let error = 1; error < limits.clientErrorsMax; error++) expect(pace.isHopeless()).toBe(false);
  now += limits.clientMessagesWindowMs - 1;
  expect(pace.isHopeless()).toBe(true);
});
