import { useCallback, useSyncExternalStore } from "react";
import { dayOf, nextMidnight } from "./days.ts";

/** A timer that is set for longer than this would be late on a machine whose clock was put right in between. */
const longestWaitMs = 15 * 60_000;

/**
 * Calls `onDay` whenever another day begins in that zone; answers the way to stop. A timer sleeps while the machine
 * does, so it looks again whenever the page is seen or used.
 */
export function followDay(timeZone: string, onDay: () => void, now: () => number = Date.now): () => void {
  let day = dayOf(now(), timeZone);
  let timer: ReturnType<typeof setTimeout>;

  function look(): void {
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(longestWaitMs, nextMidnight(now(), timeZone) - now()));
    const today = dayOf(now(), timeZone);
    if (today === day) return;
    day = today;
    onDay();
  }

  const page = typeof document === "undefined" ? undefined : document;
  const frame = typeof window === "undefined" ? undefined : window;
  page?.addEventListener("visibilitychange", look);
  frame?.addEventListener("focus", look);
  timer = setTimeout(look, 0);
  return () => {
    clearTimeout(timer);
    page?.removeEventListener("visibilitychange", look);
    frame?.removeEventListener("focus", look);
  };
}

/** The shop's day, YYYY-MM-DD; it follows midnight in the shop's time zone, wherever the screen stands. */
export function useToday(timeZone: string): string {
  const subscribe = useCallback((onDay: () => void) => followDay(timeZone, onDay), [timeZone]);
  return useSyncExternalStore(subscribe, () => dayOf(Date.now(), timeZone));
}
