import { vi } from "vitest";

/**
 * Lets time limits (`AbortSignal.timeout`) run on the clock of a test, which must be a fake one by now. As in a browser
 * nobody has to call one off, so `timers` counts all other timers only. `end` gives the limits back.
 */
export function limitsOnFakeClock(): { timers: () => number; end: () => void } {
  const running = new Set<ReturnType<typeof setTimeout>>();
  const stub = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      running.delete(timer);
      abort.abort(new DOMException("The time is over.", "TimeoutError"));
    }, ms);
    running.add(timer);
    return abort.signal;
  });
  return {
    timers: () => vi.getTimerCount() - running.size,
    end: () => stub.mockRestore(),
  };
}
