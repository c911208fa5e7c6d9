import { type Appointment, type Removed, type Status, statuses } from "@status-board/contracts";
import type { BoardRead } from "../../domain/board.ts";
import { type Item, isExpired, requireNumber, requireText } from "./attributes.ts";
import { weightOf } from "./bodies.ts";
import { cardProjection, isTombstone, readCard } from "./card-item.ts";
import type { Context } from "./context.ts";
import { boardOf, cardKey, cardsRange, partsOfPlace } from "./keys.ts";
import { createMemory } from "./memory.ts";

/** What the index says of an item: which it is, where it stands, and at which version. */
interface Standing {
  id: string;
  place: string;
  version: number;
  /** Absent for a tombstone. */
  createdAt: string | undefined;
}

/** An item of a board, with its card if it is one. */
interface Seen {
  standing: Standing;
  card?: Appointment;
}

/** A board as it was answered last: the very same object is answered while nothing changes. */
interface Snapshot {
  standings: readonly Standing[];
  read: BoardRead;
}

interface BoardId {
  shopId: string;
  date: string;
}

/** More missing cards than this come cheaper by one query of the whole board. */
const maxCardsByKey = 25;

const indexProjection = { ProjectionExpression: "place, version, createdAt, expiresAt" };

function readStanding(item: Item): Standing {
  const place = requireText(item, "place");
  const { id } = partsOfPlace(place);
  return { id, place, version: requireNumber(item, "version"), createdAt: item.createdAt?.S };
}

function isSame(one: readonly Standing[], other: readonly Standing[]): boolean {
  if (one.length !== other.length) return false;
  return one.every(({ place, version, createdAt }, index) => {
    const twin = other[index];
    return place === twin?.place && version === twin.version && createdAt === twin.createdAt;
  });
}

/**
 * A query of the index may meet a card that moves at that moment twice, or miss it. A card leaves a tombstone for days,
 * so one that was there and is nowhere now has been missed.
 */
function isTorn(standings: readonly Standing[], before: Snapshot | undefined): boolean {
  const ids = new Set(standings.map(({ id }) => id));
  const isMissed = ({ id, createdAt }: Standing) => createdAt !== undefined && !ids.has(id);
  return ids.size < standings.length || before?.standings.some(isMissed) === true;
}

function compose(base: Omit<BoardRead, "cards" | "removed">, seen: readonly Seen[]): BoardRead {
  const columns = new Map<Status, Appointment[]>(statuses.map((status) => [status, []]));
  const removed: Removed[] = [];
  for (const { standing, card } of seen) {
    if (card === undefined) removed.push({ id: standing.id, version: standing.version });
    else columns.get(card.status)?.push(card);
  }
  return { ...base, cards: [...columns.values()].flat(), removed };
}

const inOrder = (seen: readonly Seen[]): Seen[] =>
  [...seen].sort((one, other) => (one.standing.place < other.standing.place ? -1 : 1));

/**
 * Gives a function that reads boards. `epochOf` and `revOf` say how fresh a read is. What it remembers of boards takes
 * at most about `maxBytes`, beside the cards in the context's own memory.
 */
export function createBoardReader(
  { database, bodies, now }: Context,
  options: {
    epochOf: () => Promise<string>;
    revOf: (shopId: string, date: string) => Promise<number>;
    maxBytes: number;
  },
): (shopId: string, date: string) => Promise<BoardRead> {
  const snapshots = createMemory<Snapshot>(options.maxBytes);

  /** An item that was read whole; undefined for a tombstone past its time. */
  function see(shopId: string, item: Item): Seen | undefined {
    if (isExpired(item, now())) return undefined;
    const standing = readStanding(item);
    if (isTombstone(item)) return { standing };
    const known = bodies.get(shopId, standing);
    const card = known ?? readCard(item);
    if (known === undefined) bodies.set(shopId, card);
    return { standing, card };
  }

  /** Reads the whole board by its cards' ids, which never move. */
  async function readWhole({ shopId, date }: BoardId): Promise<Seen[]> {
    const { items } = await database.query({ ...cardsRange(shopId, date), projection: cardProjection });
    return inOrder(items.flatMap((item) => see(shopId, item) ?? []));
  }

  /** Adds the cards to what the index says. One that has changed since then is answered as it is now. */
  async function complete(board: BoardId, standings: readonly Standing[]): Promise<Seen[]> {
    const { shopId, date } = board;
    const seen: Seen[] = [];
    const missing: string[] = [];
    for (const standing of standings) {
      const card = standing.createdAt === undefined ? undefined : bodies.get(shopId, standing);
      if (card !== undefined) seen.push({ standing, card });
      else if (standing.createdAt === undefined) seen.push({ standing });
      else missing.push(standing.id);
    }
    if (missing.length === 0) return seen;
    if (missing.length > maxCardsByKey) return readWhole(board);
    const items = await database.getMany(
      missing.map((id) => cardKey(shopId, date, id)),
      cardProjection,
    );
    return inOrder([...seen, ...items.flatMap((item) => see(shopId, item) ?? [])]);
  }

  return async (shopId, date) => {
    const board = { shopId, date };
    const key = boardOf(shopId, date);
    // The revision comes first: the cards may be newer than it says, never older.
    const rev = await options.revOf(shopId, date);
    const [epoch, index] = await Promise.all([
      options.epochOf(),
      database.query({ pk: key, by: "place", projection: indexProjection }),
    ]);
    const at = now();
    const standings = index.items.filter((item) => !isExpired(item, at)).map(readStanding);
    const isUnchanged = (snapshot: Snapshot | undefined, current: readonly Standing[]): snapshot is Snapshot =>
      snapshot !== undefined && snapshot.read.rev === rev && isSame(snapshot.standings, current);

    const before = snapshots.get(key);
    if (isUnchanged(before, standings)) return before.read;
    const isWholeIndex = index.pages === 1 && !isTorn(standings, before);
    const seen = await (isWholeIndex ? complete(board, standings) : readWhole(board));
    const current = seen.map(({ standing }) => standing);
    const meanwhile = snapshots.get(key);
    if (isUnchanged(meanwhile, current)) return meanwhile.read;
    const read = compose({ date, epoch, rev }, seen);
    snapshots.set(key, { standings: current, read }, weigh(read));
    return read;
  };
}

const tombstoneBytes = 200;

function weigh({ cards, removed }: BoardRead): number {
  return cards.reduce((sum, card) => sum + weightOf(card), removed.length * tombstoneBytes);
}
