import { type FigureCard, figuresOf, isLate, type Stats } from "@status-board/contracts";
import { replay, share } from "./board-state.ts";
import { type Columns, columnsOf } from "./columns.ts";
import type { LiveBoardState } from "./live-board-options.ts";
import type { QueuedMove } from "./move-queue.ts";
import type { ReplicaCard } from "./replica-input.ts";
import type { BoardView, PendingMove, StatusBoardState, Undoable } from "./types.ts";

/** Everything that a shown state is made of. `now` is in ms since 1970. */
export interface Sources<Card extends ReplicaCard> {
  live: LiveBoardState<Card>;
  moves: readonly QueuedMove<Card>[];
  undoable: Undoable | undefined;
  now: number;
}

/** What a screen shows; `before` itself if that is the same, else with all of its parts that are. */
export function stateOf<Card extends ReplicaCard>(
  { live, moves, undoable, now }: Sources<Card>,
  before?: StatusBoardState<Card>,
): StatusBoardState<Card> {
  const { replica, connection, error, release } = live;
  const former = before?.board;
  let board: BoardView<Card> | undefined;
  let stats: Stats | undefined;
  if (replica.epoch !== undefined) {
    const columns = share(former?.columns, replay(columnsOf(replica), moves));
    board = former?.columns === columns ? former : { date: replica.date, columns };
    stats = figuresOf(replica.date, cardsIn(columns), isoOf(now));
    if (JSON.stringify(before?.stats) === JSON.stringify(stats)) stats = before?.stats;
  }
  const loading = board === undefined && error === undefined;
  const pending = pendingOf(moves, before?.pending);
  const state = { board, stats, loading, error, connection, pending, undoable, release };
  const keys = Object.keys(state) as (keyof typeof state)[];
  return before !== undefined && keys.every((key) => state[key] === before[key]) ? before : state;
}

/** The newest move of each card; the former map while they are the same. */
function pendingOf<Card extends ReplicaCard>(
  moves: readonly QueuedMove<Card>[],
  before?: ReadonlyMap<string, PendingMove>,
): ReadonlyMap<string, PendingMove> {
  const pending = new Map(moves.map((move) => [move.appointmentId, move.pending]));
  const isSame = before?.size === pending.size && [...pending].every(([id, move]) => before.get(id) === move);
  return isSame ? before : pending;
}

/** When time alone changes what is shown: an undo is no longer offered, or a card becomes late. In ms since 1970. */
export function nextChangeAt({ board, undoable }: StatusBoardState<ReplicaCard & FigureCard>, now: number): number {
  let next = undoable?.until ?? Number.POSITIVE_INFINITY;
  for (const card of board === undefined ? [] : cardsIn(board.columns)) {
    const lateAt = Date.parse(card.promisedAt ?? "") + 1;
    if (lateAt > now && lateAt < next && isLate(card, isoOf(lateAt))) next = lateAt;
  }
  return next;
}

export const cardsIn = <Card>(columns: Columns<Card>): Card[] => Object.values(columns).flat();

const isoOf = (time: number) => new Date(time).toISOString();
