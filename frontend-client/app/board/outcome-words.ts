import type { Appointment } from "@status-board/contracts";
import type { ClientError } from "../../result.ts";
import type { MoveOutcome } from "../../types.ts";
import { errorWords } from "../shared/error-words.ts";
import { ago } from "../shared/format.ts";
import { columnTitles } from "../shared/status-words.ts";

/** "Moved to Ready." */
export function movedWords({ appointment, from }: Extract<MoveOutcome, { kind: "moved" }>): string {
  const title = columnTitles[appointment.status];
  return appointment.status === from ? `Moved within ${title}.` : `Moved to ${title}.`;
}

/** Who was first, where to and when: "Ana moved this to Ready 3 s ago. Your move was not saved." */
export function conflictWords(current: Appointment, from: Appointment["status"], now: number): string {
  const { status, updatedBy, updatedAt } = current;
  const did = status === from ? `changed this in ${columnTitles[status]}` : `moved this to ${columnTitles[status]}`;
  return `${updatedBy.name} ${did} ${ago(updatedAt, now)}. Your move was not saved.`;
}

/** Why a move was refused. */
export function refusedWords(error: ClientError): string {
  if (error.code === "invalid_transition")
    return `A car can't go from ${columnTitles[error.from]} to ${columnTitles[error.to]}. Your move was not saved.`;
  if (error.code === "not_found") return "This appointment is no longer here. Your move was not saved.";
  if (error.code === "forbidden") return "You may not move it there. Your move was not saved.";
  return `Your move was not saved. ${errorWords(error)}`;
}

/** "Undone. Back in Scheduled." */
export const undoneWords = ({ appointment }: Extract<MoveOutcome, { kind: "moved" }>): string =>
  `Undone. Back in ${columnTitles[appointment.status]}.`;

/** What became of an undo that did not work. */
export function notUndoneWords(outcome: Exclude<MoveOutcome, { kind: "moved" }>): string {
  if (outcome.kind === "conflict") return `${outcome.current.updatedBy.name} changed it since. Nothing was undone.`;
  if (outcome.kind === "failed") return `It may not have been undone. ${errorWords(outcome.error)}`;
  const { code } = outcome.error;
  if (code === "invalid_transition" || code === "aborted") return "It is too late to undo this.";
  return `It was not undone. ${errorWords(outcome.error)}`;
}
