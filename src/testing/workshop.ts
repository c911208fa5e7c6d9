import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Role, Shop } from "@status-board/contracts";
import { ulid } from "ulid";
import { onTestFinished } from "vitest";
import type { Principal } from "../auth/principal.ts";
import { memoryTries } from "../auth/tries.ts";
import { composeService } from "../domain/service.ts";
import { allHandlers } from "../http/all-handlers.ts";
import type { Service } from "../http/dispatch.ts";
import { headerOf } from "../http/message.ts";
import { memoryConnections } from "../local/connections.ts";
import { createLogger } from "../runtime/logger.ts";
import { openSqliteStore, type SqliteStore } from "../store/sqlite/sqlite-store.ts";
import { type Api, apiAs } from "./api.ts";

export const day = "2031-03-03";
export const nextDay = "2031-03-04";
const opening = Date.parse(`${day}T08:00:00.000Z`);

export const host = "board.test";
export const origin = "https://board.test";

/** The technicians of every shop here. */
export const tom = { id: "01K00000000000000000000T0M", name: "Tom" };
export const eva = { id: "01K00000000000000000000EVA", name: "Eva" };

/** Services that every shop here starts with. */
const catalogue = [
  { code: "OIL001", name: "Oil change", priceCents: 4_900, minutes: 30 },
  { code: "TIRE001", name: "Tire rotation", priceCents: 8_000, minutes: 45 },
] as const;

type Rows = Record<string, Record<string, unknown>[]>;

/** The whole product on a database of the test's own, with a clock that the test moves. */
export interface Workshop {
  service: Service;
  store: SqliteStore;
  /** The product as somebody of this role sees it, in the shop `north` unless another is named. */
  as: (role: Role, person?: { user?: string; shop?: string }) => Api;
  /** The product as nobody in particular sees it. */
  anonymous: Api;
  manager: Api;
  now: () => string;
  advance: (ms: number) => void;
  /** Every log line so far. */
  log: () => string[];
  /** The hashes of the sessions whose connections were ended. */
  silenced: readonly string[];
  /** Every row of the database, by table. */
  rows: () => Rows;
  /** The same as one text, to be compared. */
  everything: () => string;
  /** Rows that this process has written so far, whatever became of them. */
  rowsWritten: () => unknown;
  /** Makes another shop in the same database. */
  addShop: (id: string) => Promise<void>;
}

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "status-board-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const shopNamed = (id: string): Shop => ({
  id,
  name: `Garage ${id}`,
  timeZone: "Europe/Berlin",
  currency: "EUR",
  locale: "de-DE",
  technicians: [tom, eva],
  version: 1,
});

/** Opens the product with one shop, `north`, in it. */
export async function openWorkshop(): Promise<Workshop> {
  let time = opening;
  const clock = () => new Date(time);
  const now = () => clock().toISOString();
  const store = openSqliteStore({ file: join(temporaryDirectory(), "board.sqlite"), newId: () => ulid(), now: clock });
  onTestFinished(() => store.close());
  const lines: string[] = [];
  const silenced: string[] = [];
  const people = new Map<string, Principal>();
  const service: Service = {
    ports: {
      store,
      live: store.live,
      tickets: memoryConnections(),
      liveUrl: () => "wss://board.test/live",
      clock,
      newId: () => ulid(),
      random: Math.random,
      pairing: {
        devices: store.devices,
        tries: memoryTries(clock),
        siteUrl: () => origin,
        silence: async (hash) => void silenced.push(hash),
      },
    },
    gate: { allowedHosts: new Set([host]), allowedOrigins: new Set([origin]) },
    logger: createLogger({ level: "info", release: "1.2.3", destination: { write: (line) => void lines.push(line) } }),
    release: "1.2.3",
    handlers: allHandlers,
    holds: async () => true,
    authenticate: (request) => people.get(headerOf(request, "authorization") ?? ""),
    newCorrelationId: () => `minted-${ulid()}`,
  };
  const as: Workshop["as"] = (role, { user = role, shop = "north" } = {}) => {
    const token = `${shop}/${role}/${user}`;
    people.set(token, { shopId: shop, user: { id: user, name: `Name of ${user}` }, role });
    return apiAs(service, { host, authorization: token });
  };
  async function addShop(id: string): Promise<void> {
    await store.createShop(shopNamed(id), "2000-01-01");
    for (const line of catalogue) await store.createService(id, composeService(ulid(), line, now()), undefined);
  }
  await addShop("north");
  return {
    service,
    store,
    as,
    anonymous: apiAs(service, { host }),
    manager: as("manager"),
    now,
    advance: (ms) => {
      time += ms;
    },
    log: () => [...lines],
    silenced,
    rows: () => rowsOf(store),
    everything: () => JSON.stringify(rowsOf(store), undefined, 1),
    rowsWritten: () => {
      store.settle();
      return store.database.prepare("SELECT total_changes() AS count").get()?.count;
    },
    addShop,
  };
}

function rowsOf({ database, settle }: SqliteStore): Rows {
  settle();
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return Object.fromEntries(
    tables.map(({ name }) => [String(name), database.prepare(`SELECT * FROM "${name}" ORDER BY 1, 2`).all()]),
  );
}
