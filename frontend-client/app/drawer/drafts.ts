import type { Appointment } from "@status-board/contracts";
import type { CardForm } from "./card-form.ts";

/** An edit that was neither saved nor given up, and the version of the card on which it stands. */
export interface EditDraft {
  opened: Appointment;
  form: CardForm;
}

/** A new appointment that was neither saved nor given up, under the id of its tries so far. */
export interface NewDraft {
  id: string;
  form: CardForm;
}

/**
 * What was typed outlives its form where nobody was asked, as when the browser's back button closed it; the form goes on
 * from it when it is opened again. Reloading the page forgets it.
 */
export const drafts: { edits: Map<string, EditDraft>; new: NewDraft | undefined } = {
  edits: new Map(),
  new: undefined,
};

/** Said in a form that goes on from a draft. */
export const draftWords = "Here is what you typed before. It is not saved yet.";
