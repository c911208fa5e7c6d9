import type { Service } from "@status-board/contracts";
import { useState } from "react";
import type { ClientError } from "../../result.ts";
import { useAttempts } from "../forms/attempt.ts";
import { Confirm } from "../forms/confirm.tsx";
import { WriteTrouble } from "../forms/write-trouble.tsx";
import { notify } from "../shared/notice-list.ts";
import { useSession } from "../shared/session.ts";
import { newerService } from "./service-sheet.tsx";
import type { ListedServices } from "./use-services.ts";

interface DeleteServiceProps {
  service: Service;
  list: Pick<ListedServices, "put" | "drop">;
  onClose: () => void;
  /** What gets the focus once the row is gone that had it. */
  finalFocus: () => HTMLElement | null;
}

/** Asks whether a service shall really go, and deletes it (SV3). */
export function DeleteService({ service, list, onClose, finalFocus }: DeleteServiceProps) {
  const { client } = useSession();
  const attempts = useAttempts();
  const [newest, setNewest] = useState(service);
  const [isBusy, setBusy] = useState(false);
  const [isDone, setDone] = useState(false);
  const [error, setError] = useState<ClientError>();
  const { id, name, version } = newest;

  async function remove(): Promise<void> {
    setBusy(true);
    const query = { expectedVersion: version, mutationId: attempts.idFor({ id }) };
    const answer = await client.removeService({ id, query });
    setBusy(false);
    if (answer.ok || answer.error.code === "not_found") {
      setDone(true);
      list.drop(id);
      notify({ words: answer.ok ? `${name} is deleted.` : `${name} was deleted already.`, tone: "good" });
      return;
    }
    setError(answer.error);
    const newer = newerService(answer.error);
    if (newer === undefined) return;
    setNewest(newer);
    list.put(newer);
  }

  const isStale = error?.code === "version_conflict";
  return (
    <Confirm
      isOpen={!isDone}
      title={`Delete ${name}?`}
      words="It disappears from this list for good. Appointments that have it keep it as it is, with its price."
      yes="Delete"
      no="Keep it"
      onYes={() => void remove()}
      onNo={onClose}
      onClosed={onClose}
      finalFocus={() => (isDone ? finalFocus() : null)}
      isBusy={isBusy}
    >
      {error && (
        <WriteTrouble
          error={error}
          words={isStale ? "Somebody changed it just now. Press again to delete it all the same." : undefined}
        />
      )}
    </Confirm>
  );
}
