import type { Principal } from "../auth/principal.ts";
import type { CardContext } from "../domain/card.ts";
import { nowOf, type Ports } from "./ports.ts";

/** Reads what a card is written with: the shop, and the services that its codes name. */
export async function cardContext(
  serviceCodes: readonly string[],
  principal: Principal,
  ports: Ports,
): Promise<CardContext> {
  const { store } = ports;
  const [shop, services] = await Promise.all([
    store.readShop(principal.shopId),
    serviceCodes.length === 0 ? [] : store.servicesByCode(principal.shopId, serviceCodes),
  ]);
  if (shop === undefined) throw new Error("the principal's shop does not exist");
  return { shop, services, by: principal.user, at: nowOf(ports) };
}
