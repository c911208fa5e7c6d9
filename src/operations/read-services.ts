import { type ListServicesQuery, limits, type Service, type ServiceList } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { defined, notFound, type Outcome, ok } from "../domain/outcome.ts";
import type { Ports } from "./ports.ts";

const contains = (text: string | undefined, wanted: string) => text?.toLowerCase().includes(wanted) ?? false;

/** One page of the shop's services by code. Nothing to search for lists everything (SV1). */
export async function listServices(
  query: ListServicesQuery,
  principal: Principal,
  { store }: Ports,
): Promise<Outcome<ServiceList>> {
  const wanted = (query.search ?? "").trim().toLowerCase();
  const matches = (await store.listServices(principal.shopId)).filter(
    ({ code, name, description, active }) =>
      (query.active === undefined || active === query.active) &&
      (contains(code, wanted) || contains(name, wanted) || contains(description, wanted)),
  );
  const after = query.cursor?.toUpperCase();
  const rest = after === undefined ? matches : matches.filter(({ code }) => code.toUpperCase() > after);
  const items = rest.slice(0, query.limit ?? limits.servicesPageDefaultItems);
  const nextCursor = items.length < rest.length ? items.at(-1)?.code : undefined;
  return ok(defined({ items, total: matches.length, nextCursor }));
}

/** One service, retired or not. */
export async function getService(id: string, principal: Principal, { store }: Ports): Promise<Outcome<Service>> {
  const service = await store.readService(principal.shopId, id);
  return service ? ok(service) : notFound;
}
