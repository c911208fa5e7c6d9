import type { BoardOf, DiffOf, ReplicaCard, ReplicaInput, SubscribedOf, Wanted } from "./replica-input.ts";

/** Revisions that wait for an earlier one at most; beyond, the oldest are fetched again rather than kept. */
const bufferMaxDiffs = 256;

/** A pong that did not agree with what is held, or the second such in a row (WS3). */
interface Doubt {
  readonly rev: number;
  readonly at: string;
  readonly confirmed: boolean;
}

/**
 * What a screen holds of one board, and how far it may be believed. Only {@link receive} makes another out of it.
 *
 * `wanted` is all that a replica asks of the world: the one request to carry out now. Whoever drives it drops what he
 * was fetching when `wanted` becomes another object, tries again when a fetch fails, and answers with that very object.
 */
export interface Replica<Card extends ReplicaCard> {
  readonly date: string;
  /** `live`: as far as anybody has said, everything is here. `stale`: something is missing, or nobody has vouched yet. */
  readonly trust: "live" | "stale";
  readonly wanted: Wanted | undefined;
  readonly cards: ReadonlyMap<string, Card>;
  /** A version for each id that is not on the board any more: what is not newer cannot bring it back. */
  readonly removed: ReadonlyMap<string, number>;
  /** Absent before the first snapshot. */
  readonly epoch: string | undefined;
  /** Every revision up to this one is in the cards. */
  readonly rev: number;
  /** Nothing can be built on what is held: it may be shown, as stale, and diffs wait for a snapshot (LV5, LV6). */
  readonly lost: boolean;
  /** The newest revision that the server has told of, and its epoch: another one than `epoch` is a rumor to look into. */
  readonly heard: number;
  readonly heardEpoch: string | undefined;
  /** Diffs that cannot be applied yet. */
  readonly buffer: readonly DiffOf<Card>[];
  /** A snapshot is to be taken though nothing is known to be missing. */
  readonly snapshotDue: boolean;
  /** The newest revision heard of when the subscribe was sent that is not answered yet. */
  readonly subscribedFrom: number | undefined;
  readonly doubt: Doubt | undefined;
}

type Draft<Card extends ReplicaCard> = { -readonly [Key in keyof Replica<Card>]: Replica<Card>[Key] };

/** A replica of a board of which nothing is known yet; it wants a snapshot at once. */
export function replicaOf<Card extends ReplicaCard>(date: string): Replica<Card> {
  return settle({
    date,
    trust: "stale",
    wanted: undefined,
    cards: new Map(),
    removed: new Map(),
    epoch: undefined,
    rev: 0,
    lost: true,
    heard: 0,
    heardEpoch: undefined,
    buffer: [],
    snapshotDue: false,
    subscribedFrom: undefined,
    doubt: undefined,
  });
}

/** What a subscribe says of the past: nothing unless there is something to go on from. */
export function resumePoint({ lost, epoch, rev }: Replica<ReplicaCard>): { epoch?: string; rev?: number } {
  return lost || epoch === undefined ? {} : { epoch, rev };
}

/**
 * What becomes of a replica by one thing that happens, in whatever order things happen. It has no effect but its
 * answer, and answers the same maps while no card has changed.
 */
export function receive<Card extends ReplicaCard>(replica: Replica<Card>, input: ReplicaInput<Card>): Replica<Card> {
  if ("date" in input && input.date !== replica.date) return replica;
  if ("asked" in input && input.asked !== replica.wanted) return replica;
  const draft: Draft<Card> = { ...replica };
  if ("asked" in input) draft.wanted = undefined;
  switch (input.type) {
    case "subscribing":
      draft.subscribedFrom = draft.heard;
      break;
    case "subscribed":
      takeSubscribed(draft, input);
      break;
    case "diff":
      hear(draft, input.epoch, input.rev);
      buffer(draft, [input]);
      break;
    case "reset":
      if (input.epoch === draft.epoch && input.rev <= draft.rev) return replica;
      if (!draft.lost) lose(draft, true);
      hear(draft, input.epoch, input.rev);
      break;
    case "pong":
      hear(draft, input.epoch, input.rev);
      if (!draft.lost && input.rev === draft.rev) compare(draft, input);
      break;
    case "poll":
      draft.snapshotDue = true;
      break;
    case "snapshot":
      takeSnapshot(draft, input.board, input.asked);
      break;
    case "changes":
      hear(draft, input.answer.epoch, input.answer.head);
      buffer(draft, input.answer.changes);
      applyBuffered(draft);
      // Whoever asked knew of more: a server without it is behind.
      if (input.asked.kind === "changes" && draft.rev <= input.asked.since) lose(draft, false);
      break;
    case "changesGone":
      lose(draft, false);
      break;
  }
  return settle(draft);
}

/** Takes note of what the server has. Another epoch ends all that is held (LV5). */
function hear<Card extends ReplicaCard>(draft: Draft<Card>, epoch: string, rev: number): void {
  if (epoch !== draft.epoch && !draft.lost) lose(draft, false);
  draft.heard = epoch === draft.heardEpoch ? Math.max(draft.heard, rev) : rev;
  draft.heardEpoch = epoch;
}

/** From here only a snapshot that is asked for from now on leads back; what was wanted before does not matter. */
function lose<Card extends ReplicaCard>(draft: Draft<Card>, jitter: boolean): void {
  draft.lost = true;
  draft.buffer = [];
  draft.heard = 0;
  draft.wanted = { kind: "snapshot", jitter, heardEpoch: draft.heardEpoch, rev: draft.rev };
}
