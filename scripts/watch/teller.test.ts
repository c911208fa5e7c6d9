import type { Appointment, Board, Diff, Op } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { type Replica, receive, replicaOf } from "../../frontend-client/replica.ts";
import type { WatchedCard } from "./lines.ts";
import { createTeller } from "./teller.ts";

const date = "2031-03-03";
const at = `${date}T09:00:00.000Z`;
const nowMs = Date.parse(at) + 12;
const owner = { id: "owner", name: "Owner" };
const system = { id: "system", name: "system" };

const card = (id: string, change: Partial<Appointment> = {}): Appointment => ({
  ...{ id, date, version: 1, status: "in_progress", rank: id, start: at, end: at, customer: { name: `Name ${id}` } },
  ...{ vehicle: {}, services: [], totalCents: 0, paidCents: 0, createdAt: at, updatedAt: at, updatedBy: owner },
  ...change,
});
const upsert = (one: Appointment): Op => ({ op: "upsert", card: one });
const diff = (rev: number, ops: Op[], epoch = "e1"): Diff => ({ type: "diff", date, epoch, rev, ops, at });

function boardOf(cards: readonly WatchedCard[], rev: number, epoch = "e1") {
  const empty = { items: [], count: 0 };
  const columns = { scheduled: empty, in_progress: empty, ready: empty, completed: empty, no_show: empty };
  return { epoch, rev, columns: { ...columns, in_progress: { items: cards } }, removed: [] satisfies Board["removed"] };
}

/** The replica with the snapshot that it waits for. */
function withSnapshot(replica: Replica<WatchedCard>, board: ReturnType<typeof boardOf>): Replica<WatchedCard> {
  const { wanted } = replica;
  if (wanted?.kind !== "snapshot") throw new Error("no snapshot is wanted");
  return receive(replica, { type: "snapshot", asked: wanted, answer: board });
}

/** A teller of a board that begins with these cards at revision 1. */
function begin(cards: readonly WatchedCard[]) {
  const teller = createTeller();
  let replica = withSnapshot(replicaOf<WatchedCard>(date), boardOf(cards, 1));
  const tell = () =>
    teller
      .tell(replica, nowMs)
      .map(({ text }) => text.replace(`${at}  `, "").replace(`${new Date(nowMs).toISOString()}  `, ""));
  expect(tell()).toEqual([]);
  return {
    push: (...diffs: Diff[]) => {
      for (const one of diffs) {
        teller.hear(one);
        replica = receive(replica, one);
      }
      return tell();
    },
    reset: (rev: number, epoch: string) => {
      replica = receive(replica, { type: "reset", date, epoch, rev });
      return tell();
    },
    snapshot: (...given: Parameters<typeof boardOf>) => {
      replica = withSnapshot(replica, boardOf(...given));
      return tell();
    },
  };
}

describe("what is told", () => {
  it("[CA5] names the cars that came and went by night", () => {
    const { push } = begin([card("A")]);
    const gone: Op = { op: "remove", id: "A", version: 2, by: system, movedTo: "2031-03-04" };
    const come = card("B", { version: 5, carriedFrom: "2031-03-01", updatedBy: system });
    expect(push(diff(2, [gone, upsert(come)]))).toEqual([
      "rev 2  system moved Name A from in_progress to 2031-03-04  (12 ms)",
      "rev 2  system brought Name B into in_progress, carried over from 2031-03-01  (12 ms)",
    ]);
  });

  it("[LV4] tells each revision once and in order, whatever the order in which they come", () => {
    const { push } = begin([card("A")]);
    const [ready, edited] = [card("A", { version: 2, status: "ready" }), card("A", { version: 3, status: "ready" })];
    expect(push(diff(3, [upsert(edited)]))).toEqual([]);
    const lines = [
      "rev 2  Owner moved Name A from in_progress to ready  (12 ms)",
      "rev 3  Owner edited Name A in ready  (12 ms)",
    ];
    expect(push(diff(2, [upsert(ready)]))).toEqual(lines);
    expect(push(diff(2, [upsert(ready)]), diff(3, [upsert(edited)]))).toEqual([]);
  });

  it("[LV6] tells nothing twice of a snapshot that was newer than its revision", () => {
    const teller = createTeller();
    const ready = card("A", { version: 2, status: "ready" });
    let replica = withSnapshot(replicaOf<WatchedCard>(date), boardOf([ready], 1));
    teller.tell(replica, nowMs);
    teller.hear(diff(2, [upsert(ready)]));
    replica = receive(replica, diff(2, [upsert(ready)]));
    expect(teller.tell(replica, nowMs)).toEqual([]);
  });

  it.each(["e1", "e2"])("[LV5] after a reset, in epoch %s, tells what the board itself shows", (epoch) => {
    const { reset, snapshot } = begin([card("A"), card("B"), card("C")]);
    expect(reset(9, epoch)).toEqual([]);
    const now = [card("A"), card("B", { version: 4, rank: "Z" }), card("D", { version: 2 })];
    expect(snapshot(now, 9, epoch)).toEqual([
      "rev 9  Owner reordered Name B in in_progress  (12 ms)",
      "rev 9  Owner brought Name D into in_progress  (12 ms)",
      "rev 9  somebody removed Name C from in_progress",
    ]);
  });

  it("[AU6] does without the names that a viewer is not told", () => {
    const { updatedBy, updatedAt, ...shown } = card("A", { version: 2, status: "ready" });
    const teller = createTeller();
    let replica = withSnapshot(replicaOf<WatchedCard>(date), boardOf([card("A")], 1));
    teller.tell(replica, nowMs);
    const told = {
      type: "diff" as const,
      date,
      epoch: "e1",
      rev: 2,
      at,
      ops: [{ op: "upsert" as const, card: { ...shown, services: [] } }],
    };
    teller.hear(told);
    replica = receive(replica, told);
    expect(teller.tell(replica, nowMs)).toEqual([
      { id: "A", text: `${at}  rev 2  somebody moved Name A from in_progress to ready  (12 ms)` },
    ]);
  });
});
