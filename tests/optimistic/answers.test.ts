import type { Status } from "@status-board/contracts";
import { describe, expect, test } from "vitest";
import { a, ana, b, c, lost, shownBy, threeCards, type World } from "./world.ts";

/** Where the card was shown, each place once. */
function placesOf({ states }: World, id: string): (Status | undefined)[] {
  const places = states.map(
    ({ board }) =>
      Object.values(board?.columns ?? {})
        .flat()
        .find((card) => card.id === id)?.status,
  );
  return places.filter((place, index) => index === 0 || place !== places[index - 1]);
}

describe("a move that is confirmed", () => {
  const orders: Record<string, (world: World) => Promise<void>> = {
    "the answer, then the diff": async ({ open, deliverAll }) => {
      await open()[0]?.answer();
      deliverAll();
    },
    "the diff, then the answer": async ({ open, deliverAll }) => {
      open()[0]?.execute();
      deliverAll();
      await open()[0]?.answer();
    },
    "a snapshot from before it, then the answer": async ({ open, poll, readWanted, deliverAll }) => {
      poll();
      const hand = readWanted();
      hand?.();
      await open()[0]?.answer();
      deliverAll();
    },
    "the answer, then a snapshot from before it": async ({ open, poll, readWanted, deliverAll }) => {
      poll();
      const hand = readWanted();
      await open()[0]?.answer();
      hand?.();
      deliverAll();
    },
    "a snapshot from after it, then the answer": async ({ open, poll, readWanted }) => {
      open()[0]?.execute();
      poll();
      readWanted()?.();
      await open()[0]?.answer();
    },
    "the answer alone": async ({ open }) => {
      await open()[0]?.answer();
    },
  };
  test.each(Object.entries(orders))("[CL2] stays where it was dropped: %s", async (_, happen) => {
    const world = threeCards();
    const outcome = world.board.moveAppointment(a, { newStatus: "ready" });
    expect(shownBy(world.state())).toEqual({ scheduled: [b, c], ready: [a] });
    await happen(world);
    expect(await outcome).toMatchObject({ kind: "moved", from: "scheduled", appointment: { id: a, version: 2 } });
    expect(placesOf(world, a)).toEqual(["scheduled", "ready"]);
    expect(world.state().pending.size).toBe(0);
    expect(world.state().board?.columns.ready).toEqual(world.server.cards().filter(({ id }) => id === a));
    expect(world.sent.length).toBe(1);
  });

  test("[CL2] a card that others put beside it after its diff stays where they put it", async () => {
    const world = threeCards();
    void world.board.moveAppointment(a, { newStatus: "ready" });
    world.open()[0]?.execute();
    world.server.move(b, { newStatus: "ready", expectedVersion: 1, mutationId: "other" }, ana);
    world.deliverAll();
    expect(shownBy(world.state()).ready).toEqual([a, b]);
    await world.open()[0]?.answer();
    expect(shownBy(world.state()).ready).toEqual([a, b]);
  });

  test("[CL2] one change of state confirms it: the card is never without both its pending move and its new version", async () => {
    const world = threeCards();
    void world.board.moveAppointment(a, { newStatus: "ready" });
    await world.open()[0]?.answer();
    for (const { pending, board } of world.states) {
      const version = board?.columns.ready.find(({ id }) => id === a)?.version;
      if (version !== undefined) expect([version, pending.has(a)]).not.toEqual([1, false]);
    }
    expect(world.states.length).toBe(3);
  });

  test("[CL2] only what it touched is another object", async () => {
    const world = threeCards();
    const [before] = world.states;
    void world.board.moveAppointment(b, { newStatus: "ready" });
    await world.open()[0]?.answer();
    world.deliverAll();
    const after = world.state();
    expect(after.board?.columns.no_show).toBe(before?.board?.columns.no_show);
    expect(after.board?.columns.scheduled[0]).toBe(before?.board?.columns.scheduled[0]);
    expect(after.board?.columns.scheduled[1]).toBe(before?.board?.columns.scheduled[2]);
    const confirmed = world.states.at(-1);
    world.deliverAll();
    world.connection({ kind: "live" });
    expect(world.state().board).toBe(confirmed?.board);
    expect(world.state().pending).toBe(confirmed?.pending);
  });
});

describe("a move whose answer is lost", () => {
  test("[CL2] is sent again with the same mutation id, and has one effect", async () => {
    const world = threeCards();
    const outcome = world.board.moveAppointment(a, { newStatus: "ready" });
    world.sent[0]?.execute();
    await world.sent[0]?.fail();
    expect(world.sent.length).toBe(2);
    expect(world.sent[1]?.body).toEqual(world.sent[0]?.body);
    await world.sent[1]?.answer();
    expect(await outcome).toMatchObject({ kind: "moved", appointment: { version: 2 } });
    expect(world.server.diffs.length).toBe(4);
    expect(world.state().undoable).toMatchObject({ appointmentId: a, from: "scheduled", to: "ready" });
  });

  test("[CL1] [CL2] is given up at the time limit, it alone", async () => {
    const world = threeCards();
    const late = world.board.moveAppointment(a, { newStatus: "ready" });
    const early = world.board.moveAppointment(b, { newStatus: "in_progress" });
    await world.pass(29_999);
    expect(world.state().pending.size).toBe(2);
    await world.sent[1]?.answer();
    await world.pass(1);
    expect(await late).toMatchObject({ kind: "failed", error: { code: "timeout" } });
    expect(await early).toMatchObject({ kind: "moved" });
    expect(shownBy(world.state())).toEqual({ scheduled: [a, c], in_progress: [b] });
  });

  test("[MV4] the repeat of a move that others have built on since brings the card as they left it", async () => {
    const world = threeCards();
    const outcome = world.board.moveAppointment(a, { newStatus: "in_progress" });
    const next = world.board.moveAppointment(a, { newStatus: "ready" });
    world.sent[0]?.execute();
    world.server.move(a, { newStatus: "completed", expectedVersion: 2, mutationId: "other" }, ana);
    await world.sent[0]?.fail();
    await world.sent[1]?.answer();
    expect(await outcome).toMatchObject({ kind: "moved", appointment: { version: 3, status: "completed" } });
    expect(await next).toMatchObject({ kind: "conflict", from: "in_progress", current: { updatedBy: ana } });
    expect(world.sent.length).toBe(2);
    expect(shownBy(world.state())).toEqual({ scheduled: [b, c], completed: [a] });
    expect(world.state().undoable).toBeUndefined();
  });
});

