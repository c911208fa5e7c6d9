import { randomUUID } from "node:crypto";
import { type Appointment, appointmentSchema, boardSchema, statuses } from "@status-board/contracts";
import * as z from "zod";
import type { Target } from "./board.ts";

const service = { name: "Oil change with filter", priceCents: 8_900, minutes: 45 };

async function call({ url, headers }: Target, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

const cardAnswer = z.object({ data: appointmentSchema });
const boardAnswer = z.object({ data: boardSchema });

/** The bytes and shape of an ordinary day's card. */
export const cardInput = (date: string, index: number) => ({
  start: `${date}T${String(8 + (index % 9)).padStart(2, "0")}:30:00Z`,
  end: `${date}T${String(9 + (index % 9)).padStart(2, "0")}:30:00Z`,
  promisedAt: `${date}T16:00:00Z`,
  customer: { name: `Customer ${index}`, phone: "+49 30 1234567", email: `customer${index}@example.com` },
  vehicle: { year: 2017, make: "Volkswagen", model: "Golf", plate: `B-MK ${1000 + index}` },
  serviceCodes: ["OIL001", "BRK001"],
  notes: "Rattles on the left when braking; customer waits for a call before anything else is done.",
  paidCents: index % 3 === 0 ? 5_000 : 0,
});

/** Makes a board of `count` ordinary cards, a fifth of them in each of four columns and the rest in scheduled. */
export async function makeBoard(target: Target, date: string, count: number): Promise<Appointment[]> {
  for (const code of ["OIL001", "BRK001"])
    await call(target, "POST", "/api/admin/services", { code, ...service }).catch(() => undefined);
  const cards: Appointment[] = [];
  for (let index = 0; index < count; index++) {
    const created = cardAnswer.parse(
      await call(target, "POST", "/api/admin/appointments", cardInput(date, index)),
    ).data;
    const path = [[], ["in_progress"], ["ready"], ["ready", "completed"], ["no_show"]][index % 5] ?? [];
    let card = created;
    for (const newStatus of path)
      card = cardAnswer.parse(
        await call(target, "POST", `/api/admin/appointments/${card.id}/move`, {
          newStatus,
          expectedVersion: card.version,
        }),
      ).data;
    cards.push(card);
  }
  return cards;
}

/** The board as it stands. */
export async function readBoard(target: Target, date: string): Promise<Appointment[]> {
  const board = boardAnswer.parse(await call(target, "GET", `/api/admin/appointments/board?date=${date}`)).data;
  return statuses.flatMap((status) => board.columns[status].items);
}

/** A move of a card from the version that it has by now. */
export interface Move {
  card: Appointment;
  expectedVersion: number;
  mutationId: string;
}

/**
 * Moves that never conflict: each of `clients` has cards of its own, and sends them to and fro within a column. One mover goes with a
 * board for as long as it is measured, because it knows the versions.
 */
export function mover(cards: readonly Appointment[]): (client?: number, clients?: number) => Move {
  const versions = new Map(cards.map(({ id, version }) => [id, version]));
  const run = randomUUID().slice(0, 8);
  let turn = 0;
  return (client = 0, clients = 1) => {
    const own = Math.ceil((cards.length - client) / clients);
    const card = cards[client + (Math.floor(turn / clients) % own) * clients];
    if (card === undefined) throw new Error("there are more clients than cards");
    const expectedVersion = versions.get(card.id) ?? 0;
    versions.set(card.id, expectedVersion + 1);
    return { card, expectedVersion, mutationId: `${run}-${turn++}` };
  };
}

/** The request of a move. */
export function moveRequest({ card, expectedVersion, mutationId }: Move) {
  const body = JSON.stringify({ newStatus: card.status, expectedVersion, mutationId });
  return { method: "POST" as const, path: `/api/admin/appointments/${card.id}/move`, body };
}
