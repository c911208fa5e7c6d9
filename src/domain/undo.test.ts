import { limits, type Role } from "@status-board/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moved, nextCard, respaced, type StoredCard, undone } from "./appointment.ts";
import { remember } from "./mutation.ts";
import { aCard, anna, anyStatus, anyStored, aStored, bob, later, morning } from "./testing/cards.ts";

const mutation = { id: "m1", hash: "h1" };
const before = aStored(aCard({ version: 4, status: "ready", rank: "K", checkInAt: "2031-03-03T07:00:00.000Z" }));
const current = moved(before, { to: "completed", rank: "W", by: anna, at: morning, mutation });

const advisor: Role = "advisor";
const technician: Role = "technician";
const request = { mutationId: "m1", by: anna, role: advisor, at: later(morning, 1_000) };

/** An edit between the move and its undo, as the stores write it. */
function edited(item: StoredCard): StoredCard {
  const card = nextCard(item.card, { notes: "new" }, bob, morning);
  return { kind: "card", card, memory: remember(item.memory, { id: "e1", hash: "h" }, card.version) };
}

describe("an undo", () => {
  it("[MV7] restores status, rank and check times of before, one version on", () => {
    fc.assert(
      fc.property(anyStored, anyStatus, (item, to) => {
        const after = moved(item, { to, rank: "W", by: anna, at: morning, mutation });
        const result = undone(after, { ...request, role: "manager" });
        const version = item.card.version + 2;
        const card = { ...item.card, version, updatedAt: request.at, updatedBy: anna };
        expect(result).toStrictEqual({ kind: "undone", card });
      }),
    );
  });

  it("[MV7] keeps what was edited before the move", () => {
    const result = undone(current, request);
    const expected = { ...before.card, version: 6, updatedAt: request.at, updatedBy: anna };
    expect(result).toStrictEqual({ kind: "undone", card: expected });
  });

  it("[MV7] holds for 60 seconds and no longer", () => {
    const within = { ...request, at: later(morning, limits.undoWindowMs) };
    expect(undone(current, within).kind).toBe("undone");
    const tooLate = { ...request, at: later(morning, limits.undoWindowMs + 1) };
    expect(undone(current, tooLate)).toEqual({
      kind: "invalid_transition",
      from: "completed",
      to: "ready",
      allowed: ["ready"],
    });
  });

  it("[MV7] is the mover's alone", () => {
    expect(undone(current, { ...request, by: bob }).kind).toBe("invalid_transition");
    expect(undone(current, { ...request, by: { id: "anna", name: "Married" } }).kind).toBe("undone");
  });

  it("[MV7] is a version conflict after anybody's later change, a move of the mover's own included", () => {
    expect(undone(edited(current), request)).toEqual({ kind: "version_conflict", current: edited(current).card });
    const again = moved(current, { to: "ready", rank: "X", by: anna, at: morning, mutation: { id: "m2", hash: "h" } });
    expect(undone(again, request)).toEqual({ kind: "version_conflict", current: again.card });
    expect(undone(again, { ...request, mutationId: "m2" }).kind).toBe("undone");
  });

  it("[MV7] never goes by a way back that a later write has left behind", () => {
    const changed = { ...current, card: nextCard(current.card, { notes: "new" }, bob, morning) };
    expect(undone(changed, request)).toEqual({ kind: "version_conflict", current: changed.card });
  });

  it("[MV7] is an invalid transition for a move without an id, or one that was forgotten", () => {
    const plain = moved(before, { to: "completed", rank: "W", by: anna, at: morning });
    expect(undone(plain, request).kind).toBe("invalid_transition");
    const forgotten = { ...edited(current), memory: [] };
    expect(undone(forgotten, request)).toEqual({
      kind: "invalid_transition",
      from: "completed",
      to: "completed",
      allowed: ["ready"],
    });
  });

  it("[MV5] still holds after the card was re-spaced, and restores the rank of before the move", () => {
    const twice = respaced(respaced(current, "X", morning), "Y", morning);
    const result = undone(twice, request);
    expect(result).toMatchObject({ kind: "undone", card: { rank: "K", status: "ready", version: 8 } });
  });

  it("[AU4] is forbidden to a technician among the front desk's columns", () => {
    expect(undone(current, { ...request, role: technician }).kind).toBe("forbidden");
    const open = moved(before, { to: "in_progress", rank: "W", by: anna, at: morning, mutation });
    expect(undone(open, { ...request, role: technician }).kind).toBe("undone");
  });

  it("[HT2] is judged by its version first, then by the role, then by who and when", () => {
    const late = { ...request, role: technician, by: bob, at: later(morning, 120_000) };
    expect(undone(edited(current), late).kind).toBe("version_conflict");
    expect(undone(current, late).kind).toBe("forbidden");
    expect(undone(current, { ...late, role: advisor }).kind).toBe("invalid_transition");
  });
});
