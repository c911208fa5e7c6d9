import type { HistoryItem, Status } from "@status-board/contracts";
import { dayOf } from "../shared/days.ts";
import { type ShopFormats, shortDayName, timeOf } from "../shared/format.ts";
import { columnTitles } from "../shared/status-words.ts";

/** Where and for whom a history is read. */
export interface HistoryReader {
  shop: ShopFormats;
  /** The shop's day, YYYY-MM-DD. */
  today: string;
  /** The reader's own id: his own deeds are told as his. */
  userId: string;
}

export interface HistorySentence {
  /** "14:02", or "Tue 4 Nov, 14:02" on another day than today. */
  when: string;
  words: string;
}

/** A column by its title, a day by its name; what is neither stands as it is. */
function placeName(place: string | undefined, { shop }: HistoryReader): string {
  if (place === undefined) return "elsewhere";
  if (place in columnTitles) return columnTitles[place as Status];
  return /^\d{4}-\d{2}-\d{2}$/.test(place) ? shortDayName(place, shop) : place;
}

type Teller = (who: string, item: HistoryItem, place: (name: string | undefined) => string) => string;

const tellers: Readonly<Record<HistoryItem["change"], Teller>> = {
  created: (who) => `${who} made this appointment`,
  edited: (who) => `${who} edited it`,
  moved: (who, { to }, place) => `${who} moved it to ${place(to)}`,
  corrected: (who, { to }, place) => `${who} put it back to ${place(to)}`,
  reordered: (who) => `${who} changed its place in the column`,
  undone: (who, { from, to }, place) =>
    from === to ? `${who} undid a move within the column` : `${who} undid a move: it is back in ${place(to)}`,
  rescheduled: (who, { from, to }, place) => `${who} rescheduled it from ${place(from)} to ${place(to)}`,
  carried: (_who, { from, to }, place) => `It stayed overnight, from ${place(from)} to ${place(to)}`,
  respaced: () => "Its column was tidied up, and it kept its place",
  removed: (who) => `${who} cancelled this appointment`,
};

/** One line of a card's history as somebody would tell it: "14:02", "Ana moved it to Ready". */
export function sentenceOf(item: HistoryItem, reader: HistoryReader): HistorySentence {
  const { shop, today, userId } = reader;
  const day = dayOf(item.at, shop.timeZone);
  const time = timeOf(item.at, shop);
  const who = item.by.id === userId ? "You" : item.by.name;
  // A newer server may know changes that this page does not.
  const tell: Teller | undefined = tellers[item.change];
  const words = tell?.(who, item, (place) => placeName(place, reader)) ?? `${who} changed it`;
  return { when: day === today ? time : `${shortDayName(day, shop)}, ${time}`, words };
}
