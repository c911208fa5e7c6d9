import { type Appointment, limits, type Named, type Status, statuses } from "@status-board/contracts";
import { ulid } from "ulid";
import { expect, it } from "vitest";
import { nextCard, type StoredAppointment, type StoredCard } from "../../domain/appointment.ts";
import type { Mutation } from "../../domain/mutation.ts";
import { defined } from "../../domain/outcome.ts";
import type { CardCreation, CreateResult, MoveCommand, MoveResult, Store } from "../store.ts";

export { seededRandom as seeded } from "../../domain/testing/seeded-random.ts";

export interface OpenedStore {
  store: Store;
  /** What else has to be given back, once the store itself is closed. */
  close?(): Promise<void>;
}

/** Opens a store that takes the present moment from `now`. */
export type OpenStore = (options: { now: () => Date }) => Promise<OpenedStore>;

/** A shop of its own in an open store, for one test. */
export interface Workshop {
  store: Store;
  shopId: string;
  /** The moment of every write that names no other, and the store's own clock. */
  now(): string;
  advance(ms: number): void;
  /** Another shop in the same store. */
  neighbour(): Promise<Workshop>;
}

/** Declares a test; each gets a workshop of its own. */
export type WorkshopTest = (title: string, run: (shop: Workshop) => Promise<void>, timeoutMs?: number) => void;

export const day = "2031-03-03";
export const nextDay = "2031-03-04";
/** Through which a new shop has carried its cars. */
export const dayBefore = "2031-03-02";
export const anna: Named = { id: "anna", name: "Anna" };
export const bob: Named = { id: "bob", name: "Bob" };

// In the future, lest a database that expires rows by its own clock take them away.
const opening = Date.parse("2031-03-03T08:00:00.000Z");

export const testsOver =
  (open: OpenStore): WorkshopTest =>
  (title, run, timeoutMs) =>
    it(title, timeoutMs === undefined ? {} : { timeout: timeoutMs }, async () => {
      let time = opening;
      const opened = await open({ now: () => new Date(time) });
      const { store } = opened;
      const newShop = async (): Promise<Workshop> => {
        const shopId = `shop-${ulid()}`;
        const technicians = [{ id: ulid(), name: "Tom" }];
        const settings = { name: "Garage", timeZone: "Europe/Berlin", currency: "EUR", locale: "de-DE" };
        await store.createShop({ id: shopId, ...settings, technicians, version: 1 }, dayBefore);
        return {
          store,
          shopId,
          now: () => new Date(time).toISOString(),
          advance: (ms) => {
            time += ms;
          },
          neighbour: newShop,
        };
      };
      try {
        await run(await newShop());
      } finally {
        await store.close();
        await opened.close?.();
      }
    });

/** A new card as an operation would hand it to the store. */
export function newCard(shop: Workshop, change: Partial<Appointment> = {}): Appointment {
  const at = shop.now();
  return {
    id: ulid(),
    date: day,
    version: 1,
    status: "scheduled",
    rank: "",
    start: `${day}T09:00:00.000Z`,
    end: `${day}T10:00:00.000Z`,
    customer: { name: "Zoë 🚗", phone: "+49 30 1234" },
    vehicle: { year: 2019, make: "Škoda", plate: "B-XY 123" },
    services: [{ code: "OIL001", name: "Oil change", priceCents: 4_900, minutes: 30 }],
    notes: 'First line\n\tsecond "line"',
    totalCents: 4_900,
    paidCents: 0,
    createdAt: at,
    updatedAt: at,
    updatedBy: anna,
    ...change,
  };
}

export const create = (
  shop: Workshop,
  card: Appointment,
  options: Partial<Pick<CardCreation, "hash" | "maxCards" | "random">> = {},
): Promise<CreateResult> =>
  shop.store.createAppointment({
    shopId: shop.shopId,
    card,
    hash: "hash",
    random: Math.random,
    maxCards: limits.boardMaxCards,
    ...options,
  });

/** Makes a card and gives it as it was stored. */
export async function addCard(shop: Workshop, change: Partial<Appointment> = {}): Promise<Appointment> {
  const result = await create(shop, newCard(shop, change));
  if (result.kind !== "created") throw new Error(`expected a new card, but: ${result.kind}`);
  return result.current.card;
}

/** Makes `count` cards, each at the end of its column. */
export async function addCards(
  shop: Workshop,
  count: number,
  change: Partial<Appointment> = {},
): Promise<Appointment[]> {
  const cards: Appointment[] = [];
  for (let made = 0; made < count; made++) cards.push(await addCard(shop, change));
  return cards;
}

