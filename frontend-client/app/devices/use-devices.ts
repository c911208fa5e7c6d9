import type { Device } from "@status-board/contracts";
import { useCallback, useEffect, useState } from "react";
import type { ClientError } from "../../result.ts";
import { useSession } from "../shared/session.ts";
import { useRetry } from "../shared/use-retry.ts";

export interface ListedDevices {
  /** undefined until the first answer. */
  items: readonly Device[] | undefined;
  error: ClientError | undefined;
  reload: () => void;
  /** Takes in what the server said of one device. */
  put: (device: Device) => void;
  drop: (id: string) => void;
}

/** The shop's devices by name. */
export function useDevices(): ListedDevices {
  const { client } = useSession();
  const [items, setItems] = useState<readonly Device[]>();
  const [error, setError] = useState<ClientError>();
  const { tries, tryNow } = useRetry(error !== undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each try asks anew
  useEffect(() => {
    const abort = new AbortController();
    void client.listDevices({ signal: abort.signal }).then((answer) => {
      if (abort.signal.aborted) return;
      setError(answer.ok ? undefined : answer.error);
      if (answer.ok) setItems(answer.data.items);
    });
    return () => abort.abort();
  }, [client, tries]);

  const change = useCallback(
    (id: string, next: Device | undefined) =>
      setItems((now) => now?.flatMap((item) => (item.id === id ? (next ?? []) : item))),
    [],
  );
  return {
    items,
    error,
    reload: tryNow,
    put: useCallback((device: Device) => change(device.id, device), [change]),
    drop: useCallback((id: string) => change(id, undefined), [change]),
  };
}
