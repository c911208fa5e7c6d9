import type { Appointment, Removed, RemoveQuery } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { judgeWrite, type StoredAppointment } from "../domain/appointment.ts";
import { recall } from "../domain/mutation.ts";
import { defined, notFound, type Outcome, ok } from "../domain/outcome.ts";
import type { Decision } from "../store/store.ts";
import { mutationOf, nowOf, type Ports } from "./ports.ts";

/** Takes a card off its board for good. Its id is never used again (CA1, CA6). */
export async function removeAppointment(
  id: string,
  query: RemoveQuery,
  principal: Principal,
  ports: Ports,
): Promise<Outcome<Removed>> {
  const mutation = mutationOf("removeAppointment", query, id);
  const decide = (current: StoredAppointment): Decision<Appointment, Outcome<Removed>> => {
    if (current.kind === "tombstone") return { kind: "refuse", outcome: repeatedRemoval(current) };
    const judged = judgeWrite(current, query.expectedVersion, mutation);
    if (judged !== undefined)
      return { kind: "refuse", outcome: judged.kind === "ok" ? ok({ id, version: judged.data.version }) : judged };
    return defined({ kind: "remove" as const, by: principal.user, at: nowOf(ports), mutation });
  };
  /** A removal's own repeat succeeds; to anybody else the card is gone (HT5). */
  const repeatedRemoval = (tombstone: Extract<StoredAppointment, { kind: "tombstone" }>): Outcome<Removed> =>
    recall(tombstone.memory, mutation) === "repeat" ? ok({ id, version: tombstone.version }) : notFound;

  const result = await ports.store.changeAppointment({ shopId: principal.shopId, id, decide, random: ports.random });
  if (result.kind === "removed") return ok({ id, version: result.version });
  return result.kind === "refused" ? result.outcome : notFound;
}
