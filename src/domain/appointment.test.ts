import {
  type Appointment,
  isAllowed,
  limits,
  type Role,
  roles,
  type Status,
  sourcesOf,
  statuses,
  statusesOf,
} from "@status-board/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  acceptsMove,
  judgeMove,
  judgeWrite,
  type MoveRequest,
  moved,
  nextCard,
  respaced,
  type StoredAppointment,
  system,
  tombstoneOf,
} from "./appointment.ts";
import { defined } from "./outcome.ts";
import * as samples from "./testing/cards.ts";

const { aCard, anna, anyMutation, anyStatus, anyStored, aStored, aTombstone, bob, later, morning } = samples;

const anyRole = fc.constantFrom(...roles);
const anyItem: fc.Arbitrary<StoredAppointment> = fc.oneof(
  { weight: 5, arbitrary: anyStored },
  { weight: 1, arbitrary: samples.anyMemory.map((memory) => aTombstone({ memory })) },
);
const anyMove = fc
  .record({
    expectedVersion: fc.integer({ min: 1, max: 4 }),
    to: anyStatus,
    mutation: fc.option(anyMutation, { nil: undefined }),
    role: anyRole,
  })
  .map(({ role, ...move }) => ({ role, request: defined({ ...move, from: sourcesOf(move.to, role) }) }));

/** HT2's order, in its own words. */
function expectedVerdict(item: StoredAppointment, request: MoveRequest, role: Role): string | undefined {
  if (item.kind === "tombstone") return "not_found";
  const known = item.memory.find(({ id }) => id === request.mutation?.id);
  if (known) return known.hash === request.mutation?.hash ? "ok" : "conflict";
  if (item.card.version !== request.expectedVersion) return "version_conflict";
  const open = statusesOf(role);
  if (!open.includes(item.card.status) || !open.includes(request.to)) return "forbidden";
  return isAllowed(item.card.status, request.to) ? undefined : "invalid_transition";
}

const runs = { numRuns: 2_000 };

describe("a move's judgement", () => {
  it("[HT2] names the first of not_found, repeat, version_conflict, forbidden and invalid_transition", () => {
    fc.assert(
      fc.property(anyItem, anyMove, (item, { request, role }) => {
        expect(judgeMove(item, request, role)?.kind).toBe(expectedVerdict(item, request, role));
      }),
      runs,
    );
  });

  it("[MV2] speaks against exactly the moves that the condition does not accept", () => {
    fc.assert(
      fc.property(anyItem, anyMove, (item, { request, role }) => {
        expect(acceptsMove(item, request)).toBe(judgeMove(item, request, role) === undefined);
      }),
      runs,
    );
  });

  it("[MV2] hands out the whole current card with a version conflict, and with a repeat", () => {
    const current = aStored(aCard({ version: 3 }), { memory: [{ id: "m1", hash: "h1", version: 3 }] });
    const request: MoveRequest = { expectedVersion: 2, to: "ready", from: sourcesOf("ready", "manager") };
    expect(judgeMove(current, request, "manager")).toEqual({ kind: "version_conflict", current: current.card });
    const repeat = { ...request, mutation: { id: "m1", hash: "h1" } };
    expect(judgeMove(current, repeat, "manager")).toEqual({ kind: "ok", data: current.card });
  });

  it("[HT5] tells a mutation that asks for something else from a repeat", () => {
    const current = aStored(aCard(), { memory: [{ id: "m1", hash: "h1", version: 1 }] });
    expect(judgeWrite(current, 1, { id: "m1", hash: "h2" })).toEqual({ kind: "conflict", reason: "mutation_reused" });
    expect(judgeWrite(current, 1, { id: "m2", hash: "h1" })).toBeUndefined();
  });

  it("[MV1] says from where, to where, and what would be allowed to that role", () => {
    const current = aStored(aCard({ status: "ready" }));
    const request: MoveRequest = { expectedVersion: 1, to: "scheduled", from: sourcesOf("scheduled", "technician") };
    const refusal = { kind: "invalid_transition", from: "ready", to: "scheduled" };
    expect(judgeMove(current, request, "technician")).toEqual({ ...refusal, allowed: ["in_progress"] });
    expect(judgeMove(current, request, "manager")).toEqual({ ...refusal, allowed: ["in_progress", "completed"] });
  });
});

