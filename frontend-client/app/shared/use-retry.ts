import { useCallback, useEffect, useState } from "react";

const waitMs = 5_000;

/**
 * Counts up, every 5 s and whenever the network comes back, as long as something is wrong: what depends on `tries` tries
 * again. `tryNow` does not wait.
 */
export function useRetry(isWrong: boolean): { tries: number; tryNow: () => void } {
  const [tries, setTries] = useState(0);
  const tryNow = useCallback(() => setTries((before) => before + 1), []);

  useEffect(() => {
    if (!isWrong) return;
    const timer = setInterval(tryNow, waitMs);
    window.addEventListener("online", tryNow);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", tryNow);
    };
  }, [isWrong, tryNow]);

  return { tries, tryNow };
}
