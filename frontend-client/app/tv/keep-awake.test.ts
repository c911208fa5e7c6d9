import { describe, expect, it } from "vitest";
import { keepAwake } from "./keep-awake.ts";

/** A document that can be hidden, and its wake lock, which a browser takes away whenever it is. */
function screen({ refuses = false } = {}) {
  const events = new EventTarget();
  const page = Object.assign(events, { visibilityState: "visible" });
  const locks: { released: boolean; release: () => Promise<void> }[] = [];
  let asked = 0;
  const wakeLock = {
    request: async () => {
      asked++;
      if (refuses) throw new DOMException("low battery", "NotAllowedError");
      const lock = {
        released: false,
        release: async () => {
          lock.released = true;
        },
      };
      locks.push(lock);
      return lock;
    },
  };
  const show = async (visibilityState: "visible" | "hidden") => {
    page.visibilityState = visibilityState;
    if (visibilityState === "hidden") for (const lock of locks) lock.released = true;
    events.dispatchEvent(new Event("visibilitychange"));
    await new Promise((resolve) => setTimeout(resolve));
  };
  return {
    // Of both it is only what the double has that is used.
    page: page as unknown as Document,
    wakeLock: wakeLock as unknown as WakeLock,
    show,
    asked: () => asked,
    held: () => locks.filter(({ released }) => !released).length,
  };
}

describe("keeping the screen awake", () => {
  it("asks at once, and again whenever the page is seen after it was hidden", async () => {
    const { page, wakeLock, show, held, asked } = screen();
    keepAwake(page, wakeLock);
    await show("visible");
    expect([held(), asked()]).toEqual([1, 1]);
    await show("hidden");
    expect([held(), asked()]).toEqual([0, 1]);
    await show("visible");
    await show("visible");
    expect([held(), asked()]).toEqual([1, 2]);
  });

  it("lets go when it ends, also of a lock that comes only then", async () => {
    const { page, wakeLock, show, held } = screen();
    const stop = keepAwake(page, wakeLock);
    stop();
    await show("visible");
    expect(held()).toBe(0);
    const stopLater = keepAwake(page, wakeLock);
    await show("visible");
    expect(held()).toBe(1);
    stopLater();
    await show("visible");
    expect(held()).toBe(0);
  });

  it("does without where it is refused, and asks again the next time", async () => {
    const { page, wakeLock, show, asked } = screen({ refuses: true });
    keepAwake(page, wakeLock);
    await show("visible");
    await show("hidden");
    await show("visible");
    expect(asked()).toBe(2);
  });

  it("does without where there is none, as over plain http", async () => {
    const { page, show } = screen();
    const stop = keepAwake(page, undefined);
    await show("visible");
    expect(stop).not.toThrow();
  });
});
