import { ulid } from "ulid";
import { describe, expect, it as test } from "vitest";
import type { Principal } from "../auth/principal.ts";
import type { Connections } from "./ports.ts";

export interface OpenedConnections {
  connections: Connections;
  /** The same connections as another process sees them. Default: the same object. */
  elsewhere?: Connections;
  close?(): Promise<void>;
}

const day = "2031-03-03";
const nextDay = "2031-03-04";
const at = "2031-03-03T08:00:00.000Z";
const soon = "2031-03-03T08:00:30.000Z";

interface Office {
  connections: Connections;
  elsewhere: Connections;
  principal: Principal;
  /** Adds a connection, in another role if one is named, and gives its id. */
  connect(change?: Partial<Principal>): Promise<string>;
  /** The ids of those who watch the shop's board of a day. */
  watching(date: string): Promise<string[]>;
}

function officeOf({ connections, elsewhere = connections }: OpenedConnections): Office {
  const principal: Principal = { shopId: `shop-${ulid()}`, user: { id: "zoë", name: 'Zoë "Z"' }, role: "advisor" };
  return {
    connections,
    elsewhere,
    principal,
    connect: async (change = {}) => {
      // As API Gateway words them.
      const id = `${ulid()}=`;
      await connections.add({ id, principal: { ...principal, ...change } });
      return id;
    },
    watching: async (date) =>
      (await elsewhere.watchers({ shopId: principal.shopId, date })).map(({ id }) => id).toSorted(),
  };
}

const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);

type OfficeTest = (title: string, run: (office: Office) => Promise<void>) => void;

/**
 * What every implementation of the connections has to pass. `open` is called for each test. It may hand out the same
 * ones many times, since every test works in a shop of its own.
 */
export function connectionsContract(name: string, open: () => Promise<OpenedConnections>): void {
  const it: OfficeTest = (title, run) =>
    test(title, async () => {
      const opened = await open();
      try {
        await run(officeOf(opened));
      } finally {
        await opened.close?.();
      }
    });
  describe(`${name} as connections`, () => {
    watchContract(it);
    sessionContract(it);
    raceContract(it);
    ticketContract(it);
  });
}

function watchContract(it: OfficeTest): void {
  it("[WS2] knows whom a connection belongs to, until it is removed", async ({ connections, principal, connect }) => {
    const id = await connect();
    expect(await connections.find(id)).toStrictEqual({ id, principal });
    expect(await connections.find(ulid())).toBeUndefined();
    await connections.remove(id);
    await connections.remove(id);
    await connections.remove(ulid());
    expect(await connections.find(id)).toBeUndefined();
  });

  it("[WS2] names who watches a board, with their roles, and nobody else", async (office) => {
    const { connections, elsewhere, principal, connect } = office;
    const [viewer, manager] = [await connect({ role: "viewer" }), await connect({ role: "manager" })];
    await connect();
    for (const id of [viewer, manager]) expect(await connections.watch(id, day)).toBe(true);
    const watchers = await elsewhere.watchers({ shopId: principal.shopId, date: day });
    const expected = [
      { id: viewer, role: "viewer" },
      { id: manager, role: "manager" },
    ];
    expect(watchers.toSorted(byId)).toStrictEqual(expected.toSorted(byId));
    expect(await office.watching(nextDay)).toEqual([]);
    await connections.remove(viewer);
    expect(await office.watching(day)).toEqual([manager]);
  });

  it("[WS5] replaces the board that a connection watches", async ({ connections, principal, connect, watching }) => {
    const id = await connect();
    for (const date of [day, day, nextDay]) expect(await connections.watch(id, date)).toBe(true);
    expect([await watching(day), await watching(nextDay)]).toEqual([[], [id]]);
    expect(await connections.find(id)).toStrictEqual({ id, principal, date: nextDay });
    for (const date of [undefined, undefined]) expect(await connections.watch(id, date)).toBe(true);
    expect([await watching(day), await watching(nextDay)]).toEqual([[], []]);
    expect(await connections.find(id)).toStrictEqual({ id, principal });
    await connections.watch(id, day);
    expect(await watching(day)).toEqual([id]);
  });

  it("[WS2] lets nobody watch who is not known, or no longer", async ({ connections, connect, watching }) => {
    const id = await connect();
    await connections.watch(id, day);
    await connections.remove(id);
    for (const stranger of [id, ulid()]) {
      expect(await connections.watch(stranger, day)).toBe(false);
      expect(await connections.watch(stranger, undefined)).toBe(false);
    }
    expect(await watching(day)).toEqual([]);
  });

  it("[LV6] names everybody whose watch was answered before it was asked", async ({
    connections,
    connect,
    watching,
  }) => {
    const ids: string[] = [];
    for (let count = 0; count < 20; count++) {
      const id = await connect();
      await connections.watch(id, day);
      ids.push(id);
      expect(await watching(day)).toEqual(ids.toSorted());
    }
  });

  it("[AU5] keeps the boards of two shops on one day apart", async ({ connections, principal, connect, watching }) => {
    const other = `shop-${ulid()}`;
    const [mine, theirs] = [await connect(), await connect({ shopId: other })];
    await connections.watch(mine, day);
    await connections.watch(theirs, day);
    expect(await watching(day)).toEqual([mine]);
    const watchers = await connections.watchers({ shopId: other, date: day });
    expect(watchers).toStrictEqual([{ id: theirs, role: principal.role }]);
  });
}

