import { useEffect } from "react";
import { isServed, readFailures, readReloaded, writeFailures, writeReloaded } from "./page-memory.ts";
import { isTimeToReload, nextFailure } from "./reload.ts";

/**
 * The release that this page belongs to: the first one that a server told it. The page comes fresh at every load, so
 * that is the one it was served by, but for the moment of a release itself, when the next one mends it.
 */
let loaded: string | undefined;
const loadedAt = Date.now();

interface Renewal {
  /** The release that answered last. */
  release: string | undefined;
  /** When the board last changed, in ms since 1970; undefined for not since the page was loaded. */
  changedAt: number | undefined;
  isResting: boolean;
  /** ms since 1970, moving on; every new one is an occasion to look. */
  now: number;
}

/** Loads the page anew after a release, at a quiet moment. */
export function useRenewal({ release, changedAt = loadedAt, isResting, now }: Renewal): void {
  useEffect(() => {
    loaded ??= release;
    const moment = { loaded, current: release, reloaded: readReloaded(), changedAt, isResting, now };
    if (release === undefined || !isTimeToReload(moment)) return;
    let isOver = false;
    void isServed().then((is) => {
      // Where nothing can be noted, nothing would keep the next page from doing the same again.
      if (is && !isOver && writeReloaded({ release, at: now })) location.reload();
    });
    return () => {
      isOver = true;
    };
  }, [release, changedAt, isResting, now]);
}

/** Loads the page anew after a while where it cannot go on by itself: `isStuck` says so. Longer each time in a row. */
export function useReloadWhenStuck(isStuck: boolean): void {
  useEffect(() => {
    if (!isStuck) return;
    let timer: ReturnType<typeof setTimeout>;
    let isOver = false;
    async function tryAgain(): Promise<void> {
      const is = await isServed();
      if (isOver) return;
      if (is) location.reload();
      else wait();
    }
    function wait(): void {
      const { failures, waitMs } = nextFailure(readFailures(), Date.now());
      writeFailures(failures);
      timer = setTimeout(tryAgain, waitMs);
    }
    wait();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isStuck]);
}
