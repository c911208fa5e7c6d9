import { type Appointment, limits, type Status, statuses } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { type Api, errorOf } from "../testing/api.ts";
import { addCard, addCardIn, columnIds, edit, move, read } from "../testing/cards.ts";
import { openWorkshop } from "../testing/workshop.ts";

/** The transitions that are allowed, written out once more by hand. */
const allowed: Record<Status, readonly Status[]> = {
  scheduled: ["in_progress", "ready", "no_show"],
  in_progress: ["ready", "completed", "scheduled"],
  ready: ["completed", "in_progress"],
  completed: ["ready"],
  no_show: ["scheduled"],
};

const unknownId = "01K0000000000000000000N0NE";
const ids = (cards: readonly Appointment[]) => cards.map(({ id }) => id);

async function threeCards(api: Api, status: Status): Promise<[Appointment, Appointment, Appointment]> {
  return [await addCardIn(api, status), await addCardIn(api, status), await addCardIn(api, status)];
}

describe("transitions", () => {
  it("[MV1] every pair of columns is allowed as the table says, and refused without a change otherwise", async () => {
    const { manager, rowsWritten } = await openWorkshop();
    for (const from of statuses)
      for (const to of statuses) {
        const card = await addCardIn(manager, from);
        const before = rowsWritten();
        const body = { newStatus: to, expectedVersion: card.version };
        if (from === to || allowed[from].includes(to)) {
          const moved = await manager.ok("moveAppointment", { id: card.id, body });
          expect(moved).toMatchObject({ status: to, version: card.version + 1 });
          continue;
        }
        const error = await manager.refused("moveAppointment", { id: card.id, body });
        expect(error).toMatchObject({ code: "invalid_transition", from, to });
        if (error.code === "invalid_transition") expect(error.allowed.toSorted()).toEqual(allowed[from].toSorted());
        expect(rowsWritten()).toBe(before);
      }
  });

  it("[MV1] an unknown status is a wrong field", async () => {
    const { manager } = await openWorkshop();
    const { id } = await addCard(manager);
    for (const newStatus of ["removed", "Ready", "", null, 1, ["ready"], undefined])
      expect(await manager.refused("moveAppointment", { id, body: { newStatus, expectedVersion: 1 } })).toMatchObject({
        code: "invalid_request",
        issues: [{ path: "newStatus" }],
      });
  });
});

describe("versions", () => {
  it("[MV2] a move from a stale version changes nothing and shows the card", async () => {
    const { manager, everything } = await openWorkshop();
    const card = await addCard(manager);
    const current = await move(manager, card, "ready");
    const before = everything();
    for (const expectedVersion of [1, 3, Number.MAX_SAFE_INTEGER])
      expect(
        await manager.refused("moveAppointment", { id: card.id, body: { newStatus: "in_progress", expectedVersion } }),
      ).toMatchObject({ code: "version_conflict", current });
    expect(everything()).toBe(before);
  });

  it("[MV3] of fifty moves of one card at once exactly one wins, and the others see the winner", async () => {
    const { manager } = await openWorkshop();
    const { id } = await addCard(manager);
    const targets = ["in_progress", "ready", "no_show", "scheduled"] as const;
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        manager.send("moveAppointment", {
          id,
          body: { newStatus: targets[n % 4], expectedVersion: 1, mutationId: `m${n}` },
        }),
      ),
    );
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners.length).toBe(1);
    const current = await read(manager, { id });
    expect(current.version).toBe(2);
    for (const answer of answers.filter(({ status }) => status !== 200))
      expect(errorOf(answer)).toMatchObject({ code: "version_conflict", current });
  });

  it("[MV3] fifty moves of fifty cards at once all win", async () => {
    const { manager } = await openWorkshop();
    const cards = await Promise.all(Array.from({ length: 50 }, () => addCard(manager)));
    const moved = await Promise.all(cards.map((card) => move(manager, card, "in_progress")));
    expect(new Set(moved.map(({ version }) => version))).toEqual(new Set([2]));
    const column = await columnIds(manager, "in_progress");
    expect(column.toSorted()).toEqual(ids(cards).toSorted());
  });

  it("[MV4] a move sent fifty times at once with one mutation id moves once", async () => {
    const { manager } = await openWorkshop();
    const { id } = await addCard(manager);
    const body = { newStatus: "in_progress", expectedVersion: 1, mutationId: "drag" };
    const cards = await Promise.all(Array.from({ length: 50 }, () => manager.ok("moveAppointment", { id, body })));
    for (const card of cards) expect(card).toMatchObject({ status: "in_progress", version: 2 });
    expect((await read(manager, { id })).version).toBe(2);
  });
});