/** A move of a card from the version in hand, out of any column, by Anna, unless `options` say otherwise. */
export const move = (
  shop: Workshop,
  card: Pick<Appointment, "id" | "version">,
  to: Status,
  options: Partial<MoveCommand> = {},
): Promise<MoveResult> =>
  shop.store.moveAppointment({
    shopId: shop.shopId,
    id: card.id,
    expectedVersion: card.version,
    to,
    from: statuses,
    anchor: { kind: "end" },
    by: anna,
    at: shop.now(),
    random: Math.random,
    ...options,
  });

/** A move that must succeed. */
export async function moveOk(...args: Parameters<typeof move>): Promise<StoredCard> {
  const result = await move(...args);
  if (result.kind !== "moved") throw new Error(`expected the card to move, but: ${result.kind}`);
  return result.current;
}

/** Replaces some fields of a card, whatever its version. It must succeed. */
export async function edit(
  shop: Workshop,
  id: string,
  change: Partial<Appointment>,
  mutation?: Mutation,
): Promise<StoredCard> {
  const result = await shop.store.changeAppointment({
    shopId: shop.shopId,
    id,
    decide: (current) => {
      const item = nextCard(cardOf(current).card, change, anna, shop.now());
      return defined({ kind: "write" as const, item, mutation });
    },
    random: Math.random,
  });
  if (result.kind !== "written") throw new Error(`expected the card to change, but: ${result.kind}`);
  return result.current;
}

/** Removes a card, whatever its version; gives what the store answered. */
export const remove = (shop: Workshop, id: string, mutation?: Mutation) =>
  shop.store.changeAppointment<StoredAppointment>({
    shopId: shop.shopId,
    id,
    decide: (current) =>
      current.kind === "tombstone"
        ? { kind: "refuse", outcome: current }
        : defined({ kind: "remove" as const, by: bob, at: shop.now(), mutation }),
    random: Math.random,
  });

/** The item as a decision sees it: a card or its tombstone. */
export async function itemOf(shop: Workshop, id: string): Promise<StoredAppointment | undefined> {
  const result = await shop.store.changeAppointment<StoredAppointment>({
    shopId: shop.shopId,
    id,
    decide: (current) => ({ kind: "refuse", outcome: current }),
    random: Math.random,
  });
  return result.kind === "refused" ? result.outcome : undefined;
}

export function cardOf(item: StoredAppointment | undefined): StoredCard {
  if (item?.kind !== "card") throw new Error(`expected a card, but: ${item?.kind ?? "nothing"}`);
  return item;
}

/** The card as it is stored now. */
export const stored = async (shop: Workshop, id: string): Promise<StoredCard> =>
  cardOf(await shop.store.readAppointment(shop.shopId, id));

/** The cards of one column in the order in which the board gives them. */
export async function column(shop: Workshop, status: Status, date = day): Promise<Appointment[]> {
  const { cards } = await shop.store.readBoard(shop.shopId, date);
  return cards.filter((card) => card.status === status);
}

export const columnIds = async (shop: Workshop, status: Status, date = day): Promise<string[]> =>
  (await column(shop, status, date)).map(({ id }) => id);

/** Every card of the shop's two days as stored, memory and undo included, to prove that nothing changed. */
export async function everything(shop: Workshop): Promise<unknown> {
  const boards = [await shop.store.readBoard(shop.shopId, day), await shop.store.readBoard(shop.shopId, nextDay)];
  const ids = boards.flatMap(({ cards }) => cards.map(({ id }) => id));
  const items = await Promise.all(ids.map((id) => shop.store.readAppointment(shop.shopId, id)));
  return { boards: boards.map(({ cards, removed }) => ({ cards, removed: removedById(removed) })), items };
}

const removedById = <T extends { id: string }>(removed: readonly T[]): T[] =>
  removed.toSorted((a, b) => (a.id < b.id ? -1 : 1));

/** Runs all of them at once and counts the answers by kind. */
export async function tally(attempts: readonly Promise<{ kind: string }>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { kind } of await Promise.all(attempts)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** That the column's ranks rise, ids deciding between equals, and none is too long or not canonical. */
export function expectRanked(cards: readonly Appointment[]): void {
  const keys = cards.map(({ rank, id }) => `${rank}#${id}`);
  expect(keys).toEqual(keys.toSorted());
  for (const { rank } of cards) expect(rank).toMatch(/^[0-9A-Za-z]{0,127}[1-9A-Za-z]$/);
}
