import { type Appointment, type Board, routes, statuses } from "@status-board/contracts";
import { createApi, dataOf, SeedError } from "./api.ts";
import { type CardWork, type Course, indexBoard, isMissing } from "./card-work.ts";
import { firstCourse } from "./first-course.ts";
import { inParallel } from "./in-parallel.ts";
import { type DayPlan, planDay } from "./plan.ts";
import { cardsInOrder, resetCourse } from "./reset-course.ts";
import { ensureServices, ensureTechnicians } from "./shop-data.ts";
import { clockMinutes, instantAt } from "./wall-clock.ts";

export { SeedError } from "./api.ts";

export interface SeedOptions {
  /** Address of the server, e.g. http://127.0.0.1:3000. */
  url: string;
  /** The board's day, YYYY-MM-DD. */
  date: string;
  /** How many cards the day has, 1 to 500. */
  cards: number;
  /**
   * The moment around which promised times lie: an ISO 8601 time, or HH:MM on that date in the shop's time zone.
   * Default: noon of that date there, so that the same arguments always give the same cards.
   */
  now?: string;
  /** Puts every seeded card back into its place; otherwise those that are there already stay as they are. */
  reset?: boolean;
  /** Sent with every request, e.g. a session's cookie. */
  headers?: Readonly<Record<string, string>>;
  fetch?: typeof fetch;
  /** Told after every piece of work; a card has two. */
  onProgress?: (done: number, total: number) => void;
}

/** What a run did. A card may be created and moved; `unchanged` are those that the run did not write at all. */
export interface SeedResult {
  cards: number;
  created: number;
  moved: number;
  edited: number;
  unchanged: number;
  services: number;
  technicians: number;
  durationMs: number;
}

const maxParallelRequests = 8;

/**
 * Fills a day's board through the API. The same options give the same ids and bodies, so a run that broke off is
 * finished by the next one, and one that was complete is repeated without any change. Throws {@link SeedError}.
 */
export async function seedBoard(options: SeedOptions): Promise<SeedResult> {
  const startedAt = performance.now();
  const { url, date, cards, headers = {}, reset = false, onProgress } = options;
  const api = createApi({ url, headers, fetch: options.fetch ?? fetch });
  const shop = dataOf(await api.call(routes.getShop));
  const plan = planFor({ date, cards, now: options.now ?? "12:00", timeZone: shop.timeZone });
  const stored = dataOf(await api.call(routes.getBoard, { query: { date } }));
  const board = indexBoard(stored);

  const needsShopData = reset || plan.cards.some((card) => isMissing(board, card, false));
  const technicians = needsShopData ? await ensureTechnicians(api, shop, plan.technicians) : 0;
  const services = needsShopData ? await ensureServices(api, plan.services, maxParallelRequests) : 0;

  const work = plan.cards.map((planned): CardWork => ({ planned, created: false, moved: false, edited: false }));
  const course = reset ? resetCourse(api, board) : firstCourse(api, board);
  await carryOut(work, course, reset ? stored : undefined, onProgress);
  return { ...countsOf(work), services, technicians, durationMs: Math.round(performance.now() - startedAt) };
}

function planFor({ now, ...order }: { date: string; cards: number; now: string; timeZone: string }): DayPlan {
  try {
    const minutes = clockMinutes(now);
    const moment = minutes === undefined ? new Date(now).toISOString() : instantAt(order.date, minutes, order.timeZone);
    return planDay({ ...order, now: moment });
  } catch (error) {
    // A day or a time that the shop's zone left out, or a time that is none.
    if (error instanceof RangeError) throw new SeedError(`cannot plan ${order.date}: ${error.message}`);
    throw error;
  }
}

/** `stored` is the board whose cards stay where they stand already as planned; without it none is looked at. */
async function carryOut(
  work: readonly CardWork[],
  course: Course,
  stored: Board | undefined,
  onProgress: SeedOptions["onProgress"],
): Promise<void> {
  let done = 0;
  const advance = () => onProgress?.(++done, 2 * work.length);
  await inParallel(work, maxParallelRequests, async (card) => {
    await course.prepare(card);
    advance();
  });
  await inParallel(statuses, statuses.length, async (status) => {
    const column = work.filter(({ planned }) => planned.status === status);
    const inPlace = stored ? cardsInPlace(column, stored.columns[status].items) : new Set<CardWork>();
    for (const [card, beforeId] of anchored(column, inPlace)) {
      if (!inPlace.has(card)) await course.settle(card, beforeId);
      advance();
    }
  });
}

/** The cards of a column that need no move: as many as stand in the planned order among themselves. */
function cardsInPlace(column: readonly CardWork[], items: readonly Appointment[]): Set<CardWork> {
  const staying = column.filter(({ card, planned }) => card?.status === planned.status);
  const ids = staying.map(({ card }) => card?.id ?? "");
  const inOrder = cardsInOrder(
    items.map(({ id }) => id),
    ids,
  );
  return new Set(staying.filter(({ card }) => card && inOrder.has(card.id)));
}

/** Each card with the next one that is in place already: the others go in front of that, one after another. */
function anchored(column: readonly CardWork[], inPlace: ReadonlySet<CardWork>): [CardWork, string | undefined][] {
  return column.map((card, index) => [card, column.slice(index + 1).find((next) => inPlace.has(next))?.card?.id]);
}

function countsOf(work: readonly CardWork[]): Omit<SeedResult, "services" | "technicians" | "durationMs"> {
  const count = (wanted: (card: CardWork) => boolean) => work.filter(wanted).length;
  return {
    cards: work.length,
    created: count(({ created }) => created),
    moved: count(({ moved }) => moved),
    edited: count(({ edited }) => edited),
    unchanged: count(({ created, moved, edited }) => !created && !moved && !edited),
  };
}