describe("a move that fails", () => {
  test("[CL2] by a conflict is dropped, and the winner's place is shown in the same step", async () => {
    const world = threeCards();
    const outcome = world.board.moveAppointment(a, { newStatus: "ready" });
    world.server.move(a, { newStatus: "in_progress", expectedVersion: 1, mutationId: "other" }, ana);
    await world.open()[0]?.answer();
    expect(await outcome).toMatchObject({
      kind: "conflict",
      from: "scheduled",
      current: { status: "in_progress", updatedBy: ana },
    });
    expect(placesOf(world, a)).toEqual(["scheduled", "ready", "in_progress"]);
    expect(world.state().pending.size).toBe(0);
    expect(world.sent.length).toBe(1);
  });

  test("[CL1] takes along the later moves of its card, and none of another", async () => {
    const world = threeCards();
    const first = world.board.moveAppointment(a, { newStatus: "completed" });
    const second = world.board.moveAppointment(a, { newStatus: "ready" });
    const other = world.board.moveAppointment(b, { newStatus: "in_progress" });
    expect(world.open().map(({ id }) => id)).toEqual([a, b]);
    await world.open()[0]?.answer();
    expect(await first).toMatchObject({ kind: "refused", error: { code: "invalid_transition" } });
    expect(await second).toMatchObject({ kind: "refused", error: { code: "invalid_transition" } });
    expect(shownBy(world.state())).toEqual({ scheduled: [a, c], in_progress: [b] });
    await world.open()[0]?.answer();
    expect(await other).toMatchObject({ kind: "moved" });
    expect(world.sent.length).toBe(2);
  });

  test("[CL1] for want of the card is refused; the card goes when its removal comes", async () => {
    const world = threeCards();
    const outcome = world.board.moveAppointment(a, { newStatus: "ready" });
    world.server.remove(a);
    await world.open()[0]?.answer();
    expect(await outcome).toMatchObject({ kind: "refused", error: { code: "not_found" } });
    expect(shownBy(world.state())).toEqual({ scheduled: [a, b, c] });
    world.deliverAll();
    expect(shownBy(world.state())).toEqual({ scheduled: [b, c] });
  });

  test("[CL1] an error of the server's own is no answer, and is asked for three times again, not more", async () => {
    const world = threeCards();
    const outcome = world.board.moveAppointment(a, { newStatus: "ready" });
    for (let tries = 1; tries <= 4; tries++) {
      expect(world.sent.length).toBe(tries);
      await world.open()[0]?.fail({ ...lost, code: "internal" });
    }
    expect(await outcome).toMatchObject({ kind: "failed", error: { code: "internal" } });
    expect(world.sent.length).toBe(4);
  });

  test("[CL1] a pending move of a card that is gone shows nothing", async () => {
    const world = threeCards();
    void world.board.moveAppointment(a, { newStatus: "ready" });
    world.server.remove(a);
    world.deliverAll();
    expect(shownBy(world.state())).toEqual({ scheduled: [b, c] });
  });
});

describe("a conflict in which the card did not move", () => {
  test("[CL3] is tried once more by itself, under the same mutation id", async () => {
    const world = threeCards();
    const outcome = world.board.moveAppointment(a, { newStatus: "ready" });
    world.server.edit(a, { notes: "Call back" }, ana);
    await world.open()[0]?.answer();
    expect(world.sent[1]?.body).toEqual({ ...world.sent[0]?.body, expectedVersion: 2 });
    expect(world.state().board?.columns.ready[0]?.notes).toBe("Call back");
    expect(placesOf(world, a)).toEqual(["scheduled", "ready"]);
    await world.open()[0]?.answer();
    expect(await outcome).toMatchObject({ kind: "moved", appointment: { version: 3, notes: "Call back" } });
  });

  test("[CL3] but not twice", async () => {
    const world = threeCards();
    const outcome = world.board.moveAppointment(a, { newStatus: "ready" });
    world.server.edit(a, { notes: "One" }, ana);
    await world.open()[0]?.answer();
    world.server.edit(a, { notes: "Two" }, ana);
    await world.open()[0]?.answer();
    expect(await outcome).toMatchObject({ kind: "conflict", current: { notes: "Two" } });
    expect(world.sent.length).toBe(2);
  });

  test("[CL3] a re-spacing is no change of place, somebody's reordering is", async () => {
    const world = threeCards();
    const respaced = world.board.moveAppointment(a, { newStatus: "ready" });
    world.server.edit(a, { rank: "15" }, { id: "system", name: "system" });
    await world.open()[0]?.answer();
    await world.open()[0]?.answer();
    expect(await respaced).toMatchObject({ kind: "moved" });
    const reordered = world.board.moveAppointment(b, { newStatus: "ready" });
    world.server.edit(b, { rank: "4" }, ana);
    await world.open()[0]?.answer();
    expect(await reordered).toMatchObject({ kind: "conflict", current: { rank: "4" } });
  });
});
