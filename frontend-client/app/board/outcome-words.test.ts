import { describe, expect, it } from "vitest";
import type { ClientError } from "../../result.ts";
import { conflictWords, movedWords, notUndoneWords, refusedWords, undoneWords } from "./outcome-words.ts";
import { cardOf } from "./testing/cards.ts";

const now = Date.parse("2026-03-03T08:00:03.000Z");
const ready = cardOf("a", { status: "ready" });
const error = { message: "", correlationId: "c1" };

describe("what became of a move", () => {
  it("says where the card is", () => {
    expect(movedWords({ kind: "moved", appointment: ready, from: "scheduled" })).toBe("Moved to Ready.");
    expect(movedWords({ kind: "moved", appointment: ready, from: "ready" })).toBe("Moved within Ready.");
  });

  it("[CL2] says who was first, where to and when", () => {
    expect(conflictWords(ready, "scheduled", now)).toBe("Ana moved this to Ready 3 s ago. Your move was not saved.");
    expect(conflictWords(ready, "ready", now)).toBe("Ana changed this in Ready 3 s ago. Your move was not saved.");
  });

  it("says why it was refused, without codes", () => {
    const transition: ClientError = {
      ...error,
      code: "invalid_transition",
      from: "ready",
      to: "scheduled",
      allowed: [],
    };
    expect(refusedWords(transition)).toBe("A car can't go from Ready to Scheduled. Your move was not saved.");
    expect(refusedWords({ ...error, code: "not_found" })).toContain("no longer here");
    expect(refusedWords({ ...error, code: "forbidden" })).toContain("may not");
    expect(refusedWords({ ...error, code: "unauthenticated" })).toBe("Your move was not saved. You are signed out.");
  });

  it("[MV7] says where an undo brought it back to", () => {
    expect(undoneWords({ kind: "moved", appointment: ready, from: "completed" })).toBe("Undone. Back in Ready.");
  });

  it("[MV7] says that an undo came too late, or after somebody else", () => {
    expect(notUndoneWords({ kind: "conflict", current: ready, from: "ready" })).toBe(
      "Ana changed it since. Nothing was undone.",
    );
    expect(notUndoneWords({ kind: "refused", error: { ...error, code: "aborted" } })).toBe(
      "It is too late to undo this.",
    );
    expect(notUndoneWords({ kind: "failed", error: { ...error, code: "network" } })).toContain("may not");
  });
});
