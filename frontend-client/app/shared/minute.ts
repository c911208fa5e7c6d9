import { useSyncExternalStore } from "react";

const minuteMs = 60_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let minute = 0;

const read = () => Math.floor(Date.now() / minuteMs) * minuteMs;

function tick(): void {
  clearTimeout(timer);
  timer = setTimeout(tick, minuteMs - (Date.now() % minuteMs));
  if (read() === minute) return;
  minute = read();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    tick();
    document.addEventListener("visibilitychange", tick);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", tick);
  };
}

/** The minute that has begun, in ms since 1970. One timer serves the whole page, so that all cards advance together. */
export function useMinute(): number {
  return useSyncExternalStore(subscribe, () => (listeners.size === 0 ? read() : minute));
}
