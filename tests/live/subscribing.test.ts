import { limits, PROTOCOL_VERSION } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { addCard, edit, move } from "../../src/testing/cards.ts";
import { day, nextDay } from "../../src/testing/workshop.ts";
import { databases } from "./support/databases.ts";
import { startLive } from "./support/live-server.ts";
import { connect } from "./support/peer.ts";

describe.each(databases)("subscribing, on $name", (database) => {
  it("[LV3] a subscriber gets each change as a diff of the next revision", async () => {
    const { manager } = await startLive(database);
    const peer = await connect(manager);
    const first = await peer.subscribe(day);
    expect(first).toMatchObject({ date: day, rev: 0, protocolVersion: PROTOCOL_VERSION });
    expect(first.changes).toBeUndefined();

    const card = await addCard(manager);
    const made = await peer.next("diff");
    expect(made).toMatchObject({ date: day, epoch: first.epoch, rev: 1, ops: [{ op: "upsert", card }] });
    expect(made.at).toBe(card.updatedAt);
    const moved = await move(manager, card, "in_progress");
    expect(await peer.next("diff")).toMatchObject({ rev: 2, ops: [{ op: "upsert", card: moved }] });
    const { version } = await manager.ok("removeAppointment", { id: card.id, query: { expectedVersion: 2 } });
    const gone = await peer.next("diff");
    expect(gone).toMatchObject({ rev: 3, ops: [{ op: "remove", id: card.id, version, by: { id: "manager" } }] });
  });

  it("[AP3] a card that goes to another day is removed here and upserted there", async () => {
    const { manager } = await startLive(database);
    const [here, there] = [await connect(manager), await connect(manager)];
    await here.subscribe(day);
    await there.subscribe(nextDay);
    const card = await addCard(manager);
    await here.next("diff");
    const start = `${nextDay}T09:00:00.000Z`;
    const gone = await edit(manager, card, { start, end: `${nextDay}T10:00:00.000Z` });
    expect((await here.next("diff")).ops).toMatchObject([{ op: "remove", id: card.id, movedTo: nextDay }]);
    expect((await there.next("diff")).ops).toEqual([{ op: "upsert", card: gone }]);
  });

  it("[WS2] a connection hears its own shop's board of its day alone", async () => {
    const server = await startLive(database);
    const { manager } = server;
    const south = server.as("manager", { shop: "south" });
    const id = "01K0000000000000000000SAME";
    const [mine, neighbours, tomorrows] = [await connect(manager), await connect(south), await connect(manager)];
    const silent = await connect(manager);
    await mine.subscribe(day);
    await neighbours.subscribe(day);
    await tomorrows.subscribe(nextDay);
    const times = (date: string) => ({ start: `${date}T09:00:00.000Z`, end: `${date}T10:00:00.000Z` });
    const [card, card2, card3] = [
      await addCard(manager, { id, serviceCodes: [] }),
      await addCard(south, { id, serviceCodes: [], customer: { name: "South" } }),
      await addCard(manager, { ...times(nextDay), serviceCodes: [] }),
    ];
    expect((await mine.next("diff")).ops).toEqual([{ op: "upsert", card }]);
    expect((await neighbours.next("diff")).ops).toEqual([{ op: "upsert", card: card2 }]);
    expect((await tomorrows.next("diff")).ops).toEqual([{ op: "upsert", card: card3 }]);
    for (const peer of [mine, neighbours, tomorrows]) {
      peer.send({ action: "ping" });
      expect(await peer.next("pong")).toMatchObject({ rev: 1, cards: 1, versionSum: 1 });
      expect(peer.raw).toHaveLength(3);
    }
    await addCard(manager, { serviceCodes: [] });
    await mine.next("diff");
    const { epoch, rev } = await mine.subscribe(day);
    expect(rev).toBe(2);
    expect(await neighbours.subscribe(day, { epoch, rev: 0 })).toMatchObject({
      rev: 1,
      changes: [{ rev: 1, ops: [{ card: card2 }] }],
    });
    silent.send({ action: "unsubscribe" });
    silent.send({ action: "ping" });
    await silent.next("error");
    expect(silent.types()).toEqual(["error"]);
  });

  it("[WS5] a new subscribe replaces the former, and an unsubscribe ends it", async () => {
    const { manager, opened } = await startLive(database);
    const [peer, other] = [await connect(manager), await connect(manager)];
    await other.subscribe(day);
    await peer.subscribe(day);
    expect(await peer.subscribe(nextDay)).toMatchObject({ date: nextDay, rev: 0 });
    await addCard(manager);
    await other.next("diff");
    const start = `${nextDay}T09:00:00.000Z`;
    const card = await addCard(manager, { start, end: start });
    expect(await peer.next("diff")).toMatchObject({ date: nextDay, ops: [{ card }] });

    peer.send({ action: "unsubscribe" });
    peer.send({ action: "ping" });
    expect((await peer.next("error")).message).toMatch(/ping .* subscribe/);
    await edit(manager, card, { notes: "x" });
    const board = { shopId: "north", date: nextDay };
    await expect.poll(async () => (await opened.live.head(board)).rev).toBe(2);
    expect(await peer.subscribe(nextDay)).toMatchObject({ date: nextDay, rev: 2 });
  });

  it("[WS5] every subscribe is answered, also several at once and the same again", async () => {
    const { manager } = await startLive(database);
    const peer = await connect(manager);
    const dates = [day, day, nextDay, day];
    for (const date of dates) peer.send({ action: "subscribe", date });
    for (const date of dates) expect(await peer.next("subscribed")).toMatchObject({ date });
  });
});

