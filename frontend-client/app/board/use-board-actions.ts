import { useMemo } from "react";
import type { ClientError } from "../../result.ts";
import type { MoveOutcome, StatusBoard, Target } from "../../types.ts";
import { errorWords, quotableId } from "../shared/error-words.ts";
import { notify } from "../shared/notice-list.ts";
import { navigate } from "../shared/url-state.ts";
import { findCard } from "./card-elements.ts";
import { createMarks, type Mark, type Marks } from "./marks.ts";
import { conflictWords, movedWords, notUndoneWords, refusedWords, undoneWords } from "./outcome-words.ts";

/** What one can do with the cards of the board; the same object as long as the board is. */
export interface BoardActions {
  marks: Marks;
  /** Moves a card, and says what became of it. */
  move: (id: string, target: Target) => void;
  /** Undoes one's own newest move, while that is offered. */
  undo: () => void;
  /** Scrolls to a card and highlights it, whatever is filtered out now. */
  show: (id: string) => void;
  /** Says that a card moved under somebody's hands. */
  tellConflict: (current: ConflictCard, from: ConflictCard["status"]) => void;
}

type ConflictCard = Extract<MoveOutcome, { kind: "conflict" }>["current"];

/** One move at a time is spoken of: the newest. */
const moveTopic = "move";
/** What was filtered out until now is drawn again within so many frames, unless it is gone. */
const framesToDraw = 30;

/** What can be done with the cards of an open board, in the words in which it is told. */
export function useBoardActions(board: StatusBoard): BoardActions {
  return useMemo(() => actionsOf(board, createMarks()), [board]);
}

function actionsOf(board: StatusBoard, marks: Marks): BoardActions {
  const markOne = (id: string, mark: Mark) => marks.mark(new Map([[id, mark]]));

  function show(id: string): void {
    navigate({ technician: undefined, search: undefined });
    showOnceDrawn(id, framesToDraw);
  }

  function showOnceDrawn(id: string, framesLeft: number): void {
    requestAnimationFrame(() => {
      const card = findCard(id);
      if (card === null && framesLeft > 0) return showOnceDrawn(id, framesLeft - 1);
      if (card === null) return void notify({ words: "This appointment is no longer on this day's board." });
      card.scrollIntoView({ block: "center", inline: "center" });
      card.focus({ preventScroll: true });
      markOne(id, { kind: "shown" });
    });
  }

  function tellConflict(current: ConflictCard, from: ConflictCard["status"]): void {
    const { id, updatedBy } = current;
    markOne(id, { kind: "moved", by: updatedBy.name });
    notify({
      words: conflictWords(current, from, Date.now()),
      topic: moveTopic,
      actions: [{ label: "Show card", act: () => show(id) }],
      forMs: 20_000,
    });
  }

  function tellFailure(words: string, error: ClientError): void {
    const correlationId = quotableId(error);
    const retry = { label: "Try now", act: board.refresh };
    const isUnsure = error.code === "network" || error.code === "timeout";
    notify({ words, tone: "problem", topic: moveTopic, correlationId, actions: isUnsure ? [retry] : [] });
  }

  async function move(id: string, target: Target): Promise<void> {
    const outcome = await board.moveAppointment(id, target);
    if (outcome.kind === "conflict") return tellConflict(outcome.current, outcome.from);
    if (outcome.kind === "failed")
      return tellFailure(`The move may not be saved. ${errorWords(outcome.error)}`, outcome.error);
    if (outcome.kind === "refused") {
      markOne(id, { kind: "refused" });
      return tellFailure(refusedWords(outcome.error), outcome.error);
    }
    const { undoable } = board.getState();
    const isOffered = undoable?.appointmentId === id;
    const actions = isOffered ? [{ label: "Undo", act: () => void undo() }] : [];
    const close = notify({ words: movedWords(outcome), topic: moveTopic, actions });
    if (!isOffered) return;
    // Somebody else may have changed the card before the notice's time is over.
    const stop = board.subscribe(() => {
      if (board.getState().undoable?.mutationId === undoable.mutationId) return;
      stop();
      close();
    });
  }

  async function undo(): Promise<void> {
    if (board.getState().undoable === undefined)
      return void notify({ words: "There is nothing to undo any more.", topic: moveTopic });
    const outcome = await board.undo();
    if (outcome.kind === "moved") notify({ words: undoneWords(outcome), topic: moveTopic, forMs: 5_000 });
    else if (outcome.kind === "conflict") tellConflictOfUndo(outcome);
    else tellFailure(notUndoneWords(outcome), outcome.error);
  }

  function tellConflictOfUndo(outcome: Extract<MoveOutcome, { kind: "conflict" }>): void {
    const { id, updatedBy } = outcome.current;
    markOne(id, { kind: "moved", by: updatedBy.name });
    const actions = [{ label: "Show card", act: () => show(id) }];
    notify({ words: notUndoneWords(outcome), topic: moveTopic, actions });
  }

  return {
    marks,
    move: (id, target) => void move(id, target),
    undo: () => void undo(),
    show,
    tellConflict,
  };
}
