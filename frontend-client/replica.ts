import { newsOf, takeIn } from "./merge.ts";
import type {
  BoardOf,
  ChangesOf,
  ChangesWanted,
  PongOf,
  ReplicaCard,
  ReplicaInput,
  Told,
  Wanted,
  WrittenOf,
} from "./replica-input.ts";

/** What waits at most for an earlier revision; beyond, the oldest are fetched again rather than kept. */
const bufferMaxTold = 256;

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
  /** What was told, in this order, of revisions that are not in the cards yet: diffs, and what only names a revision. */
  readonly buffer: readonly Told<Card>[];
  readonly doubt?: Doubt | undefined;
}

type Draft<Card extends ReplicaCard> = { -readonly [Key in keyof Replica<Card>]: Replica<Card>[Key] };

/** A replica of a board of which nothing is known yet; it wants a snapshot at once. */
export function replicaOf<Card extends ReplicaCard>(date: string): Replica<Card> {
  const draft: Draft<Card> = {
    date,
    trust: "stale",
    cards: new Map(),
    removed: new Map(),
    rev: 0,
    lost: true,
    buffer: [],
  };
  lose(draft);
  return draft;
}

/** What a subscribe says of the past: nothing unless there is something to go on from. */
export const resumePoint = ({
  lost,
  epoch,
  rev,
}: Replica<ReplicaCard>): { epoch?: string | undefined; rev?: number } => (lost ? {} : { epoch, rev });

/**
 * What becomes of a replica by one thing that happens, in whatever order things happen. It has no effect but its
 * answer, and answers the same maps while no card has changed.
 */
export function receive<Card extends ReplicaCard>(replica: Replica<Card>, input: ReplicaInput<Card>): Replica<Card> {
  const draft: Draft<Card> = { ...replica };
  if ("date" in input && input.date !== draft.date) return replica;
  if ("asked" in input) {
    if (input.asked !== draft.wanted) return replica;
    draft.wanted = undefined;
  }
  if (input.type === "reset" && input.epoch === draft.epoch && input.rev <= draft.rev) return replica;
  // Only a diff's ops have been looked at.
  if ("rev" in input) hear(draft, input.type === "diff" ? input : { ...input, ops: undefined }, input.type === "reset");
  switch (input.type) {
    case "subscribed":
      // A server that has less than is held has nothing to go on from.
      if (!input.changes && input.rev < draft.rev) lose(draft);
      for (const change of input.changes ?? []) hear(draft, change);
      break;
    case "pong":
      if (!draft.lost && input.rev === draft.rev) compare(draft, input);
      break;
    case "poll":
      wantSnapshot(draft);
      break;
    case "snapshot":
      takeSnapshot(draft, input.answer);
      break;
    case "changes":
      takeChanges(draft, input.answer, input.asked);
      break;
    case "written":
      takeWritten(draft, input);
      if (draft.cards === replica.cards) return replica;
      break;
  }
  settle(draft);
  return draft;
}

/** Takes note of what the server has. A reset, or another epoch than the one held, ends all trust in what is held (LV5). */
function hear<Card extends ReplicaCard>(draft: Draft<Card>, told: Told<Card>, isReset = false): void {
  if (!draft.lost && (isReset || told.epoch !== draft.epoch)) lose(draft, isReset);
  draft.buffer = [...draft.buffer, told];
}

/** From here only a snapshot that is asked for now or later leads back; what was wanted before does not matter. */
function lose<Card extends ReplicaCard>(draft: Draft<Card>, jitter?: boolean): void {
  draft.lost = true;
  draft.buffer = [];
  draft.wanted = undefined;
  wantSnapshot(draft, jitter);
}

function wantSnapshot<Card extends ReplicaCard>(draft: Draft<Card>, jitter = false): void {
  if (draft.wanted?.kind !== "snapshot") draft.wanted = { kind: "snapshot", jitter };
}

