import { setTimeout as wait } from "node:timers/promises";
import { type Appointment, statuses } from "@status-board/contracts";
import { ulid } from "ulid";
import type { Random } from "../../../src/domain/rank.ts";
import { type Api, type Call, textOf } from "../../../src/testing/api.ts";

/** How many answers there were of each operation and status. */
export type Tally = Map<string, number>;

interface Writing {
  api: Api;
  dates: readonly string[];
  random: Random;
  tally: Tally;
  signal: AbortSignal;
}

type Operation =
  | "createAppointment"
  | "editAppointment"
  | "moveAppointment"
  | "undoMove"
  | "removeAppointment"
  | "reschedule";

const pauseMaxMs = 100;
/** Fewer are added to, more are taken from. */
const cardsWanted = 25;

/** Writes at random until the signal: whatever the server refuses is counted, and whatever gets lost is let be. */
export async function writeAtRandom(writing: Writing): Promise<void> {
  const { signal, random, tally } = writing;
  while (!signal.aborted) {
    try {
      await writeOnce(writing);
    } catch (error) {
      // A connection that was cut, or a server that is just being started.
      if (!(error instanceof TypeError)) throw error;
      count(tally, "cut");
    }
    await wait(random() * pauseMaxMs, undefined, { signal }).catch(() => {});
  }
}

function count(tally: Tally, what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1);
}

async function writeOnce(writing: Writing): Promise<void> {
  const { api, dates, random, tally } = writing;
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const date = pick(dates) ?? "";
  const board = await api.send("getBoard", { query: { date } });
  if (board.status !== 200) return count(tally, `getBoard ${board.status}`);
  const cards: Appointment[] = Object.values<{ items: Appointment[] }>(JSON.parse(textOf(board)).data.columns).flatMap(
    ({ items }) => items,
  );
  const card = pick(cards);
  const operation = chooseOperation(random, cards.length);
  const call =
    card === undefined || operation === "createAppointment" ? undefined : callOn(card, operation, cards, writing);
  if (call === undefined) return send("createAppointment", { body: newBody(date) }, "createAppointment");
  return send(
    operation === "reschedule" || operation === "createAppointment" ? "editAppointment" : operation,
    call,
    operation,
  );

  async function send(routeId: Exclude<Operation, "reschedule">, given: Call, name: string): Promise<void> {
    const response = await api.send(routeId, given);
    count(tally, `${name} ${response.status}`);
    if (routeId !== "moveAppointment" || response.status !== 200 || random() > 0.3) return;
    const moved: Appointment = JSON.parse(textOf(response)).data;
    const { mutationId } = (given.body ?? {}) as { mutationId?: string };
    await send("undoMove", { id: moved.id, body: { mutationId, expectedVersion: moved.version } }, "undoMove");
  }
}

const newBody = (date: string) => ({
  start: `${date}T09:00:00.000Z`,
  end: `${date}T10:00:00.000Z`,
  customer: { name: "Zoë 🚗" },
  vehicle: { plate: ulid().slice(-8) },
  serviceCodes: [],
});

function chooseOperation(random: Random, cards: number): Operation {
  const chance = random();
  if (chance < (cards < cardsWanted ? 0.2 : 0.04)) return "createAppointment";
  if (chance < (cards < cardsWanted ? 0.27 : 0.2)) return "removeAppointment";
  if (chance < 0.4) return "editAppointment";
  return chance < 0.5 ? "reschedule" : "moveAppointment";
}

/** A call that changes the card as it was read, or now and then one that comes too late. */
function callOn(
  card: Appointment,
  operation: Operation,
  cards: readonly Appointment[],
  { dates, random }: Writing,
): Call {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const { id, version } = card;
  const expectedVersion = random() < 0.05 ? Math.max(1, version - 1) : version;
  const mutationId = ulid();
  if (operation === "removeAppointment") return { id, query: { expectedVersion, mutationId } };
  if (operation === "moveAppointment") {
    const anchor = pick(cards);
    const place = anchor !== undefined && anchor.id !== id && random() < 0.5 ? { afterId: anchor.id } : { position: 0 };
    return { id, body: { newStatus: pick(statuses), ...place, expectedVersion, mutationId } };
  }
  if (operation === "editAppointment") return { id, body: { notes: mutationId, expectedVersion, mutationId } };
  const date = pick(dates) ?? card.date;
  const { start, end } = newBody(date);
  return { id, body: { start, end, expectedVersion, mutationId } };
}
