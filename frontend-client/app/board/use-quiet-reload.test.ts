import { describe, expect, it } from "vitest";
import { mayReload } from "./use-quiet-reload.ts";

const quiet = { reason: "0.2.0", reloadedFor: undefined, isBusy: false, isHidden: false, idleMs: 60_000 };

describe("loading a new version", () => {
  it("[HT7] waits until nobody uses the page", () => {
    expect(mayReload(quiet)).toBe(true);
    expect(mayReload({ ...quiet, idleMs: 59_999 })).toBe(false);
    expect(mayReload({ ...quiet, idleMs: 0, isHidden: true })).toBe(true);
    expect(mayReload({ ...quiet, isBusy: true, isHidden: true })).toBe(false);
  });

  it("happens once for each, and never without a reason", () => {
    expect(mayReload({ ...quiet, reloadedFor: "0.2.0" })).toBe(false);
    expect(mayReload({ ...quiet, reloadedFor: "0.1.0" })).toBe(true);
    expect(mayReload({ ...quiet, reason: undefined })).toBe(false);
  });
});
