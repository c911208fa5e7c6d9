import { type Appointment, type Removed, type Status, statuses } from "@status-board/contracts";
import type { StoredAppointment } from "../../domain/appointment.ts";
import type { BoardRead } from "../../domain/board.ts";
import type { BoardKey } from "../live-store.ts";
import type { AppointmentRows } from "./appointment-rows.ts";
import { type AppointmentRow, idOf } from "./late-cards.ts";

/** A board as the database has it, the running transaction's writes included. */
export interface Board {
  /** Cards and tombstones by id. */
  items: Map<string, AppointmentRow>;
  /** The cards of each column by rank, then id. */
  columns: Record<Status, Appointment[]>;
  /** Bytes of JSON. */
  bytes: number;
  /** The newest published revision. */
  rev: number;
  /** Kept while it holds: until a write, a revision, or the expiry of a tombstone that it names. */
  read?: { board: BoardRead; until: string };
}

/** The boards used lately, in memory. This process alone writes the file, so they are never stale. */
export interface Boards {
  get: (shopId: string, date: string) => Board;
  /** Writes an item to the database and to memory; it replaces the board's one of that id. */
  put: (shopId: string, item: StoredAppointment) => void;
  /** A board has a new head; its reads carry that from now on. */
  published: (shopId: string, date: string, rev: number) => void;
  /** Drops everything: a transaction was rolled back, of which memory may hold something. */
  forget: () => void;
}

/** What a board takes besides its items, so that empty ones are bounded too. */
const boardBytes = 1_024;

/**
 * Reads boards from the rows as they are asked for; those used longest ago go when they take more than `maxBytes`.
 * `revOf` reads a board's head.
 */
export function rememberBoards(rows: AppointmentRows, revOf: (board: BoardKey) => number, maxBytes: number): Boards {
  /** The board used longest ago comes first. */
  const boards = new Map<string, Board>();
  /** The one that was used last, which is asked for several times in a write. */
  let newest: { key: string; board: Board } | undefined;
  let bytes = 0;

  /** Makes room for what the board in use has grown by. */
  function grow(grownBytes: number): void {
    bytes += grownBytes;
    for (const [key, board] of boards) {
      if (bytes <= maxBytes || boards.size === 1) return;
      boards.delete(key);
      bytes -= board.bytes;
    }
  }

  function get(shopId: string, date: string): Board {
    const key = keyOf(shopId, date);
    if (newest?.key === key) return newest.board;
    const known = boards.get(key);
    const rev = known?.rev ?? revOf({ shopId, date });
    const board = known ?? boardOf(rows.load(shopId, date), rev);
    boards.delete(key);
    boards.set(key, board);
    newest = { key, board };
    if (known === undefined) grow(board.bytes);
    return board;
  }

  return {
    get,
    put: (shopId, item) => {
      const { id, date } = item.kind === "card" ? item.card : item;
      const board = get(shopId, date);
      const before = board.bytes;
      replace(board, id, rows.put(shopId, item, board.items.get(id)));
      grow(board.bytes - before);
    },
    published: (shopId, date, rev) => {
      const board = boards.get(keyOf(shopId, date));
      if (board === undefined) return;
      board.rev = rev;
      if (board.read !== undefined) board.read = { ...board.read, board: { ...board.read.board, rev } };
    },
    forget: () => {
      boards.clear();
      newest = undefined;
      bytes = 0;
    },
  };
}

const keyOf = (shopId: string, date: string) => `${shopId} ${date}`;

function boardOf(rows: readonly AppointmentRow[], rev: number): Board {
  const columns: Board["columns"] = { scheduled: [], in_progress: [], ready: [], completed: [], no_show: [] };
  const items = new Map<string, AppointmentRow>();
  let bytes = boardBytes;
  for (const row of rows) {
    const { item } = row;
    items.set(idOf(item), row);
    if (item.kind === "card") columns[item.card.status].push(item.card);
    bytes += row.json.length;
  }
  for (const status of statuses) columns[status].sort((a, b) => (comesBefore(a, b) ? -1 : 1));
  return { items, columns, bytes, rev };
}

const comesBefore = (a: Appointment, b: Appointment) => a.rank < b.rank || (a.rank === b.rank && a.id < b.id);

function replace(board: Board, id: string, row: AppointmentRow): void {
  const former = board.items.get(id);
  if (former?.item.kind === "card") {
    const column = board.columns[former.item.card.status];
    column.splice(column.indexOf(former.item.card), 1);
  }
  if (row.item.kind === "card") {
    const { card } = row.item;
    const column = board.columns[card.status];
    const next = column.findIndex((other) => comesBefore(card, other));
    column.splice(next === -1 ? column.length : next, 0, card);
  }
  board.items.set(id, row);
  board.bytes += row.json.length - (former?.json.length ?? 0);
  delete board.read;
}

/** How many cards live on a board. */
export const countCards = ({ columns }: Board): number =>
  statuses.reduce((count, status) => count + columns[status].length, 0);

/** The newest revision, and what the cards behind it add up to (WS3). */
export function fingerprintOf({ rev, columns }: Board): { rev: number; cards: number; versionSum: number } {
  let cards = 0;
  let versionSum = 0;
  for (const status of statuses)
    for (const { version } of columns[status]) {
      cards++;
      versionSum += version;
    }
  return { rev, cards, versionSum };
}

/** Later than any tombstone's expiry. */
const never = "9999";

/** What the board shows at a moment: the same object until that changes. */
export function readOf(board: Board, date: string, epoch: string, now: string): BoardRead {
  if (board.read === undefined || board.read.until <= now) {
    const { removed, until } = tombstonesOf(board, now);
    const cards = statuses.flatMap((status) => board.columns[status]);
    board.read = { board: { date, epoch, rev: board.rev, cards, removed }, until };
  }
  return board.read.board;
}

/** The tombstones that last, by id, and the moment at which the first of them expires. */
function tombstonesOf(board: Board, now: string): { removed: Removed[]; until: string } {
  const removed: Removed[] = [];
  let until = never;
  for (const { item } of board.items.values()) {
    if (item.kind === "card" || item.expiresAt <= now) continue;
    removed.push({ id: item.id, version: item.version });
    if (item.expiresAt < until) until = item.expiresAt;
  }
  removed.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { removed, until };
}
