import { useEffect } from "react";

/** Does something whenever somebody comes back to the page: to its tab, or to its window. */
export function useShownAgain(work: () => void): void {
  useEffect(() => {
    const look = () => {
      if (!document.hidden) work();
    };
    document.addEventListener("visibilitychange", look);
    window.addEventListener("focus", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("focus", look);
    };
  }, [work]);
}