describe("places", () => {
  it("[MV6] position counts from 0 in the target column without the moved card", async () => {
    const { manager } = await openWorkshop();
    const [a, b, c] = await threeCards(manager, "scheduled");
    const order = async (card: Appointment, position: number) => {
      await move(manager, await read(manager, card), "scheduled", { position });
      return columnIds(manager, "scheduled");
    };
    expect(await order(a, 1)).toEqual(ids([b, a, c]));
    expect(await order(a, 0)).toEqual(ids([a, b, c]));
    expect(await order(a, 2)).toEqual(ids([b, c, a]));
    expect(await order(b, 0)).toEqual(ids([b, c, a]));
    expect(await order(b, 99)).toEqual(ids([c, a, b]));
    expect(await order(c, Number.MAX_SAFE_INTEGER)).toEqual(ids([a, b, c]));
  });

  it("[MV6] afterId and beforeId name a neighbour in the target column", async () => {
    const { manager } = await openWorkshop();
    const [a, b, c] = await threeCards(manager, "ready");
    const [x, y] = [await addCard(manager), await addCard(manager)];
    await move(manager, x, "ready", { afterId: a.id });
    await move(manager, y, "ready", { beforeId: a.id });
    expect(await columnIds(manager, "ready")).toEqual(ids([y, a, x, b, c]));
    await move(manager, await read(manager, a), "ready", { afterId: c.id });
    expect(await columnIds(manager, "ready")).toEqual(ids([y, x, b, c, a]));
  });

  it("[MV6] no anchor, or one that is elsewhere, removed or unknown, means the end", async () => {
    const { manager } = await openWorkshop();
    const [a, b, c] = await threeCards(manager, "scheduled");
    const elsewhere = await addCardIn(manager, "no_show");
    const gone = await addCard(manager);
    await manager.ok("removeAppointment", { id: gone.id, query: { expectedVersion: 1 } });
    const others = [b, c, a];
    for (const anchor of [{}, { afterId: elsewhere.id }, { beforeId: gone.id }, { beforeId: unknownId }]) {
      const [first] = await columnIds(manager, "scheduled");
      await move(manager, await read(manager, { id: first ?? "" }), "scheduled", anchor);
      expect((await columnIds(manager, "scheduled")).at(-1)).toBe(first);
    }
    expect(await columnIds(manager, "scheduled")).toEqual(ids(others));
  });

  it("[MV6] more than one place, the card as its own anchor, or a place that is none, is a wrong field", async () => {
    const { manager, everything } = await openWorkshop();
    const [a, b, c] = await threeCards(manager, "scheduled");
    const before = everything();
    for (const [place, paths] of [
      [{ position: 0, afterId: b.id }, ["afterId"]],
      [{ afterId: b.id, beforeId: c.id }, ["beforeId"]],
      [{ position: 0, afterId: b.id, beforeId: c.id }, ["afterId", "beforeId"]],
      [{ afterId: a.id }, ["afterId"]],
      [{ beforeId: a.id }, ["beforeId"]],
      [{ position: -1 }, ["position"]],
      [{ position: 0.5 }, ["position"]],
      [{ position: 1e300 }, ["position"]],
      [{ position: "0" }, ["position"]],
      [{ position: null }, ["position"]],
      [{ afterId: "" }, ["afterId"]],
    ] as const) {
      const error = await manager.refused("moveAppointment", {
        id: a.id,
        body: { newStatus: "scheduled", expectedVersion: 1, ...place },
      });
      expect(error.code === "invalid_request" && error.issues.map(({ path }) => path)).toEqual(paths);
    }
    expect(everything()).toBe(before);
  });
});

