import type { History } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import { notFound, type Outcome, ok } from "../domain/outcome.ts";
import type { Ports } from "./ports.ts";

/** What happened to a card, oldest first, also after its removal. It may trail the newest change by the feed's delay. */
export async function getHistory(id: string, principal: Principal, { live }: Ports): Promise<Outcome<History>> {
  const items = await live.readHistory(principal.shopId, id);
  return items ? ok({ items: [...items] }) : notFound;
}
