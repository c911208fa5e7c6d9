import type { CreateService, EditService, EditShop, Service, Shop } from "@status-board/contracts";
import type { MutationMemory } from "./mutation.ts";
import { defined } from "./outcome.ts";

/** A service as the store holds it. A removed one is kept for a week, so that a repeat still finds it (HT5). */
export interface StoredService {
  service: Service;
  memory: MutationMemory;
  /** When the row may go, in ISO 8601; absent while the service lives. */
  removedUntil?: string;
}

/** A shop as the store holds it. */
export interface StoredShop {
  shop: Shop;
  memory: MutationMemory;
}

/** A service's first version. */
export function composeService(id: string, input: CreateService, at: string): Service {
  const { code, name, priceCents, minutes, description, active } = input;
  return defined({
    id,
    version: 1,
    code,
    name,
    priceCents,
    minutes,
    description,
    active: active ?? true,
    createdAt: at,
    updatedAt: at,
  });
}

/** The service after an edit: what is not sent stays, null clears the description. */
export function editService(service: Service, edit: EditService, at: string): Service {
  const { description, ...rest } = service;
  const { expectedVersion, mutationId, description: newDescription, ...change } = edit;
  return defined({
    ...rest,
    ...defined(change),
    description: newDescription === undefined ? description : (newDescription ?? undefined),
    version: service.version + 1,
    updatedAt: at,
  });
}

/** The shop after an edit; cards keep the technicians' names that they copied. */
export function editShop(shop: Shop, edit: EditShop): Shop {
  const { expectedVersion, mutationId, ...change } = edit;
  return { ...shop, ...defined(change), version: shop.version + 1 };
}
