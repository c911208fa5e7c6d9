import type { Service } from "@status-board/contracts";
import { createAttempts } from "../forms/attempt.ts";
import { errorWords, quotableId } from "../shared/error-words.ts";
import { notify } from "../shared/notice-list.ts";
import { useSession } from "../shared/session.ts";
import { newerService } from "./service-sheet.tsx";
import type { ListedServices } from "./use-services.ts";

/** Tried again by itself so often: whatever else was changed, it shall be retired, or restored. */
const quietRetries = 2;

/** Retires a service, or restores it, and says so with the way back. */
export function useRetire({ put, drop }: Pick<ListedServices, "put" | "drop">) {
  const { client } = useSession();

  async function setActive(service: Service, active: boolean, mutationId = createAttempts().idFor({})): Promise<void> {
    const topic = `service ${service.id}`;
    let expectedVersion = service.version;
    for (let tries = 0; ; tries++) {
      const answer = await client.editService({ id: service.id, body: { active, expectedVersion, mutationId } });
      if (answer.ok) {
        put(answer.data);
        const back = { label: active ? "Retire" : "Restore", act: () => void setActive(answer.data, !active) };
        const words = active ? `${service.name} is on offer again.` : `${service.name} is retired.`;
        notify({ words, topic, actions: [back] });
        return;
      }
      const { error } = answer;
      const newer = newerService(error);
      if (newer !== undefined) put(newer);
      if (newer === undefined || tries >= quietRetries) {
        if (error.code === "not_found") drop(service.id);
        const words = `${service.name} may not be ${active ? "restored" : "retired"}. ${errorWords(error)}`;
        // The same mutation id, so that it can't be done twice.
        const again = { label: "Try again", act: () => void setActive(newer ?? service, active, mutationId) };
        notify({
          words,
          topic,
          tone: "problem",
          correlationId: quotableId(error),
          actions: error.code === "not_found" ? [] : [again],
        });
        return;
      }
      expectedVersion = newer.version;
    }
  }

  return (service: Service, active: boolean) => void setActive(service, active);
}
