import { type Appointment, type CreateAppointment, limits } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { type CardContext, composeCard } from "../domain/card.ts";
import { invalid, type Outcome, ok } from "../domain/outcome.ts";
import type { CreateResult } from "../store/store.ts";
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
  const context = await cardContext(input.serviceCodes, principal, ports);
  const composed = composeCard(input.id ?? ports.newId(), input, context);
  if (composed.kind !== "composed") return (await repeated(input, hash, context, principal, ports)) ?? composed;
  const result = await store.createAppointment({
    shopId,
    card: composed.card,
    hash,
    random,
    maxCards: limits.boardMaxCards,
  });
  if (result.kind === "board_full") return boardFull;
  return result.kind === "created" ? ok(result.current.card) : idTaken(result, hash);
}

function idTaken(taken: Extract<CreateResult, { kind: "id_taken" }>, hash: string): Outcome<Appointment> {
  if (taken.current === undefined) return { kind: "conflict", reason: "id_deleted" };
  return taken.hash === hash ? ok(taken.current.card) : { kind: "conflict", reason: "id_reused" };
}

/**
 * The answer to a creation that happened once and would be refused today, since a service or technician it names has
 * gone. A board without room makes the store say whether the id is taken, and make nothing.
 */
async function repeated(
  input: CreateAppointment,
  hash: string,
  context: CardContext,
  { shopId }: Principal,
  { store, random }: Ports,
): Promise<Outcome<Appointment> | undefined> {
  if (input.id === undefined) return undefined;
  const bare = composeCard(input.id, { ...input, serviceCodes: [], technicianId: undefined }, context);
  if (bare.kind !== "composed") return undefined;
  const result = await store.createAppointment({ shopId, card: bare.card, hash, random, maxCards: 0 });
  return result.kind === "id_taken" && result.hash === hash ? idTaken(result, hash) : undefined;
}
