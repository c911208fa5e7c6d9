/**
 * Keeps the screen from going dark until the answer is called. A browser takes the lock away whenever the page is
 * hidden, so it is asked for again as soon as the page is seen. Over plain http there is none (but on this machine
 * itself), and a screen on a wall then needs its own settings; nothing else is lost.
 */
export function keepAwake(page: Document, wakeLock: WakeLock | undefined): () => void {
  let lock: WakeLockSentinel | undefined;
  let isAsking = false;
  let isStopped = false;

  async function ask(): Promise<void> {
    const isHeld = lock !== undefined && !lock.released;
    if (wakeLock === undefined || isHeld || isAsking || isStopped || page.visibilityState !== "visible") return;
    isAsking = true;
    try {
      lock = await wakeLock.request("screen");
      if (isStopped) await lock.release();
    } catch {
      // A low battery may refuse it; the next time that the page is seen is soon enough.
    } finally {
      isAsking = false;
    }
  }

  const look = () => void ask();
  page.addEventListener("visibilitychange", look);
  look();
  return () => {
    isStopped = true;
    page.removeEventListener("visibilitychange", look);
    void lock?.release().catch(() => undefined);
  };
}