describe("undo", () => {
  const undoOf = (card: Appointment, change: object = {}) => ({
    id: card.id,
    body: { mutationId: "drag", expectedVersion: card.version, ...change },
  });

  it("[MV7] restores column, place and check times of before, as a new version", async () => {
    const { manager, advance, now } = await openWorkshop();
    const [a, b, c] = await threeCards(manager, "ready");
    advance(30_000);
    const moved = await move(manager, b, "completed", { mutationId: "drag" });
    expect(moved.checkOutAt).toBe(now());
    advance(limits.undoWindowMs);
    const undone = await manager.ok("undoMove", undoOf(moved));
    expect(undone).toEqual({ ...b, version: moved.version + 1, updatedAt: now() });
    expect(await columnIds(manager, "ready")).toEqual(ids([a, b, c]));
  });

  it("[MV7] a minute and a millisecond later it is too late", async () => {
    const { manager, advance, everything } = await openWorkshop();
    const moved = await move(manager, await addCard(manager), "ready", { mutationId: "drag" });
    advance(limits.undoWindowMs + 1);
    const before = everything();
    expect(await manager.refused("undoMove", undoOf(moved))).toMatchObject({
      code: "invalid_transition",
      from: "ready",
      to: "scheduled",
      allowed: allowed.ready.toSorted().toReversed(),
    });
    expect(everything()).toBe(before);
  });

  it("[MV7] nobody undoes another's move", async () => {
    const { as, everything } = await openWorkshop();
    const [anna, bob] = [as("manager", { user: "anna" }), as("manager", { user: "bob" })];
    const moved = await move(anna, await addCard(bob), "ready", { mutationId: "drag" });
    const before = everything();
    expect((await bob.refused("undoMove", undoOf(moved))).code).toBe("invalid_transition");
    expect(everything()).toBe(before);
    await anna.ok("undoMove", undoOf(moved));
  });

  it("[MV7] a card that was changed since is a version_conflict, whichever version is expected", async () => {
    const { manager } = await openWorkshop();
    const moved = await move(manager, await addCard(manager), "ready", { mutationId: "drag" });
    const current = await edit(manager, moved, { notes: "changed meanwhile" });
    for (const expectedVersion of [moved.version, current.version])
      expect(await manager.refused("undoMove", undoOf(moved, { expectedVersion }))).toMatchObject({
        code: "version_conflict",
        current,
      });
  });

  it("[MV7] a later move of somebody else's is never undone", async () => {
    const { manager, as } = await openWorkshop();
    const first = await move(manager, await addCard(manager), "in_progress", { mutationId: "drag" });
    const current = await move(as("advisor"), first, "ready", { mutationId: "theirs" });
    for (const expectedVersion of [2, 3])
      expect(await manager.refused("undoMove", undoOf(current, { expectedVersion }))).toMatchObject({
        code: "version_conflict",
        current,
      });
    expect((await manager.refused("undoMove", undoOf(current, { mutationId: "theirs" }))).code).toBe(
      "invalid_transition",
    );
  });

  it("[MV7] a move without an id, one never made, and one that is forgotten cannot be undone", async () => {
    const { manager } = await openWorkshop();
    const card = await addCard(manager);
    expect((await manager.refused("undoMove", undoOf(card))).code).toBe("invalid_transition");
    let moved = await move(manager, card, "ready");
    expect((await manager.refused("undoMove", undoOf(moved))).code).toBe("invalid_transition");
    moved = await move(manager, moved, "ready", { mutationId: "drag" });
    for (let n = 0; n < limits.mutationsRemembered; n++)
      moved = await move(manager, moved, "ready", { mutationId: `m${n}` });
    expect((await manager.refused("undoMove", undoOf(moved))).code).toBe("invalid_transition");
  });

  it("[MV7] an edit is no move, and cannot be undone by its mutation id", async () => {
    const { manager } = await openWorkshop();
    const edited = await edit(manager, await addCard(manager), { notes: "x", mutationId: "drag" });
    expect((await manager.refused("undoMove", undoOf(edited))).code).toBe("invalid_transition");
  });

  it("[MV7] an undo names its move, and is not itself undone", async () => {
    const { manager } = await openWorkshop();
    const moved = await move(manager, await addCard(manager), "ready", { mutationId: "drag" });
    const { mutationId, ...without } = undoOf(moved).body;
    expect(mutationId).toBe("drag");
    expect((await manager.refused("undoMove", { id: moved.id, body: without })).code).toBe("invalid_request");
    await manager.ok("undoMove", undoOf(moved));
    const undoOfUndo = undoOf(moved, { mutationId: "undo:drag", expectedVersion: 3 });
    expect((await manager.refused("undoMove", undoOfUndo)).code).toBe("invalid_request");
  });

  it("[MV7] is still possible after neighbours made room and gave the card another rank", async () => {
    const { manager } = await openWorkshop();
    const [left, right] = [await addCardIn(manager, "ready"), await addCardIn(manager, "ready")];
    const waiting = await addCard(manager);
    let moved = await move(manager, waiting, "ready", { afterId: left.id, mutationId: "drag" });
    // Two cards that change places between the same neighbours, over and over, use the room up.
    const pair = [await addCardIn(manager, "ready"), await addCardIn(manager, "ready")];
    for (let turn = 0; moved.version === 2; turn++) {
      const card = pair[turn % 2];
      if (card === undefined || turn > 2_000) throw new Error("nothing was re-spaced");
      await move(manager, await read(manager, card), "ready", { afterId: left.id });
      moved = await read(manager, moved);
    }
    expect(moved.updatedBy.id).toBe("system");
    const undone = await manager.ok("undoMove", undoOf(moved));
    expect(undone).toMatchObject({ status: "scheduled", rank: waiting.rank, version: moved.version + 1 });
    expect((await columnIds(manager, "ready")).at(-1)).toBe(right.id);
  });
});
