import { describe, expect, test } from "vitest";
import { receive, replicaOf, resumePoint } from "./replica.ts";
import type { ReplicaCard } from "./replica-input.ts";
import {
  after,
  board,
  card,
  changesAsked,
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

const empty = () => replicaOf<ReplicaCard>(date);
const ofSecondEpoch = <T extends { epoch: string }>(message: T): T => ({ ...message, epoch: "second" });

describe("what is had already", () => {
  test("[LV4] ignores a revision it has", () => {
    const replica = after(replicaAt(4, card("a", 1)), diff(5, upsert("a", 2)));
    const again = after(replica, diff(5, upsert("a", 2)), diff(4, upsert("a", 3)));
    expect(shown(again)).toEqual(["a@2"]);
    expect(again.cards).toBe(replica.cards);
    expect(again).toMatchObject({ rev: 5, trust: "live" });
  });

  test("[LV4] ignores an op whose version is not newer, in a revision that is", () => {
    const replica = after(replicaAt(4, card("a", 3, "ready")), diff(5, upsert("a", 2), upsert("a", 3)));
    expect(replica.cards.get("a")).toEqual(card("a", 3, "ready"));
    expect(replica.rev).toBe(5);
  });

  test("[LV4] no older op brings a removed card back, be it known from a diff or from a snapshot", () => {
    const byDiff = after(replicaAt(4, card("a", 1)), diff(5, remove("a", 3)), diff(6, upsert("a", 2)));
    expect(shown(byDiff)).toEqual([]);
    const bySnapshot = withSnapshot(empty(), board(4, [], [{ id: "a", version: 3 }]));
    expect(shown(after(bySnapshot, diff(5, upsert("a", 3))))).toEqual([]);
  });

  test("[LV4] an older removal does not take a newer card", () => {
    expect(shown(after(replicaAt(4, card("a", 3)), diff(5, remove("a", 2))))).toEqual(["a@3"]);
  });

  test("[CA6] a card that went to another day and came back is there again, whatever comes twice", () => {
    const gone = after(replicaAt(1, card("a", 1)), diff(2, remove("a", 2)));
    const back = after(gone, diff(3, upsert("a", 3)), diff(2, remove("a", 2)), diff(4, remove("a", 2)));
    expect(shown(back)).toEqual(["a@3"]);
    expect(back.removed.has("a")).toBe(false);
  });

  test("[LV4] a reset that it has already passed means nothing", () => {
    const replica = replicaAt(5, card("a", 1));
    expect(receive(replica, reset(5))).toBe(replica);
  });
});

describe("what is missing", () => {
  test("[LV5] fetches what lies between, and then applies all in order", () => {
    const gap = after(replicaAt(4, card("a", 1)), diff(7, upsert("a", 4)));
    expect(gap).toMatchObject({ rev: 4, trust: "stale", wanted: { kind: "changes", epoch: "first", since: 4 } });
    expect(shown(gap)).toEqual(["a@1"]);
    const whole = withChanges(gap, 7, diff(5, upsert("a", 2)), diff(6, upsert("b", 1)));
    expect(shown(whole)).toEqual(["a@4", "b@1"]);
    expect(whole).toMatchObject({ rev: 7, trust: "live", wanted: undefined });
  });

  test("[LV5] asks once for what is missing, and again from where the first answer ends", () => {
    const gap = after(replicaAt(4), diff(7));
    expect(after(gap, diff(8), diff(9)).wanted).toBe(gap.wanted);
    expect(changesAsked(withChanges(gap, 7, diff(5)))).toMatchObject({ since: 5 });
  });

  test("[LV5] the missing revision may come by itself: then nobody waits for the answer", () => {
    const gap = after(replicaAt(4), diff(6, upsert("a", 2)));
    const whole = after(gap, diff(5, upsert("a", 1)));
    expect(whole).toMatchObject({ rev: 6, trust: "live", wanted: undefined });
    expect(receive(whole, { type: "changes", asked: changesAsked(gap), answer: undefined })).toBe(whole);
  });

  test("[LV5] a pong with a newer revision tells of what was lost on the way", () => {
    expect(changesAsked(after(replicaAt(4), pong(5, 0, 0)))).toMatchObject({ since: 4 });
  });

  test("[LV5] what is no longer kept is replaced by a snapshot, without jitter", () => {
    const gap = after(replicaAt(4, card("a", 1)), diff(7, upsert("a", 4)));
    const lost = receive(gap, { type: "changes", asked: changesAsked(gap), answer: undefined });
    expect(lost).toMatchObject({ trust: "stale", wanted: { kind: "snapshot", jitter: false } });
    expect(withSnapshot(lost, board(7, [card("a", 4)]))).toMatchObject({ rev: 7, trust: "live" });
  });

  test("[LV5] a server that does not have what was heard of is behind: its snapshot replaces everything", () => {
    const gap = after(replicaAt(4, card("a", 9)), diff(7));
    const lost = withChanges(gap, 4);
    const replaced = withSnapshot(lost, board(2, [card("a", 3)]));
    expect(shown(replaced)).toEqual(["a@3"]);
    expect(replaced).toMatchObject({ rev: 2, trust: "live", wanted: undefined });
  });

  test("[LV5] a subscribe that is answered with less than was held shows a server that is behind", () => {
    const lost = after(replicaAt(4, card("a", 9)), subscribed(3));
    expect(withSnapshot(lost, board(3, [card("a", 8)]))).toMatchObject({ rev: 3, trust: "live" });
  });

  test("[LV5] a poll finds out that the server is behind, too", () => {
    const polled = after(replicaAt(4, card("a", 9)), { type: "poll" });
    const again = withSnapshot(polled, board(3, [card("a", 8)]));
    expect(shown(again)).toEqual(["a@9"]);
    expect(snapshotAsked(again)).not.toBe(snapshotAsked(polled));
    expect(shown(withSnapshot(again, board(3, [card("a", 8)])))).toEqual(["a@8"]);
  });
});

describe("resets and other epochs", () => {
  test("[LV5] a reset asks for a snapshot after some jitter; meanwhile it is stale, and diffs wait", () => {
    const told = after(replicaAt(4, card("a", 1)), reset(5), diff(6, upsert("a", 3)));
    expect(told).toMatchObject({ rev: 4, trust: "stale", wanted: { kind: "snapshot", jitter: true } });
    expect(shown(withSnapshot(told, board(5, [card("a", 2)])))).toEqual(["a@3"]);
  });

  test("[LV5] a reset while a snapshot is on its way: one from before the reset does not end it", () => {
    const told = after(empty(), reset(5));
    const early = withSnapshot(told, board(4, [card("a", 1)]));
    expect(early).toMatchObject({ trust: "stale", wanted: { kind: "changes", since: 4 } });
    const gone = receive(early, { type: "changes", asked: changesAsked(early), answer: undefined });
    expect(withSnapshot(gone, board(5, [card("a", 2)]))).toMatchObject({ rev: 5, trust: "live" });
    expect(withSnapshot(told, board(5, [card("a", 2)]))).toMatchObject({ rev: 5, trust: "live", wanted: undefined });
  });

  test("[LV5] a reset overtakes a snapshot that was asked for without need", () => {
    const polled = after(replicaAt(4), { type: "poll" });
    const told = after(polled, reset(6));
    expect(receive(told, { type: "snapshot", asked: snapshotAsked(polled), answer: board(4) })).toBe(told);
    expect(snapshotAsked(told).jitter).toBe(true);
  });

  test.each([
    ["diff", ofSecondEpoch(diff(1, upsert("b", 1)))],
    ["subscribed", ofSecondEpoch(subscribed(1))],
    ["reset", ofSecondEpoch(reset(1))],
    ["pong", ofSecondEpoch(pong(1, 0, 0))],
  ])("[LV5] another epoch in a %s ends all that was held", (_, message) => {
    const rumor = after(replicaAt(4, card("a", 9)), message);
    expect(rumor.trust).toBe("stale");
    expect(snapshotAsked(rumor).jitter).toBe(message.type === "reset");
    expect(resumePoint(rumor)).toEqual({});
    const replaced = withSnapshot(rumor, ofSecondEpoch(board(1, [card("a", 2), card("b", 1)])));
    expect(shown(replaced)).toEqual(["a@2", "b@1"]);
    expect(replaced).toMatchObject({ epoch: "second", rev: 1, trust: "live", removed: new Map() });
  });

  test("[LV5] another epoch in an answer to changes ends it as well", () => {
    const gap = after(replicaAt(4), diff(7));
    const answer = { epoch: "second", head: 9, changes: [ofSecondEpoch(diff(5, upsert("x", 1)))] };
    const rumor = receive(gap, { type: "changes", asked: changesAsked(gap), answer });
    expect(rumor).toMatchObject({ trust: "stale", rev: 4, wanted: { kind: "snapshot" } });
    expect(shown(rumor)).toEqual([]);
  });

  test("[LV5] an answer from before a change of epoch is nobody's any more", () => {
    const gap = after(replicaAt(4), diff(7));
    const rumor = after(gap, ofSecondEpoch(diff(1)));
    const answer = { epoch: "first", head: 7, changes: [diff(5, upsert("x", 1))] };
    expect(receive(rumor, { type: "changes", asked: changesAsked(gap), answer })).toBe(rumor);
  });

  test("[LV5] a late message of the former epoch costs a snapshot and nothing else", () => {
    const second = withSnapshot(
      after(replicaAt(4), ofSecondEpoch(pong(2, 0, 0))),
      ofSecondEpoch(board(2, [card("a", 2)])),
    );
    const rumor = after(second, diff(5, upsert("a", 7)), ofSecondEpoch(diff(3, upsert("a", 3))));
    expect(shown(rumor)).toEqual(["a@2"]);
    const whole = withSnapshot(rumor, ofSecondEpoch(board(2, [card("a", 2)])));
    expect(shown(whole)).toEqual(["a@3"]);
    expect(whole).toMatchObject({ epoch: "second", rev: 3, trust: "live" });
  });

  test("[LV5] of the diffs that wait for a snapshot, those of another epoch than its own are not replayed", () => {
    const rumor = after(replicaAt(4), ofSecondEpoch(diff(2)), diff(5, upsert("x", 1)), ofSecondEpoch(diff(6)));
    const replaced = withSnapshot(rumor, ofSecondEpoch(board(4)));
    expect(shown(replaced)).toEqual([]);
    expect(replaced).toMatchObject({ rev: 4, wanted: { kind: "changes", epoch: "second", since: 4 } });
  });

  test("[LV5] a snapshot of the former epoch, asked for before the new one was heard of, is asked for again", () => {
    const asked = empty();
    const rumor = after(asked, subscribed(3), ofSecondEpoch(pong(1, 0, 0)));
    const again = withSnapshot(rumor, board(3, [card("a", 1)]));
    expect(shown(again)).toEqual([]);
    expect(snapshotAsked(again)).not.toBe(snapshotAsked(asked));
    expect(withSnapshot(again, ofSecondEpoch(board(1)))).toMatchObject({ epoch: "second", trust: "live" });
  });

  test("[WS5] messages of another date are ignored", () => {
    const replica = replicaAt(4, card("a", 1));
    for (const message of [diff(5, remove("a", 2)), reset(6), pong(9, 9, 9), subscribed(9)])
      expect(receive(replica, { ...message, date: "2031-03-04" })).toBe(replica);
  });
});
