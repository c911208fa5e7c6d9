import { type Appointment, type EditAppointment, limits } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { judgeWrite, type StoredAppointment } from "../domain/appointment.ts";
import { editCard } from "../domain/card.ts";
import { defined, notFound, type Outcome, ok } from "../domain/outcome.ts";
import type { Decision } from "../store/store.ts";
import { cardContext } from "./card-context.ts";
import { boardFull } from "./create-appointment.ts";
import { mutationOf, type Ports } from "./ports.ts";

/** Changes what is sent and nothing else. A new day for `start` takes the card to that board (AP2, AP3). */
export async function editAppointment(
  id: string,
  edit: EditAppointment,
  principal: Principal,
  ports: Ports,
): Promise<Outcome<Appointment>> {
  const context = await cardContext(edit.serviceCodes ?? [], principal, ports);
  const mutation = mutationOf("editAppointment", edit, id);
  const decide = (current: StoredAppointment): Decision<Appointment, Outcome<Appointment>> => {
    const judged = judgeWrite(current, edit.expectedVersion, mutation);
    if (judged !== undefined) return { kind: "refuse", outcome: judged };
    if (current.kind === "tombstone") return { kind: "refuse", outcome: notFound };
    const composed = editCard(current.card, edit, context);
    if (composed.kind !== "composed") return { kind: "refuse", outcome: composed };
    return defined({ kind: "write" as const, item: composed.card, mutation });
  };
  const result = await ports.store.changeAppointment({
    shopId: principal.shopId,
    id,
    decide,
    random: ports.random,
    maxCards: limits.boardMaxCards,
  });
  if (result.kind === "written") return ok(result.current.card);
  if (result.kind === "refused") return result.outcome;
  return result.kind === "board_full" ? boardFull : notFound;
}
