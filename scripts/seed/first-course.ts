import type { Appointment, ErrorCode } from "@status-board/contracts";
import { type Api, dataOf } from "./api.ts";
import {
  type BoardIndex,
  type CardWork,
  type Course,
  findOrCreate,
  isMissing,
  moveCard,
  stepsBetween,
} from "./card-work.ts";

/**
 * A run without reset: makes what is missing and finishes what an earlier run began. A new card is at version 1 and
 * each step adds one, so a card at the version of its last step, or beyond, has arrived or belongs to somebody else.
 * On a card below it all steps are sent from the first one on: those made before are repeats without effect, and a
 * card that somebody else has touched since refuses the next.
 */
export function firstCourse(api: Api, board: BoardIndex): Course {
  const follow = async (work: CardWork, from: number, to: number) => {
    for (let step = from; step <= to && work.card; step++) await takeStep(api, work, work.card, step);
  };
  return {
    async prepare(work) {
      const steps = stepsOf(work);
      if (steps.length === 0 && isMissing(board, work.planned, false)) return;
      await findOrCreate(api, board, work, false);
      if (work.card && work.card.version > steps.length) delete work.card;
      await follow(work, 1, steps.length - 1);
    },
    async settle(work) {
      const steps = stepsOf(work);
      if (steps.length === 0 && isMissing(board, work.planned, false)) await findOrCreate(api, board, work, false);
      await follow(work, steps.length, steps.length);
    },
  };
}

const stepsOf = (work: CardWork) => stepsBetween("scheduled", work.planned.status);

async function takeStep(api: Api, work: CardWork, card: Appointment, step: number): Promise<void> {
  const newStatus = stepsOf(work)[step - 1];
  if (newStatus === undefined) return;
  const answer = await moveCard(api, card.id, { newStatus, expectedVersion: step });
  if (answer.ok) {
    work.moved ||= answer.data.version > card.version;
    work.card = answer.data;
  } else if (meansTouched.includes(answer.error.code)) delete work.card;
  else dataOf(answer);
}

/** What a step answers when somebody else has changed or removed the card. */
const meansTouched: readonly ErrorCode[] = ["version_conflict", "conflict", "not_found"];
