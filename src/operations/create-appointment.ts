import { type Appointment, type CreateAppointment, limits } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { composeCard } from "../domain/card.ts";
import { invalid, type Outcome, ok } from "../domain/outcome.ts";
import type { Creation } from "../store/store.ts";
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
  if (composed.kind !== "composed") {
    // A service or technician that it names may have gone since: a repeat is judged by what was sent at first.
    const creation = input.id === undefined ? undefined : await store.findCreation(shopId, input.id);
    return creation?.hash === hash ? judgeRepeat(creation, hash) : composed;
  }
  const { card } = composed;
  const result = await store.createAppointment({ shopId, card, hash, random, maxCards: limits.boardMaxCards });
  if (result.kind === "board_full") return boardFull;
  return result.kind === "created" ? ok(result.current.card) : judgeRepeat(result, hash);
}

/** The id was used before: for the same card, for another, or for one that is gone (AP1). */
function judgeRepeat({ hash, current }: Creation, askedHash: string): Outcome<Appointment> {
  if (current === undefined) return { kind: "conflict", reason: "id_deleted" };
  return hash === askedHash ? ok(current.card) : { kind: "conflict", reason: "id_reused" };
}
