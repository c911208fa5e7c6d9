import { describe, expect, test } from "vitest";
import { columnsOf } from "./columns.ts";
import { receive, replicaOf, resumePoint } from "./replica.ts";
import type { OpOf, ReplicaCard } from "./replica-input.ts";
import {
  after,
  board,
  card,
  date,
  diff,
  pong,
  remove,
  replicaAt,
  reset,
  shown,
  snapshotAsked,
  subscribed,
  upsert,
  withChanges,
  withSnapshot,
} from "./testing/board-room.ts";

const written = (op: OpOf<ReplicaCard>, epoch: string | undefined = "first") => ({
  type: "written" as const,
  epoch,
  op,
});
const empty = () => replicaOf<ReplicaCard>(date);
const polled = (...args: Parameters<typeof replicaAt>) => after(replicaAt(...args), { type: "poll" });

describe("subscribing against publishing against reading", () => {
  test("[LV6] diffs that come before the first snapshot wait for it", () => {
    const early = after(empty(), diff(6, upsert("a", 3)), subscribed(5), diff(7, upsert("b", 1)));
    expect(shown(early)).toEqual([]);
    const whole = withSnapshot(early, board(5, [card("a", 2)]));
    expect(shown(whole)).toEqual(["a@3", "b@1"]);
    expect(whole).toMatchObject({ rev: 7, trust: "live", buffer: [] });
  });

  test("[LV6] a first snapshot from before the subscription leaves a gap that is fetched", () => {
    const read = withSnapshot(empty(), board(3, [card("a", 1)]));
    const known = after(read, subscribed(5));
    expect(known.trust).toBe("stale");
    expect(shown(withChanges(known, 5, diff(4, upsert("a", 2)), diff(5, upsert("b", 1))))).toEqual(["a@2", "b@1"]);
    const otherOrder = withSnapshot(after(empty(), subscribed(5)), board(3, [card("a", 1)]));
    expect(otherOrder).toMatchObject({ trust: "stale", wanted: { kind: "changes", since: 3 } });
  });

  test("[LV6] a snapshot whose cards are newer than its revision loses nothing to the revisions that follow", () => {
    const ahead = withSnapshot(empty(), board(3, [card("a", 3)], [{ id: "b", version: 4 }]));
    const followed = after(ahead, diff(4, upsert("a", 2), upsert("b", 3)), diff(5, upsert("a", 3), remove("b", 4)));
    expect(shown(followed)).toEqual(["a@3"]);
    expect(followed.rev).toBe(5);
  });

  test("[LV6] a snapshot older than the revision applied is dropped, and asked for again", () => {
    const ahead = after(polled(4, card("a", 1)), diff(5, remove("a", 2), upsert("b", 1)));
    const again = withSnapshot(ahead, board(4, [card("a", 1)]));
    expect(shown(again)).toEqual(["b@1"]);
    expect(again.rev).toBe(5);
    expect(snapshotAsked(again)).not.toBe(snapshotAsked(ahead));
  });

  test("[LV6] else the higher version wins card by card, removals among them", () => {
    const held = after(polled(4, card("a", 5), card("b", 1), card("c", 2)), diff(5, remove("c", 3)));
    const read = board(5, [card("a", 4), card("b", 2), card("c", 2)]);
    const merged = withSnapshot(held, read);
    expect(shown(merged)).toEqual(["a@5", "b@2"]);
    const removed = withSnapshot(polled(4, card("a", 5)), board(4, [], [{ id: "a", version: 6 }]));
    expect(shown(removed)).toEqual([]);
  });

  test("[LV6] a card that a snapshot names twice counts at its higher version, in either order", () => {
    const twice = [card("a", 2, "completed"), card("a", 3, "ready")];
    for (const cards of [twice, twice.toReversed()]) {
      const { columns, ...rest } = board(4);
      const read = { ...rest, columns: { ...columns, scheduled: { items: cards } } };
      expect(withSnapshot(empty(), read).cards.get("a")).toEqual(card("a", 3, "ready"));
    }
    const dying = board(4, [card("a", 2)], [{ id: "a", version: 3 }]);
    expect(shown(withSnapshot(empty(), dying))).toEqual([]);
    const returned = board(4, [card("a", 4)], [{ id: "a", version: 3 }]);
    expect(shown(withSnapshot(empty(), returned))).toEqual(["a@4"]);
  });

  test("[LV6] a held card that it names nowhere is dropped, and returns no older than it was", () => {
    const dropped = withSnapshot(polled(4, card("a", 5), card("b", 1)), board(4, [card("b", 1)]));
    expect(shown(dropped)).toEqual(["b@1"]);
    expect(shown(after(dropped, diff(5, upsert("a", 4))))).toEqual(["b@1"]);
    expect(shown(after(dropped, diff(5, upsert("a", 5))))).toEqual(["a@5", "b@1"]);
  });

  test("[LV6] the buffer replays what the snapshot does not have, and only that", () => {
    const waiting = after(empty(), diff(5, upsert("a", 2)), diff(4, upsert("a", 1)), diff(6, remove("a", 3)));
    expect(shown(withSnapshot(waiting, board(6, [], [{ id: "a", version: 3 }])))).toEqual([]);
    expect(shown(withSnapshot(waiting, board(5, [card("a", 2)])))).toEqual([]);
    expect(withSnapshot(waiting, board(4, [card("a", 1)]))).toMatchObject({ rev: 6, trust: "live" });
  });

  test("[LV6] a removal that waits is not undone by the older snapshot that it waited for", () => {
    const waiting = after(empty(), subscribed(4), diff(5, remove("a", 3)));
    expect(shown(withSnapshot(waiting, board(4, [card("a", 2)])))).toEqual([]);
  });

  test("[LV6] an answer that comes twice, or late, is nobody's", () => {
    const waiting = after(empty(), subscribed(4));
    const read = after(withSnapshot(waiting, board(4, [card("a", 1)])), diff(5, remove("a", 2)));
    const again = { type: "snapshot" as const, asked: snapshotAsked(waiting), answer: board(4, [card("a", 1)]) };
    expect(receive(read, again)).toBe(read);
  });

  test("[LV6] diffs beyond what is kept waiting are fetched again", () => {
    const diffs = Array.from({ length: 400 }, (_, index) => diff(index + 1, upsert("a", index + 1)));
    const flooded = after(empty(), ...diffs);
    expect(flooded.buffer.length).toBeLessThan(300);
    const read = withSnapshot(flooded, board(0));
    expect(withChanges(read, 400, ...diffs)).toMatchObject({ rev: 400, trust: "live", buffer: [] });
  });
});

