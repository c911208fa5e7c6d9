import type { HistoryItem } from "@status-board/contracts";
import type { Change } from "../domain/diff.ts";
import type { ChangeEntry } from "../domain/message.ts";

export type { ChangeEntry } from "../domain/message.ts";

/** One day of one shop. */
export interface BoardKey {
  shopId: string;
  date: string;
}

/** What the publisher hands over to be kept as one revision. `at` is when the newest write in it was made. */
export type Revision =
  | { kind: "changes"; changes: readonly Change[]; at: string }
  /** More than is worth telling: whoever meets it takes a new snapshot. */
  | { kind: "reset"; at: string };

/** The newest revision of a board, and the life of the database that counts it; 0 while nothing has changed. */
export interface Head {
  epoch: string;
  rev: number;
}

/** A line of a card's history and whose it is. */
export interface HistoryLine {
  id: string;
  item: HistoryItem;
}

/**
 * What has been published. It is made from the store's feed and can be rebuilt from it; it decides nothing about the
 * appointments themselves. Throws StoreUnavailable as the store does.
 */
export interface LiveStore {
  head(board: BoardKey): Promise<Head>;

  /**
   * Gives the board's revisions the next numbers, in their order and without a hole, and keeps them for 48 hours; each is
   * stored before this resolves, so that a revision that was seen can be read (LV2). Other publishers may append at the
   * same time. Answers the number of the first.
   */
  append(board: BoardKey, revisions: readonly Revision[]): Promise<{ epoch: string; firstRev: number }>;

  /**
   * The entries after `since`, oldest first and without a hole, as long as their ops stay within `maxBytes` of JSON (the
   * first always comes). Undefined when one of them is no longer kept.
   */
  entries(board: BoardKey, since: number, maxBytes: number): Promise<readonly ChangeEntry[] | undefined>;

  /** The head, and then the truth behind it: how many cards there are, and the sum of their versions (WS3). */
  fingerprint(board: BoardKey): Promise<Head & { cards: number; versionSum: number }>;

  /** Keeps lines of cards' histories; a version that is there already stays as it is. */
  addHistory(shopId: string, lines: readonly HistoryLine[]): Promise<void>;
  /** A card's history, oldest first; undefined when no card of that id ever was. */
  readHistory(shopId: string, id: string): Promise<readonly HistoryItem[] | undefined>;
}
