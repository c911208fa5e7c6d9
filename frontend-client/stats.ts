import { type Appointment, type FigureCard, figuresOf, type Stats } from "@status-board/contracts";
import { cardsIn } from "./columns.ts";
import type { ReplicaCard } from "./replica-input.ts";
import { share } from "./share.ts";
import { createAlarm } from "./timers.ts";
import type { StatusBoard, StatusBoardState } from "./types.ts";

/** The longest wait that timers know. */
const timerMaxMs = 2 ** 31 - 1;

/** All that a screen shows, and the day in figures. */
export interface StateWithStats<Card extends ReplicaCard = Appointment> extends StatusBoardState<Card> {
  /** Of the board as it is shown (ST1). */
  stats: Stats | undefined;
}

/** A board whose state has the day in figures. */
export interface BoardWithStats<Card extends ReplicaCard = Appointment> extends StatusBoard<Card> {
  getState(): StateWithStats<Card>;
}

/**
 * The same board with its figures: those of the cards as they are shown now. They change by themselves when a card
 * becomes late.
 */
export function withStats<Card extends ReplicaCard>(board: StatusBoard<Card>): BoardWithStats<Card> {
  const listeners = new Set<() => void>();
  const alarm = createAlarm(update);
  let state: StateWithStats<Card> | undefined;
  const stop = board.subscribe(update);
  update();

  function update(): void {
    const before = state;
    const told = board.getState();
    const cards: FigureCard[] = told.board ? cardsIn(told.board.columns) : [];
    const figures = told.board && figuresOf(told.board.date, cards, new Date().toISOString());
    state = share(before, { ...told, stats: share(before?.stats, figures, 2) }, 1);
    // Late is what is a moment past its time.
    const waits = cards.map(({ promisedAt = "" }) => Date.parse(promisedAt) + 1 - Date.now()).filter((ms) => ms > 0);
    alarm.set(waits.length ? Math.min(timerMaxMs, ...waits) : undefined);
    if (state !== before) for (const listener of listeners) listener();
  }

  return {
    ...board,
    getState: () => state as StateWithStats<Card>,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      alarm.set();
      stop();
      listeners.clear();
      board.close();
    },
  };
}
