import {
  type CreateService,
  type EditService,
  limits,
  type Removed,
  type RemoveQuery,
  type Service,
} from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { type Mutation, recall } from "../domain/mutation.ts";
import { defined, invalid, notFound, type Outcome, ok } from "../domain/outcome.ts";
import { composeService, editService as edited, type StoredService } from "../domain/service.ts";
import type { Decision } from "../store/store.ts";
import { mutationOf, nowOf, type Ports } from "./ports.ts";

const duplicateCode: Outcome<never> = { kind: "conflict", reason: "duplicate_code" };

/** A new service. Its repeat is found by its code, also after the service has gone (SV2, HT5). */
export async function createService(
  input: CreateService,
  principal: Principal,
  ports: Ports,
): Promise<Outcome<Service>> {
  const { store } = ports;
  const mutation = mutationOf("createService", input);
  const service = composeService(ports.newId(), input, nowOf(ports));
  const others = await store.listServices(principal.shopId);
  const taken = others.some(({ code }) => code.toUpperCase() === input.code.toUpperCase());
  if (!taken && others.length >= limits.shopMaxServices)
    return invalid("code", `the shop has ${limits.shopMaxServices} services, and no more fit`);
  const result = await store.createService(principal.shopId, service, mutation);
  if (result.kind === "created") return ok(result.service);
  const { current } = result;
  const recalled = recall(current.memory, mutation);
  if (recalled === "reused") return { kind: "conflict", reason: "mutation_reused" };
  if (recalled === "new") return duplicateCode;
  return current.removedUntil === undefined ? { ...ok(current.service), repeated: true } : notFound;
}

/** What every write to a service is refused for first: gone, a repeat, a reused mutation, a stale version. */
function judge(
  current: StoredService,
  expectedVersion: number,
  mutation: Mutation | undefined,
): Outcome<Service> | undefined {
  if (current.removedUntil !== undefined) return notFound;
  const recalled = recall(current.memory, mutation);
  if (recalled === "repeat") return ok(current.service);
  if (recalled === "reused") return { kind: "conflict", reason: "mutation_reused" };
  if (current.service.version !== expectedVersion) return { kind: "version_conflict", current: current.service };
  return undefined;
}

/** Changes what is sent. Cards keep the line and price that they copied (CA3). */
export async function editService(
  id: string,
  edit: EditService,
  principal: Principal,
  ports: Ports,
): Promise<Outcome<Service>> {
  const mutation = mutationOf("editService", edit, id);
  const decide = (current: StoredService): Decision<Service, Outcome<Service>> => {
    const judged = judge(current, edit.expectedVersion, mutation);
    if (judged !== undefined) return { kind: "refuse", outcome: judged };
    return defined({ kind: "write" as const, item: edited(current.service, edit, nowOf(ports)), mutation });
  };
  const result = await ports.store.changeService(principal.shopId, id, decide);
  if (result.kind === "written") return ok(result.current.service);
  if (result.kind === "refused") return result.outcome;
  return result.kind === "code_taken" ? duplicateCode : notFound;
}

/** Removes a service; the cards that use it stay as they are (SV3). */
export async function removeService(
  id: string,
  query: RemoveQuery,
  principal: Principal,
  ports: Ports,
): Promise<Outcome<Removed>> {
  const mutation = mutationOf("removeService", query, id);
  const decide = (current: StoredService): Decision<Service, Outcome<Removed>> => {
    const { version } = current.service;
    if (current.removedUntil !== undefined)
      return {
        kind: "refuse",
        outcome: recall(current.memory, mutation) === "repeat" ? ok({ id, version }) : notFound,
      };
    const judged = judge(current, query.expectedVersion, mutation);
    if (judged !== undefined) return { kind: "refuse", outcome: judged.kind === "ok" ? ok({ id, version }) : judged };
    return defined({ kind: "remove" as const, by: principal.user, at: nowOf(ports), mutation });
  };
  const result = await ports.store.changeService(principal.shopId, id, decide);
  if (result.kind === "removed") return ok({ id, version: result.version });
  return result.kind === "refused" ? result.outcome : notFound;
}
