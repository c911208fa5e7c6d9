import type { Appointment } from "@status-board/contracts";

const known = new WeakMap<object, string>();

/** A card as JSON. It is kept beside the card, which never changes: what is stored is also answered and published. */
export function cardJson(card: Appointment): string {
  const written = known.get(card);
  if (written !== undefined) return written;
  const json = JSON.stringify(card);
  known.set(card, json);
  return json;
}

/** JSON of anything; of a card that was written out before, without doing so again. */
export const jsonOf = (value: object): string => known.get(value) ?? JSON.stringify(value);
