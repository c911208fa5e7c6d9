import { statSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Appointment, Status } from "@status-board/contracts";
import { ulid } from "ulid";
import type { Principal } from "../../src/auth/principal.ts";
import { seededRandom } from "../../src/domain/testing/seeded-random.ts";
import { addDays } from "../../src/domain/time.ts";
import { publish } from "../../src/live/publish.ts";
import { memoryConnections } from "../../src/local/connections.ts";
import { carryOver } from "../../src/operations/carry-over.ts";
import { createAppointment } from "../../src/operations/create-appointment.ts";
import { moveAppointment } from "../../src/operations/move-appointment.ts";
import type { Ports } from "../../src/operations/ports.ts";
import { openSqliteStore, type SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";

export const shopId = "north";
const dayMs = 86_400_000;
const principal: Principal = { shopId, user: { id: "anna", name: "Anna" }, role: "manager" };

/** What a card must be in the end. */
export interface Entry {
  status: Status;
  version: number;
  date: string;
}

/** How much room everything takes, in bytes. */
export interface Measure {
  /** What is kept for good: cards, their ids and their histories, and the boards' heads. */
  books: number;
  /** All other pages of the file, free ones too. */
  rest: number;
  log: number;
  heap: number;
}

/** A workshop in fast motion: its own clock, its publisher, and a book of what was done. */
export interface Year {
  store: SqliteStore;
  /** One working day with that many cards, and the night after it. */
  work: (cards: number) => Promise<void>;
  /** Every card that was ever made. */
  book: ReadonlyMap<string, Entry>;
  measure: () => Measure;
  /** The day that is next. */
  today: () => string;
}

export async function openYear(file: string, firstDay: string): Promise<Year> {
  let date = firstDay;
  let ms = Date.parse(`${firstDay}T06:00:00.000Z`);
  const clock = () => new Date(ms);
  // Little memory for boards, so that a year of them does not fit and growth elsewhere is seen.
  const store = openSqliteStore({ file, newId: () => ulid(), now: clock, boardsMaxBytes: 1_048_576 });
  const connections = memoryConnections();
  const random = seededRandom(8);
  const { live } = store;
  const ports: Ports = { store, live, tickets: connections, liveUrl: () => "", clock, newId: () => ulid(), random };
  const settings = { name: "North", timeZone: "Europe/Berlin", currency: "EUR", locale: "de-DE", technicians: [] };
  await store.createShop({ id: shopId, ...settings, version: 1 }, addDays(firstDay, -1));
  const gateway = { post: async () => "sent" as const, close: async () => {} };
  const setAside = async () => {
    throw new Error("a change could not be published");
  };
  store.feed.start(async (items) => {
    await publish(items, { live, connections, gateway, setAside, clock, random });
  });
  const book = new Map<string, Entry>();
  let overnight: Appointment[] = [];

  const note = (card: Appointment) => {
    book.set(card.id, { status: card.status, version: card.version, date: card.date });
    return card;
  };

  async function add(index: number): Promise<Appointment> {
    const input = {
      start: `${date}T0${7 + (index % 3)}:00:00.000Z`,
      end: `${date}T11:00:00.000Z`,
      customer: { name: `Customer ${index}`, phone: "+49 30 123456" },
      vehicle: { make: "Škoda", model: "Octavia", plate: `B-XY ${index}`, year: 2019 },
      serviceCodes: [],
      notes: "Winter tyres are in the boot. Call before noon if the brakes need more than pads.",
    };
    const made = await createAppointment(input, principal, ports);
    if (made.kind !== "ok") throw new Error(made.kind);
    return note(made.data);
  }

  async function move(card: Appointment, newStatus: Status): Promise<Appointment> {
    const input = { newStatus, expectedVersion: card.version, mutationId: ulid() };
    const moved = await moveAppointment(card.id, input, principal, ports);
    if (moved.kind !== "ok") throw new Error(moved.kind);
    return note(moved.data);
  }

  const moveAll = (cards: readonly Appointment[], to: Status) => Promise.all(cards.map((card) => move(card, to)));

  async function work(count: number): Promise<void> {
    ms = Date.parse(`${date}T08:00:00.000Z`);
    await moveAll(overnight, "completed");
    const made = await Promise.all(Array.from({ length: count }, (_, index) => add(index)));
    const [absent, present] = [made.slice(0, 2), made.slice(2)];
    await moveAll(absent, "no_show");
    const begun = await moveAll(present, "in_progress");
    const stay = Math.floor(count / 10);
    await moveAll(await moveAll(begun.slice(stay), "ready"), "completed");
    // Through the night hour by hour, as the timers would.
    date = addDays(date, 1);
    const morning = Date.parse(`${date}T06:00:00.000Z`);
    for (; ms < morning; ms += dayMs / 8) {
      await carryOver(ports);
      await store.prune();
    }
    overnight = await Promise.all(begun.slice(0, stay).map(({ id }) => readCard(id)));
    for (const card of overnight) note(card);
  }

  async function readCard(id: string): Promise<Appointment> {
    const found = await store.readAppointment(shopId, id);
    if (found === undefined) throw new Error(`card ${id} is gone`);
    return found.card;
  }

  return { store, work, book, today: () => date, measure: () => measure(store, file) };
}

const bookTables = ["appointment", "pointer", "history", "head"];

function measure({ database }: SqliteStore, file: string): Measure {
  database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  const sizes = database.prepare("SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name").all();
  const books = sizes.reduce(
    (sum, { name, bytes }) => (bookTables.some((table) => isOf(table, String(name))) ? sum + Number(bytes) : sum),
    0,
  );
  const rest = statSync(file).size - books;
  return { books, rest, log: statSync(`${file}-wal`).size, heap: heapBytes() };
}

/** A table, or the index that SQLite makes for its key. */
const isOf = (table: string, name: string) => name === table || name === `sqlite_autoindex_${table}_1`;

/** Memory that is in use once all that is not has been collected. */
function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}
