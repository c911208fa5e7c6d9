import { describe, expect, it, vi } from "vitest";
import type { Connections } from "../../src/live/ports.ts";
import type { OpenedStore } from "../../src/local/opened-store.ts";
import { addCard, edit, move } from "../../src/testing/cards.ts";
import { day } from "../../src/testing/workshop.ts";
import { type Barrier, barrier } from "./support/barrier.ts";
import { databases } from "./support/databases.ts";
import { type LiveServer, startLive } from "./support/live-server.ts";
import { connect } from "./support/peer.ts";
import { expectAllEqual, openScreen, type Screen } from "./support/screens.ts";

const board = { shopId: "north", date: day };

const screenOf = (server: LiveServer): Screen =>
  openScreen({ baseUrl: server.url, date: day, headers: server.headersOf("manager") });

/** Waits until the publisher has committed so many revisions. */
const published = (server: LiveServer, rev: number): Promise<void> =>
  vi.waitFor(async () => expect((await server.opened.live.head(board)).rev).toBe(rev), { timeout: 60_000 });

const withLive =
  (change: (live: OpenedStore["live"]) => Partial<OpenedStore["live"]>) =>
  (opened: OpenedStore): OpenedStore => ({ ...opened, live: { ...opened.live, ...change(opened.live) } });

describe.each(databases)("a subscribe, on $name", (database) => {
  const watchAround =
    ({ before, after }: { before?: Barrier; after?: Barrier }) =>
    (connections: Connections): Connections => ({
      ...connections,
      watch: async (...given) => {
        await before?.pass();
        const isKnown = await connections.watch(...given);
        await after?.pass();
        return isKnown;
      },
    });

  it("[LV6] loses no change that is published after its connection is written, before its revision is read", async () => {
    const between = barrier();
    const server = await startLive(database, { connections: watchAround({ after: between }) });
    const peer = await connect(server.manager);
    peer.send({ action: "subscribe", date: day });
    await between.reached;
    const card = await addCard(server.manager);
    expect(await peer.next("diff")).toMatchObject({ rev: 1, ops: [{ op: "upsert", card }] });
    between.open();
    expect(await peer.next("subscribed")).toMatchObject({ rev: 1 });
  });

  it("[LV6] a client whose subscribe is held there shows the change", async () => {
    const between = barrier();
    const server = await startLive(database, { connections: watchAround({ after: between }) });
    const card = await addCard(server.manager);
    await published(server, 1);
    const screen = screenOf(server);
    await between.reached;
    await vi.waitFor(() => expect(screen.board.getState().replica.rev).toBe(1), { timeout: 60_000 });
    await move(server.manager, card, "ready");
    await published(server, 2);
    expect(screen.board.getState().connection.kind).not.toBe("live");
    between.open();
    await expectAllEqual([screen], server.manager);
  });

  it("[LV6] [WS5] a resume that is held there brings what was published meanwhile, once or twice", async () => {
    const between = barrier();
    const server = await startLive(database, { connections: watchAround({ after: between }) });
    const { epoch } = await server.manager.ok("getBoard", { query: { date: day } });
    const peer = await connect(server.manager);
    peer.send({ action: "subscribe", date: day, epoch, rev: 0 });
    await between.reached;
    await addCard(server.manager);
    const diff = await peer.next("diff");
    between.open();
    expect(await peer.next("subscribed")).toMatchObject({ rev: 1, changes: [diff] });
  });

  it("[LV6] loses no change that is published before its connection is written", async () => {
    const before = barrier();
    const server = await startLive(database, { connections: watchAround({ before }) });
    const screen = screenOf(server);
    await before.reached;
    await addCard(server.manager);
    await published(server, 1);
    before.open();
    await expectAllEqual([screen], server.manager);
  });
});

