import type { WaysIn } from "@status-board/contracts";
import { useEffect, useState } from "react";
import { client } from "../shared/client.ts";

/** What is offered where the server can't be asked. */
const both: WaysIn = { signIn: true, pairing: true };

/** How somebody may come in who is not known any more, or not yet; undefined until the server has said. */
export function useWaysIn(): WaysIn | undefined {
  const [ways, setWays] = useState<WaysIn>();
  useEffect(() => {
    const abort = new AbortController();
    void client.getWaysIn({ signal: abort.signal }).then((answer) => {
      if (!abort.signal.aborted) setWays(answer.ok ? answer.data : both);
    });
    return () => abort.abort();
  }, []);
  return ways;
}
