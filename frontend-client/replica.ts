import { applyOps, type Holding, mergeBoard } from "./merge.ts";
import type {
  BoardOf,
  ChangesOf,
  ChangesWanted,
  DiffOf,
  OpOf,
  PongOf,
  ReplicaCard,
  ReplicaInput,
  SnapshotWanted,
  SubscribedOf,
  Wanted,
  WrittenOf,
} from "./replica-input.ts";
import { shareMap } from "./share.ts";

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
  readonly wanted?: Wanted | undefined;
  readonly cards: ReadonlyMap<string, Card>;
  /** A version for each id that is not on the board any more: what is not newer cannot bring it back. */
  readonly removed: ReadonlyMap<string, number>;
  /** Absent before the first snapshot. */
  readonly epoch?: string | undefined;
  /** Every revision up to this one is in the cards. */
  readonly rev: number;
  /** Nothing can be built on what is held: it may be shown, as stale, and diffs wait for a snapshot (LV5, LV6). */
  readonly lost: boolean;
  /** The newest revision that the server has told of, and its epoch: another one than `epoch` is a rumor to look into. */
  readonly heard: number;
  readonly heardEpoch?: string | undefined;
  /** Diffs that cannot be applied yet. */
  readonly buffer: readonly DiffOf<Card>[];
  /** A snapshot is to be taken though nothing is known to be missing. */
  readonly snapshotDue: boolean;
  /** The newest revision heard of when the subscribe was sent that is not answered yet. */
  readonly subscribedFrom?: number | undefined;
  readonly doubt?: Doubt | undefined;
  /** Answers to writes of one's own that came while a snapshot is awaited, which may have been read before them. */
  readonly written: readonly OpOf<Card>[];
}

type Draft<Card extends ReplicaCard> = Holding<Card> & {
  -readonly [Key in keyof Omit<Replica<Card>, "cards" | "removed">]: Replica<Card>[Key];
};

/** A replica of a board of which nothing is known yet; it wants a snapshot at once. */
export function replicaOf<Card extends ReplicaCard>(date: string): Replica<Card> {
  const draft: Draft<Card> = {
    date,
    trust: "stale",
    cards: new Map(),
    removed: new Map(),
    rev: 0,
    lost: true,
    heard: 0,
    buffer: [],
    snapshotDue: false,
    written: [],
  };
  settle(draft);
  return draft;
}

/** What a subscribe says of the past: nothing unless there is something to go on from. */
export function resumePoint({ lost, epoch, rev }: Replica<ReplicaCard>): { epoch?: string; rev?: number } {
  return lost || !epoch ? {} : { epoch, rev };
}

/**
 * What becomes of a replica by one thing that happens, in whatever order things happen. It has no effect but its
 * answer, and answers the same maps while no card has changed.
 */
export function receive<Card extends ReplicaCard>(replica: Replica<Card>, input: ReplicaInput<Card>): Replica<Card> {
  if ("date" in input && input.date !== replica.date) return replica;
  if ("asked" in input && input.asked !== replica.wanted) return replica;
  const draft: Draft<Card> = { ...replica, cards: new Map(replica.cards), removed: new Map(replica.removed) };
  if ("asked" in input) draft.wanted = undefined;
  switch (input.type) {
    case "subscribing":
      draft.subscribedFrom = draft.lost ? 0 : draft.heard;
      break;
    case "subscribed":
      takeSubscribed(draft, input);
      break;
    case "diff":
      hear(draft, input.epoch, input.rev);
      keep(draft, [input]);
      break;
    case "reset":
      if (input.epoch === draft.epoch && input.rev <= draft.rev) return replica;
      hear(draft, input.epoch, input.rev, true);
      if (!draft.lost) lose(draft, true);
      break;
    case "pong":
      hear(draft, input.epoch, input.rev);
      if (!draft.lost && input.rev === draft.rev) compare(draft, input);
      break;
    case "poll":
      draft.snapshotDue = true;
      break;
    case "snapshot":
      takeSnapshot(draft, input.answer, input.asked);
      break;
    case "changes":
      takeChanges(draft, input.answer, input.asked);
      break;
    case "changesGone":
      lose(draft, false);
      break;
    case "written":
      takeWritten(draft, input);
      break;
  }
  settle(draft);
  const cards = shareMap(replica.cards, draft.cards);
  const removed = shareMap(replica.removed, draft.removed);
  if (input.type === "written" && cards === replica.cards && removed === replica.removed) return replica;
  // A snapshot that is asked for from now on has every write that was answered by now.
  const written = draft.wanted === replica.wanted ? draft.written : [];
  return { ...draft, cards, removed, written };
}

/** Takes note of what the server has. Another epoch than the one held ends all trust in what is held (LV5). */
function hear<Card extends ReplicaCard>(draft: Draft<Card>, epoch: string, rev: number, byReset = false): void {
  const isSameAsBefore = epoch === draft.heardEpoch;
  draft.heardEpoch = epoch;
  if (epoch !== draft.epoch && !draft.lost) lose(draft, byReset);
  draft.heard = isSameAsBefore ? Math.max(draft.heard, rev) : rev;
}

/** From here only a snapshot that is asked for now or later leads back; what was wanted before does not matter. */
function lose<Card extends ReplicaCard>(draft: Draft<Card>, jitter: boolean): void {
  draft.lost = true;
  draft.buffer = [];
  draft.heard = 0;
  draft.wanted = snapshotWanted(draft, jitter);
}

