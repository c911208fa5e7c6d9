import { type FigureCard, figuresOf, isLate } from "@status-board/contracts";
import { replay } from "./board-state.ts";
import { cardsIn, columnsOf } from "./columns.ts";
import type { LiveBoardState } from "./live-board-options.ts";
import type { QueuedMove } from "./move-queue.ts";
import type { ReplicaCard } from "./replica-input.ts";
import { share, shareMap } from "./share.ts";
import type { StatusBoardState, Undoable } from "./types.ts";

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
  const { date } = replica;
  const columns = replica.epoch ? replay(columnsOf(replica), moves) : undefined;
  const state: StatusBoardState<Card> = {
    board: share(before?.board, columns && { date, columns }, 3),
    stats: share(before?.stats, columns && figuresOf(date, cardsIn(columns), isoOf(now)), 2),
    loading: !columns && !error,
    error,
    connection,
    // The newest move of each card.
    pending: shareMap(before?.pending, new Map(moves.map(({ appointmentId, pending }) => [appointmentId, pending]))),
    undoable,
    release,
  };
  return share(before, state, 1);
}

/** When time alone changes what is shown: an undo is no longer offered, or a card becomes late. In ms since 1970. */
export function nextChangeAt({ board, undoable }: StatusBoardState<ReplicaCard & FigureCard>, now: number): number {
  const times = [undoable?.until ?? Infinity];
  for (const card of board ? cardsIn(board.columns) : []) {
    const lateAt = Date.parse(card.promisedAt ?? "") + 1;
    if (lateAt > now && isLate(card, isoOf(lateAt))) times.push(lateAt);
  }
  return Math.min(...times);
}

const isoOf = (time: number) => new Date(time).toISOString();
