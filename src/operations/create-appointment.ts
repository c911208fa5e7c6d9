import { type Appointment, type CreateAppointment, limits } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { composeCard } from "../domain/card.ts";
import { invalid, type Outcome, ok } from "../domain/outcome.ts";
import { cardContext } from "./card-context.ts";
import { hashOf, type Ports } from "./ports.ts";

/** Told when a board has no room for one more card (CA7). */
export const boardFull = invalid("start", `that day's board is full: ${limits.boardMaxCards} cards`);

/** A new card at the end of `scheduled`. With an `id` it can be repeated: the same body finds the same card (AP1). */
export async function createAppointment(
  input: CreateAppointment,
  principal: Principal,
  ports: Ports,
): Promise<Outcome<Appointment>> {
  const { store, random } = ports;
  const { shopId } = principal;
  const hash = hashOf("createAppointment", input);
  const composed = composeCard(
    input.id ?? ports.newId(),
    input,
    await cardContext(input.serviceCodes, principal, ports),
  );
  if (composed.kind !== "composed") return composed;
  const result = await store.createAppointment({
    shopId,
    card: composed.card,
    hash,
    random,
    maxCards: limits.boardMaxCards,
  });
  if (result.kind === "board_full") return boardFull;
  if (result.kind === "created") return ok(result.current.card);
  if (result.current === undefined) return { kind: "conflict", reason: "id_deleted" };
  return result.hash === hash ? ok(result.current.card) : { kind: "conflict", reason: "id_reused" };
}
