import { type CreateAppointment, type CreateService, type Named, type Status, statuses } from "@status-board/contracts";
import { seedNotes, seedServices, seedTechnicians } from "./catalogue.ts";
import { customerFor } from "./people.ts";
import { type Choices, choicesFor, ulidFor } from "./random.ts";
import { vehicleFor } from "./vehicles.ts";
import { instantAt, minutesInto } from "./wall-clock.ts";

/** What a day is made of. The same order always gives the same plan. */
export interface DayOrder {
  /** YYYY-MM-DD, in the shop's time zone. */
  date: string;
  cards: number;
  /** The moment around which promised times lie, ISO 8601 in UTC. */
  now: string;
  timeZone: string;
}

/** A card that is to stand on the board. `index` names it for ever; its id changes with the generation. */
export interface PlannedCard {
  index: number;
  date: string;
  /** The column that it ends up in. */
  status: Status;
  fields: Omit<CreateAppointment, "id">;
}

/** Cards come in the order in which they stand in their columns. */
export interface DayPlan {
  services: readonly CreateService[];
  technicians: readonly Named[];
  cards: readonly PlannedCard[];
}

const shares: Record<Status, number> = {
  scheduled: 0.3,
  in_progress: 0.25,
  ready: 0.15,
  completed: 0.22,
  no_show: 0.08,
};

const openingMinutes = 7 * 60 + 30;
const lastStartMinutes = 17 * 60;
const slotMinutes = 15;
const minuteMs = 60_000;

/** From when to when the cars of a column had their appointment, as minutes before and after now. */
const startWindows: Record<Status, readonly [from: number, to: number]> = {
  completed: [-600, -90],
  ready: [-600, -60],
  in_progress: [-180, 0],
  no_show: [-600, -30],
  scheduled: [-30, 600],
};

type Promised = "late" | "soon" | "later" | "none";
type Paid = "unpaid" | "partly" | "paid";

/** The cards of a column take these in turn, so that even a short column has some of each. */
const promises: Record<Status, readonly Promised[]> = {
  scheduled: ["later", "none", "soon", "later", "late", "later", "none"],
  in_progress: ["late", "soon", "later", "soon", "none", "late", "later"],
  ready: ["soon", "late", "none", "later"],
  completed: ["late", "late", "soon", "none"],
  no_show: ["late", "none"],
};
const payments: Record<Status, readonly Paid[]> = {
  scheduled: ["unpaid", "unpaid", "unpaid", "partly", "unpaid"],
  in_progress: ["unpaid", "partly", "unpaid", "unpaid", "paid"],
  ready: ["unpaid", "paid", "partly"],
  completed: ["paid", "paid", "partly", "paid", "unpaid"],
  no_show: ["unpaid"],
};

/** The id of a card. The next generation's is taken when this one was removed, or lives on another day's board. */
export function cardId(card: Pick<PlannedCard, "date" | "index">, generation: number): string {
  return ulidFor(`card/${card.date}/${card.index}/${generation}`, Date.parse(card.date));
}

/** Plans a shop's day. Pure; a longer day begins with the cards of a shorter one. */
export function planDay(order: DayOrder): DayPlan {
  const cards = columnsFor(order.cards).map(({ status, turn }, index) => planCard(order, index, status, turn));
  return {
    services: seedServices,
    technicians: seedTechnicians,
    cards: cards.sort((a, b) => compareText(a.fields.start, b.fields.start) || a.index - b.index),
  };
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Gives each card the column that lags most behind its share; `turn` counts the cards of a column. */
function columnsFor(count: number): { status: Status; turn: number }[] {
  const given: Record<Status, number> = { scheduled: 0, in_progress: 0, ready: 0, completed: 0, no_show: 0 };
  return Array.from({ length: count }, (_, index) => {
    const lag = (status: Status) => shares[status] * (index + 1) - given[status];
    const status = statuses.reduce((most, next) => (lag(next) > lag(most) ? next : most));
    return { status, turn: given[status]++ };
  });
}

const inTurn = <T>(list: readonly T[], turn: number, otherwise: T): T => list[turn % list.length] ?? otherwise;

function planCard(order: DayOrder, index: number, status: Status, turn: number): PlannedCard {
  const { date, timeZone } = order;
  const choices = choicesFor(`${date}/${index}`);
  const customer = customerFor(choices);
  const vehicle = vehicleFor(choices);
  const services = chooseServices(choices);
  const minutes = services.reduce((sum, service) => sum + service.minutes, 0);
  const promise = inTurn(promises[status], turn, "none");
  const { startMinutes, promisedAt } = planTimes(order, status, promise, choices);
  const start = instantAt(date, startMinutes, timeZone);
  const paidCents = payment(inTurn(payments[status], turn, "unpaid"), services, choices);
  const waits = status === "scheduled" || status === "no_show";
  const fields = {
    start,
    end: new Date(Date.parse(start) + minutes * minuteMs).toISOString(),
    ...(promisedAt !== undefined && { promisedAt }),
    customer,
    vehicle,
    serviceCodes: services.map(({ code }) => code),
    ...(choices.chance(waits ? 0.5 : 1) && { technicianId: choices.pick(seedTechnicians).id }),
    ...(choices.chance(0.35) && { notes: choices.pick(seedNotes) }),
    ...(paidCents > 0 && { paidCents }),
  };
  return { index, date, status, fields };
}

function chooseServices(choices: Choices): CreateService[] {
  const count = choices.pick([1, 1, 1, 2, 2, 3]);
  const chosen = new Set<CreateService>();
  while (chosen.size < count) chosen.add(choices.pick(seedServices));
  return [...chosen];
}

function payment(paid: Paid, services: readonly CreateService[], choices: Choices): number {
  const totalCents = services.reduce((sum, { priceCents }) => sum + priceCents, 0);
  if (paid === "unpaid") return 0;
  return paid === "paid" ? totalCents : Math.round((totalCents * choices.between(30, 60)) / 10_000) * 100;
}

/** When the car was due, as minutes after midnight, and when it was promised; a late car was due before its promise. */
function planTimes({ date, now, timeZone }: DayOrder, status: Status, promise: Promised, choices: Choices) {
  const nowMinutes = minutesInto(date, now, timeZone);
  // Before opening and towards the evening the columns would crowd into one slot: the cards stay spread over the day.
  const middle = Math.min(Math.max(nowMinutes, 10 * 60), 15 * 60);
  const [from, to] = startWindows[status];
  const earliest = Math.max(middle + from, openingMinutes);
  const latest = Math.min(middle + to, lastStartMinutes);
  const drawn = choices.between(Math.ceil(earliest / slotMinutes), Math.floor(latest / slotMinutes)) * slotMinutes;
  const away = promisedMinutes(promise, choices);
  if (away === undefined) return { startMinutes: drawn };
  const roundedNowMs = Math.floor(Date.parse(now) / (5 * minuteMs)) * 5 * minuteMs;
  const dueBefore = Math.floor((nowMinutes + away - 45) / slotMinutes) * slotMinutes;
  return {
    startMinutes: dueBefore < openingMinutes ? drawn : Math.min(drawn, dueBefore),
    promisedAt: new Date(roundedNowMs + away * minuteMs).toISOString(),
  };
}

/** Minutes from now to the promised time. */
function promisedMinutes(promise: Promised, choices: Choices): number | undefined {
  if (promise === "none") return undefined;
  if (promise === "late") return -5 * choices.between(1, 18);
  return 5 * (promise === "soon" ? choices.between(2, 9) : choices.between(15, 54));
}
