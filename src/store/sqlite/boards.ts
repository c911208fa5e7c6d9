import type { DatabaseSync } from "node:sqlite";
import { type Appointment, type Removed, statuses } from "@status-board/contracts";
import type { BoardRead } from "../../domain/board.ts";
import { parseItem } from "./appointment-rows.ts";
import { integer, text } from "./rows.ts";

interface KnownCard {
  card: Appointment;
  bytes: number;
}

interface KnownBoard {
  read: BoardRead;
  /** A write has touched the board since. */
  stale: boolean;
  /** When the first of its tombstones expires, which changes what is read. */
  validUntil: string;
  /** A card of some id and version never changes, so those of former reads serve the next one. */
  cards: Map<string, KnownCard>;
  bytes: number;
}

export interface BoardsOptions {
  database: DatabaseSync;
  epoch: string;
  now: () => Date;
  /** Bytes of JSON that remembered boards may stand for. */
  maxBytes: number;
}

export interface Boards {
  /** The board as it stands: the same object until a write touches it or a tombstone expires. */
  read: (shopId: string, date: string) => BoardRead;
  /** A write has touched the board, or may have. */
  forget: (shopId: string, date: string) => void;
}

const never = "9999";
/** What a board takes besides its cards, so that empty ones are bounded too. */
const boardBytes = 1_024;

/** Boards read lately, in memory: this process alone writes the file, so it knows when they change. */
export function rememberBoards({ database, epoch, now, maxBytes }: BoardsOptions): Boards {
  const places = database.prepare(
    "SELECT id, status, version, expiresAt FROM appointment WHERE shop = ? AND date = ? ORDER BY status, rank, id",
  );
  const item = database.prepare("SELECT item FROM appointment WHERE shop = ? AND date = ? AND id = ?");
  /** The board that was used longest ago comes first. */
  const known = new Map<string, KnownBoard>();
  let bytes = 0;

  const keyOf = (shopId: string, date: string) => `${shopId} ${date}`;

  function readCard(shopId: string, date: string, id: string): KnownCard {
    const json = text(item.get(shopId, date, id)?.item);
    const stored = parseItem(json);
    if (stored.kind !== "card") throw new Error("a tombstone stands in a column");
    return { card: stored.card, bytes: json.length };
  }

  function load(shopId: string, date: string, at: string, former: KnownBoard | undefined): KnownBoard {
    const cards = new Map<string, KnownCard>();
    const columns = new Map<string, Appointment[]>(statuses.map((status) => [status, []]));
    const removed: Removed[] = [];
    let validUntil = never;
    let size = boardBytes;
    for (const row of places.all(shopId, date)) {
      const id = text(row.id);
      const version = integer(row.version);
      if (row.expiresAt === null) {
        const before = former?.cards.get(id);
        const entry = before?.card.version === version ? before : readCard(shopId, date, id);
        cards.set(id, entry);
        columns.get(text(row.status))?.push(entry.card);
        size += entry.bytes;
      } else if (text(row.expiresAt) > at) {
        removed.push({ id, version });
        if (text(row.expiresAt) < validUntil) validUntil = text(row.expiresAt);
      }
    }
    const read = { date, epoch, rev: revisionOf(), cards: [...columns.values()].flat(), removed };
    return { read, stale: false, validUntil, cards, bytes: size };
  }

  function keep(key: string, board: KnownBoard): void {
    bytes += board.bytes - (known.get(key)?.bytes ?? 0);
    known.delete(key);
    known.set(key, board);
    for (const [oldest, { bytes: freed }] of known) {
      if (bytes <= maxBytes || oldest === key) break;
      known.delete(oldest);
      bytes -= freed;
    }
  }

  return {
    read: (shopId, date) => {
      const key = keyOf(shopId, date);
      const at = now().toISOString();
      const former = known.get(key);
      const board = former && !former.stale && at < former.validUntil ? former : load(shopId, date, at, former);
      keep(key, board);
      return board.read;
    },
    forget: (shopId, date) => {
      const board = known.get(keyOf(shopId, date));
      if (board !== undefined) board.stale = true;
    },
  };
}

/** The newest published change of a board. Nothing is published yet. */
const revisionOf = () => 0;
