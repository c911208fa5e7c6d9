import type { Appointment, Status } from "@status-board/contracts";
import { ulid } from "ulid";
import { onTestFinished } from "vitest";
import { clientOf, endpointOf, newTables } from "../../../tests/support/dynamodb.ts";
import type { Service } from "../../http/dispatch.ts";
import { headerOf } from "../../http/message.ts";
import { createDynamoStore } from "../../store/dynamodb/dynamo-store.ts";
import type { LiveStore } from "../../store/live-store.ts";
import type { Store } from "../../store/store.ts";
import { type Api, apiAs } from "../../testing/api.ts";
import { addCardIn } from "../../testing/cards.ts";
import { host, openWorkshop } from "../../testing/workshop.ts";
import { carryOver } from "../carry-over.ts";

/** A database in which cars stay overnight, with a clock that the test sets. */
export interface Night {
  store: Store;
  live: LiveStore;
  clock: () => Date;
  setClock: (instant: string) => void;
  /** Makes a shop whose days up to `carriedThrough` are worked through, and answers it as its manager sees it. */
  addShop: (id: string, timeZone: string, carriedThrough: string) => Promise<Api>;
  /** The carry-over, on this store or on one that stands before it. */
  carryOver: (store?: Store) => Promise<number>;
  /** How far a shop's carry-over has come. */
  carriedThrough: (id: string) => Promise<string | undefined>;
  /** The same database as another process sees it, where a second process can. */
  elsewhere: (beforeWrite?: () => Promise<unknown>) => Store;
}

/** SQLite belongs to one process, so that elsewhere is here. */
export async function openSqliteNight(): Promise<Night> {
  const { store, service, advance, now } = await openWorkshop();
  // The shop that every workshop has shall never be in the way.
  await store.finishDay("north", "2099-12-31");
  const setClock = (instant: string) => advance(Date.parse(instant) - Date.parse(now()));
  return nightOf(store, service, setClock, (beforeWrite) => ({
    ...store,
    changeAppointment: async (change) => {
      await beforeWrite?.();
      return store.changeAppointment(change);
    },
  }));
}

export async function openDynamoNight(): Promise<Night> {
  const { service, advance, now } = await openWorkshop();
  const endpoint = await endpointOf("dynoxide");
  const tables = await newTables(endpoint);
  const open = (beforeWrite?: () => Promise<unknown>): Store => {
    const client = clientOf(endpoint);
    if (beforeWrite !== undefined)
      client.middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            if (commandName === "TransactWriteItemsCommand") await beforeWrite();
            return next(args);
          },
        { step: "initialize" },
      );
    const store = createDynamoStore({ client, ...tables, now: service.ports.clock, newId: ulid });
    onTestFinished(() => store.close());
    return store;
  };
  const setClock = (instant: string) => advance(Date.parse(instant) - Date.parse(now()));
  return nightOf(open(), service, setClock, open);
}

function nightOf(store: Store, base: Service, setClock: Night["setClock"], elsewhere: Night["elsewhere"]): Night {
  const ports = { ...base.ports, store };
  const service: Service = {
    ...base,
    ports,
    authenticate: (request) => ({
      shopId: headerOf(request, "authorization") ?? "",
      user: { id: "mia", name: "Mia" },
      role: "manager",
    }),
  };
  return {
    store,
    live: ports.live,
    clock: ports.clock,
    setClock,
    elsewhere,
    carryOver: (through = store) => carryOver({ ...ports, store: through }),
    carriedThrough: async (id) => (await store.listShops()).find((shop) => shop.id === id)?.carriedThrough,
    addShop: async (id, timeZone, carriedThrough) => {
      const settings = { name: "Garage", currency: "EUR", locale: "de-DE", technicians: [], version: 1 };
      await store.createShop({ id, timeZone, ...settings }, carriedThrough);
      return apiAs(service, { host, authorization: id });
    },
  };
}

/** A card that stands in a column of the day of `start`. */
export const addCarIn = (api: Api, status: Status, start: string): Promise<Appointment> =>
  addCardIn(api, status, { start, end: start, serviceCodes: [] });

/** Where an id stands among these days' boards: `day status`, or `day removed`. */
export async function placesOf(api: Api, id: string, days: readonly string[]): Promise<string[]> {
  const boards = await Promise.all(days.map((date) => api.ok("getBoard", { query: { date } })));
  return boards.flatMap(({ date, columns, removed }) => [
    ...Object.entries(columns).flatMap(([status, { items }]) =>
      items.filter((card) => card.id === id).map(() => `${date} ${status}`),
    ),
    ...removed.filter((tombstone) => tombstone.id === id).map(() => `${date} removed`),
  ]);
}
