import { setTimeout as wait } from "node:timers/promises";
import { limits } from "@status-board/contracts";
import type { BoardKey, ChangeEntry, LiveStore, Revision } from "../live-store.ts";
import { isExpired, number } from "./attributes.ts";
import { changeItem, headItem, opsBytesOf, readChange, readHead, readRev } from "./change-item.ts";
import { openDatabase, type PutWrite } from "./database.ts";
import type { DynamoOptions } from "./dynamo-options.ts";
import { epochOf } from "./epoch.ts";
import { createHistory } from "./history.ts";
import { changesRange, headKey } from "./keys.ts";
import { createMemory } from "./memory.ts";
import { readSums } from "./sums.ts";
import type { TableNames } from "./tables.ts";
import { again, createPersist, raceTries } from "./tries.ts";

export interface DynamoLiveStoreOptions extends DynamoOptions, TableNames {}

/** Heads of that many boards are remembered. A wrong one costs a try, and is put right by it. */
const headsRemembered = 10_000;

/** About what the smallest op takes as JSON: so many entries at most fit into the bytes that are asked for. */
const opMinBytes = 80;

/** What is published, in tables that `createTables` made. Whoever gave the client closes it. */
export function createDynamoLiveStore(options: DynamoLiveStoreOptions): LiveStore {
  const { client, boardTable, liveTable, now, newId, onCapacity, random = Math.random, sleep = wait } = options;
  const persist = createPersist(sleep, random);
  const board = openDatabase({ client, table: boardTable, persist, newId, onCapacity });
  const live = openDatabase({ client, table: liveTable, persist, newId, onCapacity });
  const epoch = epochOf(board);
  const heads = createMemory<number>(headsRemembered);

  const readRevOf = async ({ shopId, date }: BoardKey) => readHead(await live.get(headKey(shopId, date)));

  /** All of them in one transaction with the head, lest another publisher's come between them. */
  async function append(key: BoardKey, revisions: readonly Revision[]): Promise<number> {
    const { pk } = headKey(key.shopId, key.date);
    const keptUntil = new Date(now().getTime() + limits.changeKeptMs).toISOString();
    return persist(async () => {
      const rev = heads.get(pk) ?? (await readRevOf(key));
      const newest = rev + revisions.length;
      const result = await live.transact([
        { Put: nextHead(key, rev, newest) },
        ...revisions.map((one, index) => ({ Put: { Item: changeItem(key, rev + 1 + index, one, keptUntil) } })),
      ]);
      const met = result.kind === "written" ? newest : readHead(result.verdicts[0]?.item);
      heads.set(pk, met, 1);
      return result.kind === "written" ? rev + 1 : again;
    }, raceTries);
  }

  async function entries(key: BoardKey, since: number, maxBytes: number): Promise<ChangeEntry[] | undefined> {
    const range = changesRange(key.shopId, key.date, since + 1);
    const { items } = await live.query({ ...range, maxItems: Math.max(1, Math.ceil(maxBytes / opMinBytes)) });
    const found: ChangeEntry[] = [];
    let bytes = 0;
    for (const item of items) {
      const isNext = readRev(item) === since + 1 + found.length;
      if (!isNext || isExpired(item, now())) return undefined;
      bytes += opsBytesOf(item);
      if (bytes > maxBytes && found.length > 0) break;
      found.push(readChange(item));
    }
    if (found.length > 0) return found;
    // Either there is nothing newer, or it is all gone.
    return (await readRevOf(key)) > since ? undefined : found;
  }

  return {
    head: async (key) => {
      const [known, rev] = await Promise.all([epoch.read(), readRevOf(key)]);
      return { epoch: known, rev };
    },
    append: async (key, revisions) => ({ epoch: await epoch.read(), firstRev: await append(key, revisions) }),
    entries,
    fingerprint: async (key) => {
      const known = await epoch.read();
      // The revision comes first: the cards may be newer than it says, never older.
      const rev = await readRevOf(key);
      return { epoch: known, rev, ...(await readSums(board, key, now())) };
    },
    ...createHistory(board),
  };
}

/** Counts on from a revision, if that is still the newest. */
function nextHead(key: BoardKey, rev: number, newest: number): PutWrite {
  const Item = headItem(key, newest);
  if (rev === 0) return { Item, ConditionExpression: "attribute_not_exists(pk)" };
  return { Item, ConditionExpression: "rev = :rev", ExpressionAttributeValues: { ":rev": number(rev) } };
}
