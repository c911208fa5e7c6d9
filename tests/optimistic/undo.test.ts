import { withStats } from "@status-board/frontend-client";
import { describe, expect, test } from "vitest";
import { a, ana, b, c, openWorld, shownBy, threeCards, timers, type World } from "./world.ts";

async function moved(id = b): Promise<World> {
  const world = threeCards();
  void world.board.moveAppointment(id, { newStatus: "ready" });
  await world.open()[0]?.answer();
  return world;
}

describe("an undo", () => {
  test("[MV7] is offered for 10 s after one's own move is confirmed, not before", async () => {
    const world = threeCards();
    void world.board.moveAppointment(b, { newStatus: "ready" });
    expect(world.state().undoable).toBeUndefined();
    await world.pass(1_000);
    await world.open()[0]?.answer();
    const until = Date.now() + 10_000;
    const mutationId = world.sent[0]?.body.mutationId;
    const offered = { appointmentId: b, mutationId, from: "scheduled", to: "ready", until };
    expect(world.state().undoable).toEqual(offered);
    await world.pass(9_999);
    expect(world.state().undoable).toBeDefined();
    await world.pass(1);
    expect(world.state().undoable).toBeUndefined();
    expect(world.states.at(-1)).toBe(world.state());
    expect(timers()).toBe(0);
  });

  test("[MV7] shows the card at its former place at once, and names the move and the version that it made", async () => {
    const world = await moved();
    const mutationId = world.sent[0]?.body.mutationId;
    const outcome = world.board.undo();
    expect(shownBy(world.state())).toEqual({ scheduled: [a, b, c] });
    expect(world.state().undoable).toBeUndefined();
    expect(world.open()[0]).toMatchObject({ kind: "undo", id: b, body: { mutationId, expectedVersion: 2 } });
    await world.open()[0]?.answer();
    world.deliverAll();
    expect(await outcome).toMatchObject({ kind: "moved", from: "ready", appointment: { status: "scheduled" } });
    expect(shownBy(world.state())).toEqual({ scheduled: [a, b, c] });
    expect(world.state().undoable).toBeUndefined();
  });

  test("[MV7] of a reordering is offered, too", async () => {
    const world = threeCards();
    void world.board.moveAppointment(a, { newStatus: "scheduled" });
    await world.open()[0]?.answer();
    expect(shownBy(world.state())).toEqual({ scheduled: [b, c, a] });
    void world.board.undo();
    expect(shownBy(world.state())).toEqual({ scheduled: [a, b, c] });
    await world.open()[0]?.answer();
    expect(shownBy(world.state())).toEqual({ scheduled: [a, b, c] });
  });

  test("[MV7] is not offered once somebody has changed the card, removed it or moved it on", async () => {
    const edited = await moved();
    edited.server.edit(b, { notes: "Ana was here" }, ana);
    edited.deliverAll();
    expect(edited.state().undoable).toBeUndefined();
    const removed = await moved();
    removed.server.remove(b);
    removed.deliverAll();
    expect(removed.state().undoable).toBeUndefined();
    const movedOn = await moved();
    void movedOn.board.moveAppointment(b, { newStatus: "completed" });
    expect(movedOn.state().undoable).toBeUndefined();
    const other = await moved();
    other.server.edit(a, { notes: "Ana was here" }, ana);
    other.deliverAll();
    expect(other.state().undoable).toBeDefined();
  });

  test("[MV7] that comes too late undoes nobody else's change, and says whose it is", async () => {
    const world = await moved();
    const outcome = world.board.undo();
    world.server.edit(b, { notes: "Ana was here" }, ana);
    await world.open()[0]?.answer();
    expect(await outcome).toMatchObject({ kind: "conflict", current: { updatedBy: ana, status: "ready" } });
    expect(shownBy(world.state())).toEqual({ scheduled: [a, c], ready: [b] });
    expect(world.sent.length).toBe(2);
  });

  test("[MV7] without anything to undo asks nobody", async () => {
    const world = threeCards();
    expect(await world.board.undo()).toMatchObject({ kind: "refused" });
    expect(world.sent.length).toBe(0);
  });

  test("[MV4] whose answer is lost is sent again, and has one effect", async () => {
    const world = await moved();
    const outcome = world.board.undo();
    world.open()[0]?.execute();
    await world.open()[0]?.fail();
    await world.open()[0]?.answer();
    expect(await outcome).toMatchObject({ kind: "moved", appointment: { version: 3 } });
  });
});

describe("figures", () => {
  const at = (minute: number) => `2031-03-03T09:${String(minute).padStart(2, "0")}:00.000Z`;

  test("[ST1] are those of the board as it is shown", () => {
    const world = openWorld((server) => server.create(a, { totalCents: 4_900 }));
    const board = withStats(world.board);
    const before = board.getState();
    expect(before.stats).toMatchObject({ jobsToday: 1, onPrem: 0, statusCounts: { scheduled: 1, ready: 0 } });
    void board.moveAppointment(a, { newStatus: "ready" });
    const after = board.getState();
    expect(after.stats).toMatchObject({ jobsToday: 1, onPrem: 1, statusCounts: { scheduled: 0, ready: 1 } });
    world.connection({ kind: "polling", since: 0 });
    expect(board.getState()).not.toBe(after);
    expect(board.getState().stats).toBe(after.stats);
  });

  test("[ST1] count a card as late when its time has passed, and nothing ticks in between", async () => {
    const world = openWorld((server) => {
      server.create(a, { promisedAt: at(10) });
      server.create(b, { promisedAt: at(20) });
      server.create(c, { promisedAt: at(15), status: "ready" });
    });
    const board = withStats(world.board);
    const first = board.getState();
    const states = [first];
    board.subscribe(() => states.push(board.getState()));
    await world.pass(10 * 60_000);
    expect(board.getState()).toBe(first);
    await world.pass(1);
    expect(board.getState().stats?.late).toBe(1);
    await world.pass(60 * 60_000);
    expect(states.map(({ stats }) => stats?.late)).toEqual([0, 1, 2]);
    expect(board.getState().board).toBe(first.board);
  });

  test("[ST1] no timer is left when the board is closed", () => {
    const world = openWorld((server) => server.create(a, { promisedAt: at(10) }));
    const board = withStats(world.board);
    expect(timers()).toBe(1);
    board.close();
    expect(timers()).toBe(0);
  });
});

describe("a write made by other means", () => {
  test("[CL2] is shown before its diff comes, and the diff changes nothing more", () => {
    const world = threeCards();
    const card = world.server.cards()[0];
    if (card === undefined) throw new Error("there is no card");
    world.board.accept({ ...card, version: 2, notes: "new" });
    expect(world.state().board?.columns.scheduled[0]?.notes).toBe("new");
    world.server.edit(a, { notes: "new" }, ana);
    const before = world.state();
    world.deliverAll();
    expect(world.state().board).toBe(before.board);
    world.board.accept({ id: b, version: 2, removed: true });
    expect(shownBy(world.state())).toEqual({ scheduled: [a, c] });
    world.board.accept({ ...card, version: 3, date: "2031-03-04" });
    expect(shownBy(world.state())).toEqual({ scheduled: [c] });
  });
});