describe.each(databases)("a snapshot, on $name", (database) => {
  /** A read whose revision is from before the barrier and whose cards are from after it, as far apart as LV6 allows. */
  const readInTwo =
    (between: Barrier) =>
    (opened: OpenedStore): OpenedStore => ({
      ...opened,
      store: {
        ...opened.store,
        readBoard: async (...given) => {
          // The carry-over looks at other days.
          if (given[1] !== day) return opened.store.readBoard(...given);
          const { epoch, rev } = await opened.store.readBoard(...given);
          await between.pass();
          return { ...(await opened.store.readBoard(...given)), epoch, rev };
        },
      },
    });

  it("[LV6] loses no change that is published between its revision and its cards", async () => {
    const between = barrier();
    const server = await startLive(database, { opened: readInTwo(between) });
    const screen = screenOf(server);
    await between.reached;
    const [one, two] = [await addCard(server.manager), await addCard(server.manager)];
    await move(server.manager, one, "in_progress");
    await server.manager.ok("removeAppointment", { id: two.id, query: { expectedVersion: 1 } });
    await vi.waitFor(() => expect(screen.board.getState().replica.buffer.length).toBeGreaterThan(0), {
      timeout: 60_000,
    });
    between.open();
    await expectAllEqual([screen], server.manager);
  });

  it("[LV6] is dropped when it is older than what the client has applied since", async () => {
    const server = await startLive(database);
    const held = barrier();
    let isHeld = false;
    // The answer is complete when the changes are made, and arrives when they have been applied.
    const late: typeof fetch = async (...given) => {
      const response = await fetch(...given);
      if (isHeld && String(given[0]).includes("/board?")) await held.pass();
      return response;
    };
    const card = await addCard(server.manager);
    const screen = openScreen({ baseUrl: server.url, date: day, headers: server.headersOf("manager"), fetch: late });
    await expectAllEqual([screen], server.manager);
    isHeld = true;
    screen.board.refresh();
    await held.reached;
    const edited = await edit(server.manager, card, { notes: "newer" });
    const shownVersion = () => screen.board.getState().replica.cards.get(card.id)?.version;
    await vi.waitFor(() => expect(shownVersion()).toBe(2), { timeout: 60_000 });
    held.open();
    await vi.waitFor(() => expect(screen.board.getState().replica.wanted).toBeUndefined(), { timeout: 60_000 });
    expect(screen.board.getState().replica.cards.get(card.id)).toEqual(edited);
    await expectAllEqual([screen], server.manager);
  });
});

describe.each(databases)("the publisher, on $name", (database) => {
  const appendAround = ({ before, after }: { before?: Barrier; after?: Barrier }) =>
    withLive((live) => ({
      append: async (...given) => {
        await before?.pass();
        const appended = await live.append(...given);
        await after?.pass();
        return appended;
      },
    }));

  it("[LV6] reaches one who subscribes after its commit, before it reads the connections", async () => {
    const after = barrier();
    const server = await startLive(database, { opened: appendAround({ after }) });
    const card = await addCard(server.manager);
    await after.reached;
    const peer = await connect(server.manager);
    const first = await peer.subscribe(day);
    expect(first.rev).toBe(1);
    expect((await peer.subscribe(day, { epoch: first.epoch, rev: 0 })).changes).toHaveLength(1);
    const screen = screenOf(server);
    await vi.waitFor(() => expect(screen.board.getState().replica.rev).toBe(1), { timeout: 60_000 });
    after.open();
    // It is told twice, which does no harm.
    expect(await peer.next("diff")).toMatchObject({ rev: 1, ops: [{ card: { id: card.id } }] });
    await expectAllEqual([screen], server.manager);
  });

  it("[LV6] reaches one who subscribes before its commit", async () => {
    const before = barrier();
    const server = await startLive(database, { opened: appendAround({ before }) });
    await addCard(server.manager);
    await before.reached;
    const peer = await connect(server.manager);
    expect((await peer.subscribe(day)).rev).toBe(0);
    const screen = screenOf(server);
    await vi.waitFor(() => expect(screen.board.getState().connection.kind).toBe("live"), { timeout: 60_000 });
    before.open();
    expect(await peer.next("diff")).toMatchObject({ rev: 1 });
    await expectAllEqual([screen], server.manager);
  });

  it("[LV2] stores a revision before anybody hears of it", async () => {
    const heard: number[] = [];
    const server = await startLive(database);
    const peer = await connect(server.manager);
    const { epoch } = await peer.subscribe(day);
    peer.socket.on("message", (data) => void heard.push(JSON.parse(data.toString()).rev));
    const card = await addCard(server.manager);
    for (let version = 1; version <= 10; version++) {
      await edit(server.manager, { ...card, version }, { notes: String(version) });
      const since = heard.at(-1) ?? 0;
      const { head } = await server.manager.ok("getChanges", { query: { date: day, epoch, since: 0 } });
      expect(head).toBeGreaterThanOrEqual(since);
    }
  });
});
