import { describe, expect, test } from "vitest";
import { a, b, c, lost, me, settled, shownBy, threeCards, timers } from "./world.ts";

describe("several moves", () => {
  test("[CL1] of one card are sent one at a time, each from the version that the former made", async () => {
    const world = threeCards();
    const outcomes = (["in_progress", "ready", "completed"] as const).map((newStatus) =>
      world.board.moveAppointment(a, { newStatus }),
    );
    expect(shownBy(world.state()).completed).toEqual([a]);
    for (let version = 1; version <= 3; version++) {
      expect(world.open().length).toBe(1);
      expect(world.open()[0]?.body.expectedVersion).toBe(version);
      await world.open()[0]?.answer();
      expect(shownBy(world.state()).completed).toEqual([a]);
    }
    expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual(["moved", "moved", "moved"]);
    expect(new Set(world.sent.map(({ body }) => body.mutationId)).size).toBe(3);
  });

  test("[CL1] of different cards go side by side, but one beside a card on its way goes after that", async () => {
    const world = threeCards();
    void world.board.moveAppointment(a, { newStatus: "ready" });
    void world.board.moveAppointment(b, { newStatus: "ready", beforeId: a });
    void world.board.moveAppointment(c, { newStatus: "in_progress" });
    expect(world.open().map(({ id }) => id)).toEqual([a, c]);
    expect(shownBy(world.state())).toEqual({ in_progress: [c], ready: [b, a] });
    await world.open()[0]?.answer();
    expect(world.open().map(({ id }) => id)).toEqual([c, b]);
    for (const request of world.open()) await request.answer();
    expect(shownBy(world.state())).toEqual({ in_progress: [c], ready: [b, a] });
  });

  test("[CL1] of different cards to one place go after each other, so that they come to stand as they were made", async () => {
    const world = threeCards();
    void world.board.moveAppointment(a, { newStatus: "ready" });
    void world.board.moveAppointment(b, { newStatus: "ready" });
    void world.board.moveAppointment(c, { newStatus: "in_progress" });
    expect(world.open().map(({ id }) => id)).toEqual([a, c]);
    await world.open()[0]?.answer();
    expect(world.open().map(({ id }) => id)).toEqual([c, b]);
    for (const request of world.open()) await request.answer();
    world.deliverAll();
    expect(shownBy(world.state())).toEqual({ in_progress: [c], ready: [a, b] });
  });

  test("[CL1] of a card to the place where it is ask the server nothing", async () => {
    const world = threeCards();
    const outcome = await world.board.moveAppointment(b, { newStatus: "scheduled", afterId: a });
    expect(outcome).toMatchObject({ kind: "moved", appointment: { id: b, version: 1 } });
    expect([world.sent.length, world.states.length]).toEqual([0, 1]);
  });

  test("[CL1] of a card that is not there are refused without a request", async () => {
    const world = threeCards();
    const outcome = await world.board.moveAppointment("01K0000000000000000000000X", { newStatus: "ready" });
    expect(outcome).toMatchObject({ kind: "refused", error: { code: "not_found" } });
    expect(world.sent.length).toBe(0);
  });
});

describe("when the network is away", () => {
  test("[CL2] a move waits between its tries, and goes at once when the connection is back", async () => {
    const world = threeCards(0.5);
    world.connection({ kind: "reconnecting", since: 0 });
    const outcome = world.board.moveAppointment(a, { newStatus: "ready" });
    for (const [tries, pauseMs] of [250, 500, 1_000, 2_000, 2_500, 2_500].entries()) {
      await world.open()[0]?.fail();
      await world.pass(pauseMs - 1);
      expect(world.sent.length).toBe(tries + 1);
      await world.pass(1);
      expect(world.sent.length).toBe(tries + 2);
    }
    await world.open()[0]?.fail();
    expect(world.open().length).toBe(0);
    world.connection({ kind: "live" });
    await settled();
    expect(world.open().length).toBe(1);
    await world.open()[0]?.answer();
    expect(await outcome).toMatchObject({ kind: "moved" });
    expect(new Set(world.sent.map(({ body }) => body.mutationId)).size).toBe(1);
  });

  test("[HT2] a move waits as long as the server asks, and its jitter on top", async () => {
    const world = threeCards(0.5);
    void world.board.moveAppointment(a, { newStatus: "ready" });
    await world.open()[0]?.fail({ ...lost, code: "rate_limited", retryAfterMs: 2_000 });
    await world.pass(2_249);
    expect(world.sent.length).toBe(1);
    await world.pass(1);
    expect(world.sent.length).toBe(2);
    await world.open()[0]?.answer();
    expect(shownBy(world.state()).ready).toEqual([a]);
  });

  test("[HT2] a move to a server that asks for a wait without end is given up at the time limit", async () => {
    const world = threeCards();
    const outcome = world.board.moveAppointment(a, { newStatus: "ready" });
    await world.open()[0]?.fail({ ...lost, code: "rate_limited", retryAfterMs: 1e14 });
    await world.pass(30_000);
    expect(await outcome).toMatchObject({ kind: "failed", error: { code: "rate_limited" } });
    expect(world.sent.length).toBe(1);
  });

  test("[HT2] a move that the server asked to wait for waits so long whatever becomes of the connection", async () => {
    const world = threeCards(0.5);
    const outcome = world.board.moveAppointment(a, { newStatus: "ready" });
    await world.open()[0]?.fail({ ...lost, code: "unavailable", retryAfterMs: 5_000 });
    await world.pass(1_000);
    world.connection({ kind: "reconnecting", since: 0 });
    world.connection({ kind: "live" });
    await world.pass(4_249);
    expect(world.sent.length).toBe(1);
    await world.pass(1);
    await world.open()[0]?.answer();
    expect(await outcome).toMatchObject({ kind: "moved" });
  });

  test("[CL2] a pause does not outlast the time limit, and the last thing that was heard is the reason", async () => {
    const world = threeCards(0.9);
    const outcome = world.board.moveAppointment(a, { newStatus: "ready" });
    await world.pass(29_999);
    await world.open()[0]?.fail({ ...lost, code: "unavailable" });
    expect(world.state().pending.size).toBe(1);
    await world.pass(1);
    expect(world.state().pending.size).toBe(0);
    expect(await outcome).toMatchObject({ kind: "failed", error: { code: "unavailable" } });
    expect([world.sent.length, timers()]).toEqual([1, 0]);
  });

  test("[CL2] a board that is closed still brings home what is under way", async () => {
    const world = threeCards();
    const outcome = world.board.moveAppointment(a, { newStatus: "ready" });
    world.board.close();
    await world.open()[0]?.fail();
    await world.open()[0]?.answer();
    expect(await outcome).toMatchObject({ kind: "moved" });
    expect(world.server.cards()[0]).toMatchObject({ status: "ready", updatedBy: me });
  });
});
