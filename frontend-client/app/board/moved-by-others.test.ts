import type { Appointment } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import type { Columns } from "../../columns.ts";
import { movedByOthers } from "./moved-by-others.ts";
import { boardOf, cardOf, idOf } from "./testing/cards.ts";

const pendingOf = (...letters: string[]) => new Map(letters.map((letter) => [idOf(letter), true]));
const shown = (columns: Columns<Appointment>, pending = pendingOf(), date = "2026-03-03") => ({
  board: { date, columns },
  pending,
});
const before = boardOf({ scheduled: "ab" });
const after = { ...before, scheduled: before.scheduled.slice(1), ready: [cardOf("a", { status: "ready" })] };

describe("what others moved", () => {
  it("names the card and who did it", () => {
    expect([...movedByOthers(shown(before), shown(after))]).toEqual([[idOf("a"), "Ana"]]);
  });

  it("counts a card that came, and one that changed its place in the column", () => {
    const came = { ...before, scheduled: [...before.scheduled, cardOf("c")] };
    expect([...movedByOthers(shown(before), shown(came)).keys()]).toEqual([idOf("c")]);
    const lower = { ...before, scheduled: [...before.scheduled.slice(1), cardOf("a", { rank: "x" })] };
    expect([...movedByOthers(shown(before), shown(lower)).keys()]).toEqual([idOf("a")]);
  });

  it("[CL2] does not count our own moves, neither when they are shown nor when they are confirmed", () => {
    expect(movedByOthers(shown(before), shown(after, pendingOf("a"))).size).toBe(0);
    expect(movedByOthers(shown(before, pendingOf("a")), shown(after)).size).toBe(0);
  });

  it("does not count edits, nor cards that others were spaced around", () => {
    const edited = { ...before, scheduled: [cardOf("a", { notes: "new", version: 2 }), cardOf("b")] };
    expect(movedByOthers(shown(before), shown(edited)).size).toBe(0);
    const system = { id: "system", name: "System" };
    const spaced = { ...before, scheduled: [cardOf("a", { rank: "aa", updatedBy: system }), cardOf("b")] };
    expect(movedByOthers(shown(before), shown(spaced)).size).toBe(0);
  });

  it("says nothing when the board is first seen, or another day's", () => {
    expect(movedByOthers({ board: undefined, pending: new Map() }, shown(after)).size).toBe(0);
    expect(movedByOthers(shown(before, pendingOf(), "2026-03-02"), shown(after)).size).toBe(0);
  });
});