function sessionContract(it: OfficeTest): void {
  const session = () => ({ hash: ulid(), expiresAt: "2031-03-03T20:00:00.000Z" });

  it("[WS2] finds the connections of a session, as long as there are any", async (office) => {
    const { connections, elsewhere, principal, connect } = office;
    const [mine, other] = [session(), session()];
    const ids = [await connect({ session: mine }), await connect({ session: mine })];
    const another = await connect({ session: other });
    await connect();
    await connections.watch(ids[0] ?? "", day);
    expect((await elsewhere.ofSession(mine.hash)).toSorted()).toEqual(ids.toSorted());
    expect(await elsewhere.ofSession(other.hash)).toEqual([another]);
    expect(await connections.find(another)).toStrictEqual({ id: another, principal: { ...principal, session: other } });
    for (const id of ids) await connections.remove(id);
    expect(await elsewhere.ofSession(mine.hash)).toEqual([]);
    expect(await elsewhere.ofSession(other.hash)).toEqual([another]);
  });

  it("[WS2] a ticket hands on the session that it was issued by", async ({ connections, principal }) => {
    const hash = ulid();
    const signedIn = { ...principal, session: session() };
    await connections.putTicket(hash, signedIn, soon);
    expect(await connections.takeTicket(hash, at)).toStrictEqual(signedIn);
  });
}

function raceContract(it: OfficeTest): void {
  it("[WS5] leaves a connection on one board when two are asked for at once", async (office) => {
    const { connections, elsewhere, connect, watching } = office;
    for (let round = 0; round < 5; round++) {
      const id = await connect();
      await connections.watch(id, "2031-03-05");
      await Promise.all([connections.watch(id, day), elsewhere.watch(id, nextDay)]);
      const boards = await Promise.all([day, nextDay, "2031-03-05"].map(watching));
      const where = [day, nextDay].filter((_, index) => boards[index]?.includes(id));
      expect(where).toEqual([(await connections.find(id))?.date]);
      expect(boards[2]).toEqual([]);
    }
  });

  it("[LV8] leaves nothing of a connection that is removed while it begins to watch", async (office) => {
    const { connections, elsewhere, connect, watching } = office;
    for (let round = 0; round < 5; round++) {
      const id = await connect();
      await Promise.all([connections.watch(id, day), elsewhere.remove(id), elsewhere.watch(id, nextDay)]);
      expect(await connections.find(id)).toBeUndefined();
      expect([await watching(day), await watching(nextDay)]).toEqual([[], []]);
    }
  });
}

function ticketContract(it: OfficeTest): void {
  it("[WS1] takes a ticket once, for whom it was issued", async ({ connections, elsewhere, principal }) => {
    const [mine, theirs] = [ulid(), ulid()];
    const guest: Principal = { shopId: `shop-${ulid()}`, user: { id: "tv", name: "TV" }, role: "viewer" };
    await connections.putTicket(mine, principal, soon);
    await connections.putTicket(theirs, guest, soon);
    expect(await elsewhere.takeTicket(mine, at)).toStrictEqual(principal);
    expect(await connections.takeTicket(mine, at)).toBeUndefined();
    expect(await connections.takeTicket(theirs, at)).toStrictEqual(guest);
    expect(await connections.takeTicket(ulid(), at)).toBeUndefined();
  });

  it("[WS1] lets one of ten who bring the same ticket at once in", async ({ connections, elsewhere, principal }) => {
    const hash = ulid();
    await connections.putTicket(hash, principal, soon);
    const both = [connections, elsewhere];
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => both.map((one) => one.takeTicket(hash, at))).flat(),
    );
    expect(answers.filter((answer) => answer !== undefined)).toStrictEqual([principal]);
  });

  it("[WS1] takes no ticket from the moment at which it expires", async ({ connections, principal }) => {
    const [early, late] = [ulid(), ulid()];
    for (const hash of [early, late]) await connections.putTicket(hash, principal, "2031-03-03T08:00:30.500Z");
    expect(await connections.takeTicket(early, "2031-03-03T08:00:30.499Z")).toStrictEqual(principal);
    expect(await connections.takeTicket(late, "2031-03-03T08:00:30.500Z")).toBeUndefined();
  });
}