describe("resuming", () => {
  test("[WS5] goes on from where it was, once the server has said what was missed", () => {
    expect(resumePoint(empty())).toEqual({});
    const cut = replicaAt(4, card("a", 1));
    expect(resumePoint(cut)).toEqual({ epoch: "first", rev: 4 });
    expect(after(cut, subscribed(4, []))).toMatchObject({ rev: 4, trust: "live" });
    expect(shown(after(cut, subscribed(5, [diff(5, upsert("a", 2))])))).toEqual(["a@2"]);
    expect(after(cut, subscribed(9)).wanted).toEqual({ kind: "changes", epoch: "first", since: 4 });
  });

  test("[WS5] a diff may overtake the answer to its subscribe", () => {
    const early = after(replicaAt(4), diff(6, upsert("a", 2)), diff(5, upsert("a", 1)));
    const whole = after(early, subscribed(5, [diff(5, upsert("a", 1))]));
    expect(whole).toMatchObject({ rev: 6, trust: "live", wanted: undefined });
  });
});

describe("doubt", () => {
  const wrong = () => pong(4, 1, 2);
  const right = () => pong(4, 1, 1);

  test("[WS3] two pongs in a row that differ at its own revision make it stale, and one that agrees ends that", () => {
    const doubtful = after(replicaAt(4, card("a", 1)), wrong());
    expect(doubtful).toMatchObject({ trust: "live", wanted: undefined });
    const stale = after(doubtful, wrong());
    expect(stale).toMatchObject({ trust: "stale", wanted: { kind: "snapshot", jitter: false } });
    const read = withSnapshot(stale, board(4, [card("a", 2)]));
    expect(shown(read)).toEqual(["a@2"]);
    expect(read).toMatchObject({ trust: "stale", wanted: undefined });
    expect(snapshotAsked(after(read, pong(4, 1, 3)))).toBeDefined();
    expect(after(read, wrong())).toMatchObject({ trust: "live", wanted: undefined });
  });

  test("[WS3] compares both the number of cards and the sum of their versions", () => {
    const replica = replicaAt(4, card("a", 1), card("b", 2));
    expect(after(replica, pong(4, 3, 3), pong(4, 3, 3)).trust).toBe("stale");
    expect(after(replica, pong(4, 2, 4), pong(4, 2, 4)).trust).toBe("stale");
    expect(after(replica, pong(4, 2, 3), pong(4, 2, 3)).trust).toBe("live");
  });

  test("[WS3] pongs that differ at two revisions, or with one between that agrees, prove nothing", () => {
    const replica = replicaAt(4, card("a", 1));
    expect(after(replica, wrong(), right(), wrong()).trust).toBe("live");
    expect(after(replica, wrong(), diff(5), pong(5, 9, 9)).trust).toBe("live");
    expect(after(replica, pong(3, 9, 9), pong(3, 9, 9))).toMatchObject({ trust: "live", doubt: undefined });
  });

  test("[WS3] the same pong twice is one pong", () => {
    const once = wrong();
    expect(after(replicaAt(4, card("a", 1)), once, once).trust).toBe("live");
  });

  test("[WS3] stays stale across revisions until a pong agrees, and across a reset", () => {
    const stale = after(replicaAt(4, card("a", 1)), wrong(), wrong());
    expect(after(stale, diff(5)).trust).toBe("stale");
    const read = withSnapshot(after(stale, reset(5)), board(5, [card("a", 2)]));
    expect(read.trust).toBe("stale");
    expect(after(read, pong(5, 1, 2)).trust).toBe("live");
  });

  test("[CL6] a poll that finds nothing new changes nothing", () => {
    const replica = replicaAt(4, card("a", 1));
    const read = withSnapshot(after(replica, { type: "poll" }), board(4, [card("a", 1)]));
    expect(read.cards).toBe(replica.cards);
    expect(read).toMatchObject({ trust: "live", wanted: undefined });
  });
});

