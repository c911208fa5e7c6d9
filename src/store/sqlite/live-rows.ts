import type { DatabaseSync } from "node:sqlite";
import type { HistoryItem, Op } from "@status-board/contracts";
import { opOf } from "../../domain/diff.ts";
import type { BoardKey, HistoryLine } from "../live-store.ts";
import { parseTold } from "./late-cards.ts";
import { integer, text } from "./rows.ts";

/** A change entry as it is stored: where in the outbox the changes stand, or nothing for a reset. */
export interface EntryRow {
  at: string;
  expiresAt: string;
  seqs?: readonly number[];
}

/** The statements on what was published. */
export interface LiveRows {
  /** The newest revision; 0 for a board without any. */
  rev: (board: BoardKey) => number;
  setRev: (board: BoardKey, rev: number) => void;
  addEntry: (board: BoardKey, rev: number, entry: EntryRow) => void;
  findEntry: (board: BoardKey, rev: number) => EntryRow | undefined;
  /** What a row of the outbox means to a screen; undefined when the row is gone or damaged. */
  op: (seq: number) => Op | undefined;
  /** A version that is there already stays as it is. */
  addHistory: (shopId: string, line: HistoryLine) => void;
  /** Oldest first. */
  history: (shopId: string, id: string) => HistoryItem[];
}

function parseSeqs(json: string): number[] {
  return JSON.parse(json);
}

function parseHistoryItem(json: string): HistoryItem {
  return JSON.parse(json);
}

/** Prepares the statements. */
export function liveRows(database: DatabaseSync): LiveRows {
  const rev = database.prepare("SELECT rev FROM head WHERE shop = ? AND date = ?");
  const setRev = database.prepare("REPLACE INTO head (shop, date, rev) VALUES (?, ?, ?)");
  const addEntry = database.prepare(
    "INSERT INTO change (shop, date, rev, at, expiresAt, seqs, firstSeq) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const findEntry = database.prepare("SELECT at, expiresAt, seqs FROM change WHERE shop = ? AND date = ? AND rev = ?");
  const findTold = database.prepare("SELECT shop, date, id, after FROM outbox WHERE seq = ?");
  const addHistory = database.prepare(
    "INSERT INTO history (shop, id, version, item) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const history = database.prepare("SELECT item FROM history WHERE shop = ? AND id = ? ORDER BY version");

  return {
    rev: ({ shopId, date }) => integer(rev.get(shopId, date)?.rev ?? 0),
    setRev: ({ shopId, date }, number) => void setRev.run(shopId, date, number),
    addEntry: ({ shopId, date }, number, { at, expiresAt, seqs }) => {
      const first = seqs?.length ? Math.min(...seqs) : null;
      addEntry.run(shopId, date, number, at, expiresAt, seqs ? JSON.stringify(seqs) : null, first);
    },
    findEntry: ({ shopId, date }, number) => {
      const row = findEntry.get(shopId, date, number);
      if (row === undefined) return undefined;
      const entry: EntryRow = { at: text(row.at), expiresAt: text(row.expiresAt) };
      return row.seqs === null ? entry : { ...entry, seqs: parseSeqs(text(row.seqs)) };
    },
    op: (seq) => {
      const row = findTold.get(seq);
      if (row === undefined) return undefined;
      const id = text(row.id);
      try {
        return opOf({
          shopId: text(row.shop),
          date: text(row.date),
          id,
          after: parseTold(text(row.after), id),
          position: String(seq),
        });
      } catch {
        return undefined;
      }
    },
    addHistory: (shopId, { id, item }) => void addHistory.run(shopId, id, item.version, JSON.stringify(item)),
    history: (shopId, id) => history.all(shopId, id).map((row) => parseHistoryItem(text(row.item))),
  };
}
