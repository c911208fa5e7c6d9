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
  if (carriedThrough >= today) return carryAfterClockWasAhead({ shopId, carriedThrough, today }, ports);
  const first = addDays(carriedThrough, 1);
  if (first === today) return 0;
  let carried = 0;
  // Days that were finished while the clock was ahead may have cars of later on them.
  const from = [first, addDays(today, -daysLookedThrough)].toSorted()[0] ?? first;
  for (let day = from; day < today; day = addDays(day, 1)) {
    const { cards } = await ports.store.readBoard(shopId, day);
    for (const { id } of cards.filter(staysOvernight)) if (await carryCard(shopId, id, day, today, ports)) carried++;
    if (day >= first) await ports.store.finishDay(shopId, day);
  }
  return carried;
}

/** So many days are looked through while the days that were finished lie ahead: longer than a workshop is closed. */
const daysLookedThrough = 14;

/**
 * Days that are not over cannot be finished, unless the clock was ahead. What stands in the shop then waits on the day that
 * the clock showed, and comes back from there; and the nights until that day are worked through without finishing any.
 */
async function carryAfterClockWasAhead(
  { shopId, carriedThrough, today }: { shopId: string; carriedThrough: string; today: string },
  ports: Ports,
): Promise<number> {
  let carried = 0;
  const past = Array.from({ length: daysLookedThrough }, (_, index) => addDays(today, index - daysLookedThrough));
  for (const day of [addDays(carriedThrough, 1), ...past]) {
    const { cards } = await ports.store.readBoard(shopId, day);
    // A car that was booked for a day to come is where it belongs.
    const strays = cards.filter((card) => staysOvernight(card) && (day < today || (card.carriedFrom ?? day) <= today));
    for (const { id } of strays) if (await carryCard(shopId, id, day, today, ports)) carried++;
  }
  return carried;
}

const staysOvernight = ({ status }: Appointment): boolean => status === "in_progress" || status === "ready";

/** Carries one card, judged as it stands at that very moment; tells whether it went. */
async function carryCard(shopId: string, id: string, day: string, today: string, ports: Ports): Promise<boolean> {
  const decide = (current: StoredAppointment): Decision<Appointment, undefined> => {
    if (current.kind === "tombstone" || current.card.date !== day || !staysOvernight(current.card))
      return { kind: "refuse", outcome: undefined };
    const { carriedFrom = current.card.date, ...card } = current.card;
    // Brought back to its first day, it was not carried.
    const change = { date: today, ...(carriedFrom !== today && { carriedFrom }) };
    return { kind: "write", item: nextCard(card, change, system, nowOf(ports)) };
  };
  const result = await ports.store.changeAppointment({ shopId, id, decide, random: ports.random });
  return result.kind === "written";
}