describe.each(databases)("resuming, on $name", (database) => {
  it("[WS5] brings what was missed: nothing, some, or all from the beginning", async () => {
    const { manager } = await startLive(database);
    const witness = await connect(manager);
    const { epoch } = await witness.subscribe(day);
    const card = await addCard(manager);
    const diffs = [await witness.next("diff")];
    for (const notes of ["a", "b", "c"]) {
      await edit(manager, { ...card, version: diffs.length }, { notes });
      diffs.push(await witness.next("diff"));
    }
    const peer = await connect(manager);
    for (let rev = diffs.length; rev >= 0; rev--) {
      const answer = await peer.subscribe(day, { epoch, rev });
      expect(answer).toMatchObject({ rev: diffs.length, epoch, changes: diffs.slice(rev) });
    }
  });

  it("[WS5] brings nothing to one who gave no revision, another epoch, or a revision that is yet to come", async () => {
    const { manager } = await startLive(database);
    const witness = await connect(manager);
    const { epoch } = await witness.subscribe(day);
    await addCard(manager);
    await witness.next("diff");
    const peer = await connect(manager);
    for (const resume of [
      {},
      { epoch },
      { rev: 0 },
      { epoch: "another", rev: 0 },
      { epoch, rev: 2 },
      { epoch, rev: 9e15 },
    ])
      expect((await peer.subscribe(day, resume)).changes, JSON.stringify(resume)).toBeUndefined();
  });

  it("[LV9] leaves out what does not fit into a message, which the client then fetches", async () => {
    const { manager } = await startLive(database);
    const witness = await connect(manager);
    const { epoch } = await witness.subscribe(day);
    const notes = "🚗".repeat(900);
    const count = Math.ceil(limits.revisionMaxBytes / 4_000) + 1;
    for (let made = 0; made < count; made++) {
      await addCard(manager, { notes, serviceCodes: [] });
      await witness.next("diff");
    }
    const peer = await connect(manager);
    const answer = await peer.subscribe(day, { epoch, rev: 0 });
    expect(answer.changes).toBeUndefined();
    const { changes, rev, head } = await manager.ok("getChanges", { query: { date: day, epoch, since: 0 } });
    expect([rev, head, changes.map((diff) => diff.rev)]).toEqual([count, count, changes.map((_, index) => index + 1)]);
    const near = await peer.subscribe(day, { epoch, rev: count - 3 });
    expect(near.changes?.map((diff) => diff.rev)).toEqual([count - 2, count - 1, count]);
    for (const { raw } of [peer, witness])
      for (const message of raw)
        expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(limits.serverMessageMaxBytes);
  });

  it("[HT7] a client of a protocol that is no longer served hears so, and the connection ends", async () => {
    const { manager } = await startLive(database);
    const current = await connect(manager);
    current.send({ action: "subscribe", date: day, protocolVersion: PROTOCOL_VERSION });
    await current.next("subscribed");
    const other = await connect(manager);
    other.send({ action: "subscribe", date: day, protocolVersion: PROTOCOL_VERSION + 1 });
    expect(await other.next("bye")).toEqual({ type: "bye", code: "protocol_too_old" });
    expect(await other.closed).toEqual({ code: 1008, reason: "protocol_too_old" });
  });
});
