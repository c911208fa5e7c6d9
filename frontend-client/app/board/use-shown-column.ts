import type { Status } from "@status-board/contracts";
import { type RefObject, useCallback, useState } from "react";
import { statuses } from "../shared/status-words.ts";

/** Which column is in front, where they are swiped through one by one, and the way to another. */
export function useShownColumn(scroller: RefObject<HTMLElement | null>) {
  const [shown, setShown] = useState<Status>("scheduled");
  const onScroll = useCallback(() => {
    const { scrollLeft = 0, clientWidth = 1 } = scroller.current ?? {};
    const status = statuses[Math.round(scrollLeft / Math.max(1, clientWidth))];
    if (status !== undefined) setShown(status);
  }, [scroller]);
  const show = useCallback(
    (status: Status) => {
      const { clientWidth = 0 } = scroller.current ?? {};
      scroller.current?.scrollTo({ left: statuses.indexOf(status) * clientWidth, behavior: "smooth" });
    },
    [scroller],
  );
  return { shown, show, onScroll };
}
