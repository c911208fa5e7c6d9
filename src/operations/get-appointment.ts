import type { Appointment } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { notFound, type Outcome, ok } from "../domain/outcome.ts";
import type { Ports } from "./ports.ts";

/** One card, wherever it stands. */
export async function getAppointment(
  id: string,
  principal: Principal,
  { store }: Ports,
): Promise<Outcome<Appointment>> {
  const stored = await store.readAppointment(principal.shopId, id);
  return stored ? ok(stored.card) : notFound;
}