describe("a moved card", () => {
  const at = later(morning, 5_000);
  const checkInAt = "2031-03-02T07:00:00.000Z";
  const checkOutAt = "2031-03-02T17:00:00.000Z";
  type CheckTimes = Pick<Appointment, "checkInAt" | "checkOutAt">;
  const former: CheckTimes[] = [{}, { checkInAt }, { checkOutAt }, { checkInAt, checkOutAt }];
  const move = (card: Appointment, to: Status) => moved(aStored(card), { to, rank: "W", by: bob, at }).card;
  const timesOf = ({ checkInAt: checkIn, checkOutAt: checkOut }: CheckTimes) =>
    defined({ checkInAt: checkIn, checkOutAt: checkOut });

  it("[CA4] has the check times of its target column, wherever it came from", () => {
    for (const times of former) {
      const expected: Record<Status, CheckTimes> = {
        scheduled: {},
        no_show: {},
        in_progress: { checkInAt: times.checkInAt ?? at },
        ready: { checkInAt: times.checkInAt ?? at },
        completed: { ...times, checkOutAt: times.checkOutAt ?? at },
      };
      for (const from of statuses)
        for (const to of statuses) {
          const card = move(aCard({ status: from, ...times }), to);
          expect([from, to, timesOf(card)]).toStrictEqual([from, to, expected[to]]);
        }
    }
  });

  it("[CA1] is one version on, by its mover and at that time, and in nothing else another card", () => {
    fc.assert(
      fc.property(anyStored, anyStatus, ({ card }, to) => {
        const { checkInAt: _in, checkOutAt: _out, ...rest } = card;
        const after = move(card, to);
        const { checkInAt: _checkIn, checkOutAt: _checkOut, ...same } = after;
        const written = { version: card.version + 1, status: to, rank: "W", updatedAt: at, updatedBy: bob };
        expect(same).toStrictEqual({ ...rest, ...written });
      }),
    );
  });

  it("[MV7] keeps the way back with a mutation, and none without", () => {
    fc.assert(
      fc.property(anyStored, anyStatus, fc.option(anyMutation, { nil: undefined }), (current, to, mutation) => {
        const { status, rank, version } = current.card;
        const after = moved(current, defined({ to, rank: "W", by: bob, at, mutation }));
        const undo = mutation && { mutationId: mutation.id, version: version + 1, at, by: "bob", status, rank };
        expect(after.undo).toStrictEqual(undo && { ...undo, ...timesOf(current.card) });
        expect("undo" in after).toBe(mutation !== undefined);
      }),
    );
  });

  it("[HT5] remembers its mutation with the version that it made", () => {
    const memory = [{ id: "m0", hash: "h0", version: 3 }];
    const current = aStored(aCard({ version: 3 }), { memory });
    const mutation = { id: "m1", hash: "h1" };
    const after = moved(current, { to: "ready", rank: "W", by: bob, at, mutation });
    expect(after.memory).toEqual([{ ...mutation, version: 4 }, ...memory]);
    expect(moved(current, { to: "ready", rank: "W", by: bob, at }).memory).toEqual(memory);
  });

  it("[CA1] never has a field that is present but undefined", () => {
    fc.assert(
      fc.property(anyStored, anyStatus, (current, to) => {
        const after = moved(current, { to, rank: "W", by: bob, at });
        expect(after).toStrictEqual(JSON.parse(JSON.stringify(after)));
      }),
    );
  });
});

describe("a re-spaced card", () => {
  it("[MV5] has a new rank and version by system, its memory untouched and its way back carried along", () => {
    const mutation = { id: "m1", hash: "h1" };
    const current = moved(aStored(aCard()), { to: "ready", rank: "W", by: anna, at: morning, mutation });
    const at = later(morning, 1_000);
    const after = respaced(current, "X", at);
    const card = { ...current.card, rank: "X", version: 3, updatedAt: at, updatedBy: system };
    expect(after).toStrictEqual({ ...current, card, undo: { ...current.undo, version: 3 } });
    expect(respaced(aStored(aCard()), "X", at)).not.toHaveProperty("undo");
  });
});

describe("a tombstone", () => {
  it("[CA6] is one version on, names who and where to, lasts 7 days and keeps the memory", () => {
    const current = aStored(aCard({ version: 4 }), { memory: [{ id: "m1", hash: "h1", version: 3 }] });
    const mutation = { id: "gone", hash: "h2" };
    const expected = { id: current.card.id, date: "2031-03-03", version: 5, at: morning, by: bob };
    expect(tombstoneOf(current, { by: bob, at: morning, mutation, movedTo: "2031-03-04" })).toStrictEqual({
      kind: "tombstone",
      ...expected,
      movedTo: "2031-03-04",
      expiresAt: "2031-03-10T08:00:00.000Z",
      memory: [{ ...mutation, version: 5 }, ...current.memory],
    });
    const plain = tombstoneOf(current, { by: bob, at: morning });
    expect(plain).not.toHaveProperty("movedTo");
    expect(plain.memory).toEqual(current.memory);
    expect(Date.parse(plain.expiresAt) - Date.parse(morning)).toBe(limits.tombstoneKeptMs);
  });
});

describe("nextCard", () => {
  it("[CA1] is one version on even when nothing is altered", () => {
    const at = later(morning, 1_000);
    expect(nextCard(aCard(), {}, bob, at)).toStrictEqual(aCard({ version: 2, updatedAt: at, updatedBy: bob }));
  });
});
