import { type Appointment, type MoveAppointment, sourcesOf } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { judgeMove, type MoveRequest } from "../domain/appointment.ts";
import { defined, invalid, notFound, type Outcome, ok } from "../domain/outcome.ts";
import { anchorOf } from "../domain/place.ts";
import { StoreUnavailable } from "../store/store.ts";
import { mutationOf, nowOf, type Ports } from "./ports.ts";

/** Brings a card to a place in a column, from exactly the version that its mover saw (MV2). */
export async function moveAppointment(
  id: string,
  move: MoveAppointment,
  principal: Principal,
  ports: Ports,
): Promise<Outcome<Appointment>> {
  const { shopId, role, user } = principal;
  for (const anchor of ["afterId", "beforeId"] as const)
    if (move[anchor] === id) return invalid(anchor, "must name another card than the one that moves");
  const to = move.newStatus;
  const mutation = mutationOf("moveAppointment", move, id);
  const request: MoveRequest = defined({
    expectedVersion: move.expectedVersion,
    to,
    from: sourcesOf(to, role),
    mutation,
  });
  const result = await ports.store.moveAppointment({
    ...request,
    shopId,
    id,
    anchor: anchorOf(move),
    by: user,
    at: nowOf(ports),
    random: ports.random,
  });
  if (result.kind === "moved") return ok(result.current.card);
  if (result.kind === "not_found") return notFound;
  const judged = judgeMove(result.current, request, role);
  if (judged === undefined) throw new StoreUnavailable("a move was refused although nothing speaks against it");
  return judged;
}
