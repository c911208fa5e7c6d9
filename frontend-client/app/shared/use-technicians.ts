import type { Named } from "@status-board/contracts";
import { useCallback, useEffect, useRef, useState } from "react";
import { share } from "../../share.ts";
import type { StatusBoardClient } from "../../status-board-client.ts";
import { useShownAgain } from "./use-shown-again.ts";

const nobody: readonly Named[] = [];

/**
 * The shop's technicians: read once `isWanted`, and again whenever somebody comes back to the page or calls `renew`. What
 * is known stands until the next answer, and where that fails.
 */
export function useTechnicians(client: StatusBoardClient, isWanted: boolean) {
  const [technicians, setTechnicians] = useState(nobody);
  const reading = useRef<AbortController>(undefined);

  const renew = useCallback(async () => {
    if (!isWanted) return;
    reading.current?.abort();
    reading.current = new AbortController();
    const { signal } = reading.current;
    const shop = await client.getShop({ signal });
    if (shop.ok && !signal.aborted) setTechnicians((before) => share(before, shop.data.technicians, 2));
  }, [client, isWanted]);

  useEffect(() => {
    void renew();
    return () => reading.current?.abort();
  }, [renew]);
  useShownAgain(renew);
  return { technicians, renew };
}