const snapshotWanted = (
  { heardEpoch, rev }: Pick<Replica<ReplicaCard>, "heardEpoch" | "rev">,
  jitter: boolean,
): SnapshotWanted => ({ kind: "snapshot", jitter, heardEpoch, rev });

function keep<Card extends ReplicaCard>(draft: Draft<Card>, diffs: readonly DiffOf<Card>[] = []): void {
  draft.buffer = [...draft.buffer, ...diffs];
}

/** A server that has less than was heard of before the subscribe has lost it (LV5). */
function takeSubscribed<Card extends ReplicaCard>(draft: Draft<Card>, message: SubscribedOf<Card>): void {
  const isBehind = message.epoch === draft.epoch && message.rev < (draft.subscribedFrom ?? 0);
  draft.subscribedFrom = undefined;
  hear(draft, message.epoch, message.rev);
  if (isBehind) lose(draft, false);
  else keep(draft, message.changes);
}

/** Whoever asks for changes knows that there are some: a server that leads no further is behind (LV5). */
function takeChanges<Card extends ReplicaCard>(
  draft: Draft<Card>,
  answer: ChangesOf<Card>,
  { since }: ChangesWanted,
): void {
  hear(draft, answer.epoch, answer.head);
  keep(draft, answer.changes);
  applyInOrder(draft);
  if (draft.rev <= since && !draft.lost) lose(draft, false);
}

/**
 * A snapshot goes on from what is held; one of another life of the database, or of a server that has lost what was
 * held, takes its place. One that was read before what is held by now, or asked for before the newest rumor of another
 * epoch, says nothing: another is asked for while it is needed (LV6).
 */
function takeSnapshot<Card extends ReplicaCard>(draft: Draft<Card>, board: BoardOf<Card>, asked: SnapshotWanted): void {
  const { epoch, rev } = board;
  const isOlderThanRumor = epoch !== draft.heardEpoch && asked.heardEpoch !== draft.heardEpoch;
  const goesOn = epoch === draft.epoch && rev >= asked.rev;
  if (isOlderThanRumor || (goesOn && rev < draft.rev)) return;
  if (!goesOn) {
    draft.cards.clear();
    draft.removed.clear();
    draft.doubt = undefined;
  }
  mergeBoard(draft, board);
  if (goesOn) applyOps(draft, draft.written);
  draft.epoch = epoch;
  draft.rev = rev;
  draft.lost = draft.snapshotDue = false;
  hear(draft, epoch, rev);
  draft.buffer = draft.buffer.filter((diff) => diff.epoch === epoch);
}

/**
 * The answer to a write is news like any op, which its diff will bring once more. It counts for no revision. A snapshot
 * that is on its way may have been read before the write: the write then follows it, so that the card stays (LV6).
 */
function takeWritten<Card extends ReplicaCard>(draft: Draft<Card>, { epoch, op }: WrittenOf<Card>): void {
  if (!epoch || epoch !== draft.epoch) return;
  const isElsewhere = op.op === "upsert" && op.card.date !== draft.date;
  const here: OpOf<Card> = isElsewhere ? { ...op.card, op: "remove" } : op;
  applyOps(draft, [here]);
  if (draft.wanted?.kind === "snapshot") draft.written = [...draft.written, here];
}

/** Applies the revisions that come next, as far as they are there without a hole. */
function applyInOrder<Card extends ReplicaCard>(draft: Draft<Card>): void {
  if (draft.lost) return;
  for (const { rev, ops } of draft.buffer.toSorted((one, other) => one.rev - other.rev)) {
    if (rev !== draft.rev + 1) continue;
    applyOps(draft, ops);
    draft.rev = rev;
  }
  draft.buffer = draft.buffer.filter(({ rev }) => rev > draft.rev);
}

/**
 * Compares what is held with the truth. The feed may be a moment behind the truth, so it takes two pongs in a row that
 * differ at one revision to make a screen stale, and one that agrees to end it (WS3).
 */
function compare<Card extends ReplicaCard>(draft: Draft<Card>, { rev, at, cards, versionSum }: PongOf): void {
  const { doubt } = draft;
  let sum = 0;
  for (const { version } of draft.cards.values()) sum += version;
  if (cards === draft.cards.size && versionSum === sum) draft.doubt = undefined;
  // The same pong again proves nothing more.
  else if (doubt?.at !== at) {
    const confirmed = !!doubt && (doubt.confirmed || doubt.rev === rev);
    draft.doubt = { rev, at, confirmed };
    draft.snapshotDue ||= confirmed;
  }
}

/** Applies what can be applied, then says what is still needed and how far the result may be believed. */
function settle<Card extends ReplicaCard>(draft: Draft<Card>): void {
  applyInOrder(draft);
  draft.buffer = draft.buffer.slice(-bufferMaxDiffs);
  const { lost, epoch, rev, doubt } = draft;
  const isMissingSome = draft.heard > rev;
  if (lost || !epoch || draft.snapshotDue) {
    if (draft.wanted?.kind !== "snapshot") draft.wanted = snapshotWanted(draft, false);
  } else if (!isMissingSome) draft.wanted = undefined;
  else if (draft.wanted?.kind !== "changes") draft.wanted = { kind: "changes", epoch, since: rev };
  const isSure = !lost && !isMissingSome && !doubt?.confirmed && draft.subscribedFrom === undefined;
  draft.trust = isSure ? "live" : "stale";
}
