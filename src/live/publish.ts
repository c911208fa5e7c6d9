import { type Change, historyOf } from "../domain/diff.ts";
import { diffOf } from "../domain/message.ts";
import type { Random } from "../domain/rank.ts";
import type { BoardKey, HistoryLine, LiveStore, Revision } from "../store/live-store.ts";
import { StoreUnavailable } from "../store/store.ts";
import { type FanOut, fanOut } from "./fan-out.ts";
import type { Connections, FeedItem, Gateway, SetAside } from "./ports.ts";
import { entryOf, oldestWrite, sequence } from "./sequence.ts";

/** What the publisher works with. */
export interface PublishPorts {
  live: LiveStore;
  connections: Connections;
  gateway: Gateway;
  setAside: SetAside;
  clock: () => Date;
  random: Random;
  /** Hears of each board that was published, for logs and metrics. */
  published?: (report: Published) => void;
}

/** What became of one board's part of a batch. */
export interface Published {
  board: BoardKey;
  revisions: number;
  /** When the newest write in it was made, ISO 8601. */
  newestWriteAt: string;
  /**
   * From its oldest write to the last post that was taken at the first try, in milliseconds. Absent when nobody took one
   * so: who is slow or gone is counted in `fanOut`, and does not make the others' wait look longer.
   */
  latencyMs?: number;
  fanOut: FanOut;
}

interface BoardBatch {
  board: BoardKey;
  items: FeedItem[];
}

/** The items by board, those of an unknown board under none. */
function byBoard(items: readonly FeedItem[]): { batches: BoardBatch[]; homeless: FeedItem[] } {
  const batches = new Map<string, BoardBatch>();
  const homeless: FeedItem[] = [];
  for (const item of items) {
    const place = item.kind === "change" ? item.change : item.board;
    if (place === undefined) {
      homeless.push(item);
      continue;
    }
    const { shopId, date } = place;
    const key = `${shopId} ${date}`;
    const batch = batches.get(key) ?? { board: { shopId, date }, items: [] };
    batch.items.push(item);
    batches.set(key, batch);
  }
  return { batches: [...batches.values()], homeless };
}

/**
 * Publishes what a feed brought: each board's changes become its next revisions, are stored, and then go to whoever
 * watches it. Boards do not wait for each other. Answers the items that must come again, because the database did not
 * take them; what can never be published is set aside, and its board gets a reset (LV7).
 */
export async function publish(items: readonly FeedItem[], ports: PublishPorts): Promise<readonly FeedItem[]> {
  const { batches, homeless } = byBoard(items);
  for (const item of homeless) await ports.setAside(item, item.kind === "unreadable" ? item.reason : "");
  const outcomes = await Promise.all(batches.map((batch) => publishBatch(batch, ports)));
  return outcomes.flat();
}

/** Publishes a board's items; where that cannot be, one by one, so that only what is to blame is set aside. */
async function publishBatch(batch: BoardBatch, ports: PublishPorts): Promise<readonly FeedItem[]> {
  const { board, items } = batch;
  try {
    await publishBoard(batch, ports);
    return [];
  } catch (error) {
    if (error instanceof StoreUnavailable) return items;
    const [first, ...others] = items;
    if (first === undefined) return [];
    if (others.length === 0) return giveUp(board, first, error, ports);
    const outcomes: FeedItem[] = [];
    for (const item of items) outcomes.push(...(await publishBatch({ board, items: [item] }, ports)));
    return outcomes;
  }
}

/** Sets aside what can never be published, and makes its board's screens look for themselves (LV7). */
async function giveUp(
  board: BoardKey,
  item: FeedItem,
  error: unknown,
  ports: PublishPorts,
): Promise<readonly FeedItem[]> {
  await ports.setAside(item, error instanceof Error ? error.name : "unknown");
  try {
    await announce(board, [{ kind: "reset", at: ports.clock().toISOString() }], ports);
    return [];
  } catch (cause) {
    return cause instanceof StoreUnavailable ? [item] : [];
  }
}

/** History first: it is repeatable, so a crash after it costs nothing, and no published change is without its line. */
async function publishBoard({ board, items }: BoardBatch, ports: PublishPorts): Promise<void> {
  const { revisions, lines } = await prepare(items, ports);
  if (lines.length > 0) await ports.live.addHistory(board.shopId, lines);
  if (revisions.length > 0) await announce(board, revisions, ports);
}

/** Stores the revisions, and only then tells those who watch the board by then (LV2, LV6). */
async function announce(board: BoardKey, revisions: readonly Revision[], ports: PublishPorts): Promise<void> {
  const { epoch, firstRev } = await ports.live.append(board, revisions);
  const rendered = revisions.map((revision, index) => diffOf(entryOf(revision, firstRev + index), board.date, epoch));
  const watchers = await ports.connections.watchers(board);
  const postingAt = ports.clock().getTime();
  const report = await fanOut(watchers, rendered, ports);
  if (ports.published === undefined) return;
  const { promptMs } = report;
  const waitedMs = () => Math.max(0, postingAt - Date.parse(oldestWrite(revisions)));
  ports.published({
    board,
    revisions: revisions.length,
    newestWriteAt: revisions.at(-1)?.at ?? "",
    ...(promptMs !== undefined && { latencyMs: waitedMs() + promptMs }),
    fanOut: report,
  });
}

/** Sets aside what cannot be read; a board that lost something so gets a reset after the rest. */
async function prepare(
  items: readonly FeedItem[],
  ports: PublishPorts,
): Promise<{ revisions: Revision[]; lines: HistoryLine[] }> {
  const changes: Change[] = [];
  const lines: HistoryLine[] = [];
  for (const item of items) {
    if (item.kind === "unreadable") {
      await ports.setAside(item, item.reason);
      continue;
    }
    changes.push(item.change);
    const line = historyOf(item.change);
    if (line !== undefined) lines.push({ id: item.change.id, item: line });
  }
  const revisions = sequence(changes);
  if (changes.length < items.length) revisions.push({ kind: "reset", at: ports.clock().toISOString() });
  return { revisions, lines };
}
