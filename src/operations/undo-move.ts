import type { Appointment, UndoMove } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { judgeWrite, type StoredAppointment, undone } from "../domain/appointment.ts";
import { notFound, type Outcome, ok } from "../domain/outcome.ts";
import type { Decision } from "../store/store.ts";
import { hashOf, nowOf, type Ports } from "./ports.ts";

/** Puts a card back to where its mover took it from, unless somebody has touched it since (MV7). */
export async function undoMove(
  id: string,
  undo: UndoMove,
  principal: Principal,
  ports: Ports,
): Promise<Outcome<Appointment>> {
  const { mutationId, expectedVersion } = undo;
  const mutation = { id: `undo:${mutationId}`, hash: hashOf("undoMove", { id, mutationId }) };
  const decide = (current: StoredAppointment): Decision<Appointment, Outcome<Appointment>> => {
    const judged = judgeWrite(current, expectedVersion, mutation);
    if (judged !== undefined) return { kind: "refuse", outcome: judged };
    if (current.kind === "tombstone") return { kind: "refuse", outcome: notFound };
    const { user: by, role } = principal;
    const result = undone(current, { mutationId, by, role, at: nowOf(ports) });
    return result.kind === "undone"
      ? { kind: "write", item: result.card, mutation }
      : { kind: "refuse", outcome: result };
  };
  const result = await ports.store.changeAppointment({ shopId: principal.shopId, id, decide, random: ports.random });
  if (result.kind === "written") return ok(result.current.card);
  return result.kind === "refused" ? result.outcome : notFound;
}