/** Whoever asks for changes knows that there are some: a server that leads no further is behind (LV5). */
function takeChanges<Card extends ReplicaCard>(
  draft: Draft<Card>,
  answer: ChangesOf<Card> | undefined,
  asked: ChangesWanted,
): void {
  if (answer) for (const told of [{ epoch: answer.epoch, rev: answer.head }, ...answer.changes]) hear(draft, told);
  applyInOrder(draft);
  if (draft.rev <= asked.since) lose(draft);
}

/**
 * A snapshot goes on from what is held; one of another life of the database, or of a server that has lost what was
 * held, takes its place. One that was read before what is held by now, or that came while another life was heard of,
 * says nothing: another is asked for, and that is believed (LV6).
 */
function takeSnapshot<Card extends ReplicaCard>(draft: Draft<Card>, board: BoardOf<Card>): void {
  const { epoch, rev } = board;
  const isSameLife = epoch === draft.epoch;
  const isBehind = isSameLife && rev < draft.rev;
  if ((draft.buffer.at(-1) ?? board).epoch !== epoch || (isBehind && !draft.lost)) {
    lose(draft);
    return;
  }
  if (isBehind || !isSameLife) Object.assign(draft, { cards: new Map(), removed: new Map(), doubt: undefined });
  takeIn(draft, [...Object.values(board.columns).flatMap((column) => column.items), ...board.removed], true);
  Object.assign(draft, { epoch, rev, lost: false });
}

/**
 * The answer to a write is news like any op, which its diff will bring once more. It counts for no revision. A snapshot
 * that is on its way may have been read before the write, so that it is asked for anew (LV6).
 */
function takeWritten<Card extends ReplicaCard>(draft: Draft<Card>, written: WrittenOf<Card>): void {
  if (!written.epoch || written.epoch !== draft.epoch) return;
  takeIn(draft, [newsOf(written.op)]);
  if (draft.wanted?.kind === "snapshot") draft.wanted = { ...draft.wanted };
}

/** Applies the revisions that come next, as far as they are there without a hole. */
function applyInOrder<Card extends ReplicaCard>(draft: Draft<Card>): void {
  if (draft.lost) return;
  const ofThisLife = draft.buffer.filter(({ epoch }) => epoch === draft.epoch);
  for (const { rev, ops } of ofThisLife.sort((one, other) => one.rev - other.rev)) {
    if (!ops || rev !== draft.rev + 1) continue;
    takeIn(draft, ops.map(newsOf));
    draft.rev = rev;
  }
  draft.buffer = ofThisLife.filter(({ rev }) => rev > draft.rev);
}

/**
 * Compares what is held with the truth. The feed may be a moment behind the truth, so it takes two pongs in a row that
 * differ at one revision to make a screen stale, and one that agrees to end it (WS3).
 */
function compare<Card extends ReplicaCard>(draft: Draft<Card>, pong: PongOf): void {
  const { doubt } = draft;
  let sum = 0;
  for (const { version } of draft.cards.values()) sum += version;
  if (pong.cards === draft.cards.size && pong.versionSum === sum) draft.doubt = undefined;
  // The same pong again proves nothing more.
  else if (doubt?.at !== pong.at) {
    const confirmed = !!doubt && (doubt.confirmed || doubt.rev === pong.rev);
    draft.doubt = { ...pong, confirmed };
    if (confirmed) wantSnapshot(draft);
  }
}

/** Applies what can be applied, then says what is still needed and how far the result may be believed. */
function settle<Card extends ReplicaCard>(draft: Draft<Card>): void {
  applyInOrder(draft);
  draft.buffer = draft.buffer.slice(-bufferMaxTold);
  const { epoch, rev, wanted } = draft;
  const isMissingSome = draft.buffer.length > 0;
  // There is an epoch where nothing is lost.
  if (wanted?.kind !== "snapshot")
    draft.wanted = isMissingSome ? (wanted ?? { kind: "changes", epoch: epoch as string, since: rev }) : undefined;
  const isSure = !draft.lost && !isMissingSome && !draft.doubt?.confirmed;
  draft.trust = isSure ? "live" : "stale";
}
