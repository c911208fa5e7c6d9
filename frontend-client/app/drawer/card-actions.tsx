import { type Appointment, isCorrection, type Status, targetsOf } from "@status-board/contracts";
import { useState } from "react";
import type { MoveOutcome } from "../../types.ts";
import { conflictWords, movedWords, notUndoneWords, refusedWords } from "../board/outcome-words.ts";
import { SheetFooter, sheetStyles } from "../forms/sheet.tsx";
import { useBoard } from "../shared/board.ts";
import { Button } from "../shared/button.tsx";
import { CorrelationId } from "../shared/correlation-id.tsx";
import { quotableId } from "../shared/error-words.ts";
import { shortDayName } from "../shared/format.ts";
import { Icon } from "../shared/icon.tsx";
import { may } from "../shared/may.ts";
import { useSession } from "../shared/session.ts";
import { columnTitles } from "../shared/status-words.ts";
import { navigate } from "../shared/url-state.ts";
import styles from "./card-actions.module.css";

interface CardActionsProps {
  card: Appointment;
  /** What was done last, told above the buttons. */
  said: string | undefined;
  onEdit: () => void;
  onCancel: () => void;
}

/** What can be done with a card: the steps it may take, and for those who may, editing and cancelling. */
export function CardActions({ card, said, onEdit, onCancel }: CardActionsProps) {
  const { me } = useSession();
  const { date, board, state } = useBoard();
  const [outcome, setOutcome] = useState<Told>();
  const isHere = card.date === date;
  const steps = targetsOf(card.status, me.role);
  const mayUndo = state.undoable?.appointmentId === card.id;

  async function move(newStatus: Status): Promise<void> {
    setOutcome(undefined);
    setOutcome(told(await board.moveAppointment(card.id, { newStatus })));
  }

  async function undo(): Promise<void> {
    const undone = await board.undo();
    setOutcome(undone.kind === "moved" ? { words: "Undone." } : { words: notUndoneWords(undone) });
  }

  return (
    <SheetFooter>
      <p role="status" className={styles.said}>
        {outcome?.words ?? said}
        {outcome?.id && <CorrelationId id={outcome.id} />}
        {mayUndo && (
          <Button kind="quiet" onClick={() => void undo()}>
            <Icon name="undo" /> Undo
          </Button>
        )}
      </p>
      {isHere ? (
        <Steps from={card.status} steps={steps} onMove={(status) => void move(status)} />
      ) : (
        <Button onClick={() => navigate({ date: card.date })}>
          <Icon name="calendar" /> Show the board of {shortDayName(card.date, me.shop)}
        </Button>
      )}
      {may.writeCards(me.role) && (
        <div className={sheetStyles.actions}>
          <Button onClick={onEdit}>
            <Icon name="edit" /> Edit
          </Button>
          <Button kind="danger" onClick={onCancel}>
            <Icon name="trash" /> Cancel appointment
          </Button>
        </div>
      )}
    </SheetFooter>
  );
}

interface Told {
  words: string;
  id?: string | undefined;
}

function told(outcome: MoveOutcome): Told {
  if (outcome.kind === "moved") return { words: movedWords(outcome) };
  if (outcome.kind === "conflict") return { words: conflictWords(outcome.current, outcome.from, Date.now()) };
  return { words: refusedWords(outcome.error), id: quotableId(outcome.error) };
}

function Steps({ from, steps, onMove }: { from: Status; steps: readonly Status[]; onMove: (to: Status) => void }) {
  if (steps.length === 0) return null;
  const back = steps.filter((to) => isCorrection(from, to));
  const forward = steps.filter((to) => !back.includes(to));
  return (
    <fieldset className={styles.steps}>
      <legend className={styles.legend}>Move to</legend>
      <div className={sheetStyles.actions}>
        {[...forward, ...back].map((to) => (
          <Button
            key={to}
            kind={to === forward[0] ? "primary" : "plain"}
            aria-label={back.includes(to) ? undefined : `Move to ${columnTitles[to]}`}
            onClick={() => onMove(to)}
          >
            {back.includes(to) ? `Back to ${columnTitles[to]}` : columnTitles[to]}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
