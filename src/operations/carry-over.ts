import type { Appointment } from "@status-board/contracts";
import { nextCard, type StoredAppointment, system } from "../domain/appointment.ts";
import { addDays, localDay } from "../domain/time.ts";
import type { Decision, ShopDay } from "../store/store.ts";
import { nowOf, type Ports } from "./ports.ts";

/**
 * Carries the cars that stayed overnight to today's board, in every shop whose midnight has passed (CA5). It works
 * through each day since the last that it finished, so it may be called at any time, again, and after any pause. Answers
 * how many cards went. A shop whose cars cannot be carried keeps no other waiting; what is thrown in the end names it.
 */
export async function carryOver(ports: Ports): Promise<number> {
  let carried = 0;
  const problems = new Map<string, unknown>();
  for (const shop of await ports.store.listShops())
    try {
      carried += await carryShop(shop, ports);
    } catch (error) {
      problems.set(shop.id, error);
    }
  if (problems.size === 0) return carried;
  const names = [...problems.keys()].join(", ");
  throw new AggregateError(problems.values(), `the cars of these shops could not all be carried over: ${names}`);
}

async function carryShop({ id: shopId, timeZone, carriedThrough }: ShopDay, ports: Ports): Promise<number> {
  const today = localDay(nowOf(ports), timeZone);
  let carried = 0;
  for (let day = addDays(carriedThrough, 1); day < today; day = addDays(day, 1)) {
    const { cards } = await ports.store.readBoard(shopId, day);
    for (const { id } of cards.filter(staysOvernight)) if (await carryCard(shopId, id, day, today, ports)) carried++;
    await ports.store.finishDay(shopId, day);
  }
  return carried;
}

const staysOvernight = ({ status }: Appointment): boolean => status === "in_progress" || status === "ready";

/** Carries one card, judged as it stands at that very moment; tells whether it went. */
async function carryCard(shopId: string, id: string, day: string, today: string, ports: Ports): Promise<boolean> {
  const decide = (current: StoredAppointment): Decision<Appointment, undefined> => {
    if (current.kind === "tombstone" || current.card.date !== day || !staysOvernight(current.card))
      return { kind: "refuse", outcome: undefined };
    const { card } = current;
    const change = { date: today, carriedFrom: card.carriedFrom ?? card.date };
    return { kind: "write", item: nextCard(card, change, system, nowOf(ports)) };
  };
  const result = await ports.store.changeAppointment({ shopId, id, decide, random: ports.random });
  return result.kind === "written";
}