test("[MV5] columns stand by rank, then id, and hold the very cards of the replica", () => {
  const cards = [
    card("c", 1, "ready", "B"),
    card("b", 1, "ready", "a"),
    card("a", 1, "ready", "a"),
    card("d", 1, "ready", "Z"),
    card("e", 1),
  ];
  const replica = replicaAt(4, ...cards);
  const columns = columnsOf(replica);
  expect(columns.ready.map(({ id }) => id)).toEqual(["c", "d", "a", "b"]);
  expect(columns.completed).toEqual([]);
  const moved = columnsOf(after(replica, diff(5, upsert("e", 2, "ready"))));
  expect(moved.ready.find(({ id }) => id === "a")).toBe(cards[2]);
});

describe("what the screen itself has written", () => {
  test("[LV4] is taken in like an op, counts for no revision, and its diff brings nothing new", () => {
    const before = replicaAt(4, card("a", 1));
    const replica = after(before, written(upsert("a", 2, "ready")));
    expect(replica.cards.get("a")).toEqual(card("a", 2, "ready"));
    expect({ ...replica, cards: before.cards, removed: before.removed }).toEqual(before);
    const told = after(replica, diff(5, upsert("a", 2, "ready")));
    expect(told.cards).toBe(replica.cards);
    expect(told).toMatchObject({ rev: 5, trust: "live" });
  });

  test("[LV4] is ignored where something newer is held, without any change", () => {
    const replica = after(replicaAt(4, card("a", 3)), diff(5, remove("b", 7)));
    expect(receive(replica, written(upsert("a", 3)))).toBe(replica);
    expect(receive(replica, written(upsert("b", 7)))).toBe(replica);
    expect(receive(replica, written(remove("a", 2)))).toBe(replica);
  });

  test("[CA2] a card that went to another board by it is removed from this one", () => {
    const elsewhere = { ...card("a", 2), date: "2031-03-04" };
    const replica = after(replicaAt(4, card("a", 1)), written({ op: "upsert", card: elsewhere }));
    expect(shown(replica)).toEqual([]);
    expect(shown(after(replica, diff(5, upsert("a", 1)), diff(6, upsert("a", 3))))).toEqual(["a@3"]);
  });

  test("[LV6] stays when a snapshot comes that was read before it", () => {
    const waiting = polled(4, card("a", 1), card("b", 1));
    const ops = [upsert("a", 2), remove("b", 2), upsert("c", 1)];
    const wrote = after(waiting, ...ops.map((op) => written(op)));
    const early = { type: "snapshot" as const, asked: snapshotAsked(waiting), answer: board(4, [card("a", 1)]) };
    expect(receive(wrote, early)).toBe(wrote);
    expect(shown(wrote)).toEqual(["a@2", "c@1"]);
    expect(snapshotAsked(wrote)).toEqual(snapshotAsked(waiting));
    const late = withSnapshot(wrote, board(4, [card("a", 2), card("c", 1)], [{ id: "b", version: 2 }]));
    expect(late).toMatchObject({ rev: 4, trust: "live", wanted: undefined });
    expect(shown(after(late, diff(5, upsert("c", 1)), diff(6, remove("c", 2))))).toEqual(["a@2"]);
  });

  test("[LV6] goes like any other card when a snapshot that was asked for after it names it nowhere", () => {
    const wrote = after(replicaAt(4), written(upsert("c", 1)));
    expect(shown(withSnapshot(after(wrote, { type: "poll" }), board(4)))).toEqual([]);
    const lost = after(after(replicaAt(4), { type: "poll" }), written(upsert("c", 1)), reset(5));
    expect(shown(withSnapshot(lost, board(5)))).toEqual([]);
  });

  test("[LV5] in another life of the database says nothing about this one", () => {
    const second = { ...board(1, [card("a", 2)]), epoch: "second" };
    const replaced = withSnapshot(after(replicaAt(4, card("a", 9)), { ...diff(1), epoch: "second" }), second);
    expect(receive(replaced, written(upsert("a", 10)))).toBe(replaced);
    const waiting = after(polled(4, card("a", 9)), written(upsert("a", 10)), { ...pong(1, 1, 2), epoch: "second" });
    expect(shown(withSnapshot(waiting, second))).toEqual(["a@2"]);
    expect(receive(empty(), written(upsert("a", 1), undefined))).toMatchObject({ cards: new Map() });
  });

  test("[WS3] makes no screen doubt itself when the feed is a moment behind", () => {
    const wrote = after(replicaAt(4, card("a", 1)), written(upsert("a", 2)));
    expect(after(wrote, pong(4, 1, 2), pong(4, 1, 2))).toMatchObject({ trust: "live", doubt: undefined });
    // A pong that was read before the write differs once; one read after it agrees.
    expect(after(wrote, pong(4, 1, 1), pong(4, 1, 2))).toMatchObject({ trust: "live", doubt: undefined });
  });
});
