import type { Status } from "@status-board/contracts";
import { describe, expect, test } from "vitest";
import { type ReplayedMove, replay, targetByRank } from "./board-state.ts";
import { byColumn, cardsIn, columnsOf } from "./columns.ts";
import type { ReplicaCard } from "./replica-input.ts";
import { share } from "./share.ts";
import { targetAt } from "./target-at.ts";
import { card } from "./testing/board-room.ts";

/** Columns with these cards from top to bottom. */
const columnsWith = (ids: Partial<Record<Status, string>>) => {
  const cards = Object.entries(ids).flatMap(([status, list]) =>
    [...list].map((id, index): [string, ReplicaCard] => [id, card(id, 1, status as Status, String(index))]),
  );
  return columnsOf({ cards: new Map(cards) });
};
const shown = (columns: ReturnType<typeof columnsWith>) =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([status, cards]) =>
      cards.length > 0 ? [[status, cards.map(({ id }) => id).join("")]] : [],
    ),
  );
const board = columnsWith({ scheduled: "abc", ready: "xyz" });
const move = (appointmentId: string, newStatus: Status, anchor: { afterId?: string; beforeId?: string } = {}) => ({
  appointmentId,
  newStatus,
  ...anchor,
});

const replayed = (columns: typeof board, moves: ReplayedMove[]) => byColumn(replay(cardsIn(columns), moves));

describe("moves over the server's columns", () => {
  test.each([
    [[move("a", "ready")], { scheduled: "bc", ready: "xyza" }],
    [[move("a", "ready", { afterId: "x" })], { scheduled: "bc", ready: "xayz" }],
    [[move("a", "ready", { beforeId: "x" })], { scheduled: "bc", ready: "axyz" }],
    [[move("a", "ready", { beforeId: "c" })], { scheduled: "bc", ready: "xyza" }],
    [[move("a", "scheduled", { afterId: "c" })], { scheduled: "bca", ready: "xyz" }],
    [[move("c", "scheduled", { beforeId: "a" })], { scheduled: "cab", ready: "xyz" }],
    [[move("nobody", "ready")], { scheduled: "abc", ready: "xyz" }],
    [[move("a", "ready"), move("b", "ready", { beforeId: "a" })], { scheduled: "c", ready: "xyzba" }],
    [
      [move("a", "ready"), move("a", "no_show"), move("b", "ready", { afterId: "a" })],
      { scheduled: "c", ready: "xyzb", no_show: "a" },
    ],
  ])("[CL1] [MV6] %j", (moves, expected) => {
    expect(shown(replayed(board, moves))).toEqual(expected);
    expect(shown(board)).toEqual({ scheduled: "abc", ready: "xyz" });
  });

  test("[CL1] without any, the cards are the server's own", () => {
    const cards = cardsIn(board);
    expect(replay(cards, [])).toBe(cards);
  });

  test("[CL2] a card shown elsewhere is the same object as long as the server's is, and so are all others", () => {
    const first = replayed(board, [move("a", "ready")]);
    const again = replayed(
      columnsOf({ cards: new Map([...board.scheduled, ...board.ready].map((one) => [one.id, one])) }),
      [move("a", "ready"), move("b", "ready")],
    );
    const shared = share(first, again, 3);
    expect(shared.ready[3]).toBe(first.ready[3]);
    expect(shared.ready[0]).toBe(board.ready[0]);
    expect(shared.ready.map(({ id }) => id)).toEqual(["x", "y", "z", "a", "b"]);
    expect(first.ready[3]).toEqual({ ...board.scheduled[0], status: "ready" });
  });

  test("[CL2] columns that show the same are the same", () => {
    const next = replayed(board, [move("a", "ready")]);
    const shared = share(board, next, 3);
    expect(shared.no_show).toBe(board.no_show);
    expect(shared.ready).toBe(next.ready);
    expect(share(next, replayed(board, [move("a", "ready")]), 3)).toBe(next);
    expect(share(undefined, next, 3)).toBe(next);
  });
});

test("[CL2] cards that somebody has frozen, as stores of pages do, are shown like all others", () => {
  const frozen = byColumn(cardsIn(board).map((card) => Object.freeze({ ...card })));
  expect(share(board, frozen, 3)).toBe(board);
  const next = byColumn(replay(cardsIn(frozen), [move("a", "ready")]));
  expect(shown(share(frozen, next, 3))).toEqual({ scheduled: "bc", ready: "xyza" });
});

describe("a place in a column", () => {
  test.each([
    ["a", "ready", 0, { newStatus: "ready", beforeId: "x" }],
    ["a", "ready", 1, { newStatus: "ready", afterId: "x" }],
    ["a", "ready", 2, { newStatus: "ready", afterId: "y" }],
    ["a", "ready", 3, { newStatus: "ready" }],
    ["a", "ready", 99, { newStatus: "ready" }],
    ["a", "ready", undefined, { newStatus: "ready" }],
    ["a", "ready", -1, { newStatus: "ready", beforeId: "x" }],
    ["a", "no_show", 0, { newStatus: "no_show" }],
    ["a", "scheduled", 0, { newStatus: "scheduled", beforeId: "b" }],
    ["b", "scheduled", 1, { newStatus: "scheduled", afterId: "a" }],
    ["b", "scheduled", 2, { newStatus: "scheduled" }],
  ] as const)("[MV6] of %s in %s at %s is named by the card beside it", (id, status, position, expected) => {
    expect(targetAt({ columns: board }, id, status, position)).toEqual(expected);
  });

  test("[MV6] of no board is the end", () => {
    expect(targetAt(undefined, "a", "ready", 0)).toEqual({ newStatus: "ready" });
  });

  test("[MV7] by its rank is before the first card that comes after it", () => {
    expect(targetByRank(cardsIn(board), { id: "a", rank: "1" }, "ready")).toEqual({
      newStatus: "ready",
      beforeId: "y",
    });
    expect(targetByRank(cardsIn(board), { id: "b", rank: "1" }, "scheduled")).toEqual({
      newStatus: "scheduled",
      beforeId: "c",
    });
    expect(targetByRank(cardsIn(board), { id: "a", rank: "9" }, "ready")).toEqual({ newStatus: "ready" });
  });
});
