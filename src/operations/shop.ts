import type { EditShop, Me, Shop } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { recall } from "../domain/mutation.ts";
import { defined, notFound, type Outcome, ok } from "../domain/outcome.ts";
import { editShop as edited, type StoredShop } from "../domain/service.ts";
import type { Decision } from "../store/store.ts";
import { mutationOf, type Ports } from "./ports.ts";

/** Who is asking, and what every screen needs to know of the shop: a TV in the hall too, which may not read its settings. */
export async function getMe({ shopId, user, role, session }: Principal, { store }: Ports): Promise<Outcome<Me>> {
  const shop = await store.readShop(shopId);
  if (shop === undefined) return notFound;
  const { id, name, timeZone, currency, locale } = shop;
  return ok({
    user,
    shop: { id, name, timeZone, currency, locale },
    role,
    ...(session && { session: { expiresAt: session.expiresAt } }),
  });
}

/** The principal's own shop. */
export async function getShop(principal: Principal, { store }: Ports): Promise<Outcome<Shop>> {
  const shop = await store.readShop(principal.shopId);
  return shop ? ok(shop) : notFound;
}

/** Changes what is sent; cards keep the technicians' names that they copied (SH1). */
export async function editShop(edit: EditShop, principal: Principal, { store }: Ports): Promise<Outcome<Shop>> {
  const mutation = mutationOf("editShop", edit);
  const decide = ({ shop, memory }: StoredShop): Decision<Shop, Outcome<Shop>> => {
    const recalled = recall(memory, mutation);
    if (recalled === "repeat") return { kind: "refuse", outcome: ok(shop) };
    if (recalled === "reused") return { kind: "refuse", outcome: { kind: "conflict", reason: "mutation_reused" } };
    if (shop.version !== edit.expectedVersion)
      return { kind: "refuse", outcome: { kind: "version_conflict", current: shop } };
    return defined({ kind: "write" as const, item: edited(shop, edit), mutation });
  };
  const result = await store.changeShop(principal.shopId, decide);
  if (result.kind === "written") return ok(result.current.shop);
  return result.kind === "refused" ? result.outcome : notFound;
}
