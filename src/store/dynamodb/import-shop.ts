import { setTimeout as wait } from "node:timers/promises";
import { defined } from "../../domain/outcome.ts";
import type { TransferRecord } from "../transfer/records.ts";
import { TransferProblem } from "../transfer/transfer-problem.ts";
import { type Item, keyItem, text } from "./attributes.ts";
import { cardItem, tombstoneItem } from "./card-item.ts";
import { type Database, openDatabase, type PutWrite } from "./database.ts";
import type { DynamoOptions } from "./dynamo-options.ts";
import { lineWrite } from "./history.ts";
import { importKey, kindOfKey, shopKey, shopListingKey } from "./keys.ts";
import { newPointer } from "./pointers.ts";
import { scanShop } from "./scan-shop.ts";
import { isUnheardOf, leftCode, listingItem, serviceItem, shopItem, takenCode } from "./service-item.ts";
import { createPersist } from "./tries.ts";

type Options = DynamoOptions & { boardTable: string };

/** Writes under way at once. */
const writesAtOnce = 32;

export const openTable = ({ client, boardTable, newId, onCapacity, random = Math.random, sleep = wait }: Options) =>
  openDatabase({ client, table: boardTable, persist: createPersist(sleep, random), newId, onCapacity });

/**
 * Brings a shop into the table. `records` must have been checked as a whole, and begin with the shop; `fileHash` names the
 * file. Nothing that is there is written over, and the shop itself comes last, so until then nobody finds it. When it is cut
 * off, what was written stays with a note of the file; the same file again goes on and finishes. Throws a TransferProblem
 * when the shop is there already with anything in it, or when another file's import was cut off.
 */
export async function importShop(
  options: Options,
  shopId: string,
  { records, fileHash }: { records: Iterable<TransferRecord>; fileHash: string },
): Promise<void> {
  const database = openTable(options);
  await claim(database, options, shopId, fileHash);
  let shop: Extract<TransferRecord, { kind: "shop" }> | undefined;
  let waiting: PutWrite[] = [];
  const flush = async () => {
    await Promise.all(waiting.map((write) => database.put(write)));
    waiting = [];
  };
  for (const record of records) {
    if (record.kind === "shop") shop = record;
    else waiting.push(...writesOf(shopId, record));
    if (waiting.length >= writesAtOnce) await flush();
  }
  await flush();
  if (shop === undefined) throw new TransferProblem("the file has no line of the shop itself");
  const { item, carriedThrough } = shop;
  const { timeZone } = item.shop;
  await database.transact([
    { Put: { Item: shopItem(item) } },
    { Put: { Item: listingItem({ id: shopId, timeZone, carriedThrough }) } },
    { Delete: { Key: keyItem(importKey(shopId)) } },
  ]);
}

/** Notes in the table that this file comes into the shop. */
async function claim(database: Database, options: Options, shopId: string, fileHash: string): Promise<void> {
  const note: Item = { ...keyItem(importKey(shopId)), fileHash: text(fileHash) };
  const known = await database.get(importKey(shopId));
  if (known?.fileHash?.S === fileHash) return;
  if (known !== undefined)
    throw new TransferProblem(
      `an import of another file into the shop ${shopId} was cut off: run that one again first`,
    );
  for await (const item of scanShop(options.client, options.boardTable, shopId))
    if (kindOfKey({ pk: item.pk?.S ?? "", sk: item.sk?.S ?? "" }).kind !== "shop")
      throw new TransferProblem(`the shop ${shopId} is there already and not empty: import into another database`);
  const result = await database.put({ Item: note, ConditionExpression: "attribute_not_exists(pk)" });
  if (result.kind !== "written") throw new TransferProblem(`another import into the shop ${shopId} is under way`);
  // Whoever had the shop before sees what was made of it only now: an empty one has nothing to lose.
  await database.transact([
    { Delete: { Key: keyItem(shopKey(shopId)) } },
    { Delete: { Key: keyItem(shopListingKey(shopId)) } },
  ]);
}

/** A record as items. Each is written unless something stands in its place. */
function writesOf(shopId: string, record: Exclude<TransferRecord, { kind: "shop" }>): PutWrite[] {
  const unlessThere = (item: Item): PutWrite => ({ Item: item, ConditionExpression: "attribute_not_exists(pk)" });
  if (record.kind === "history") return [lineWrite(shopId, record)];
  if (record.kind === "pointer") {
    const { Item: item, ...condition } = newPointer(shopId, record.id, record.date, record.hash);
    return [{ Item: { ...item, ...(record.removed && { removed: { BOOL: true } }) }, ...condition }];
  }
  if (record.kind === "appointment")
    return [
      unlessThere(
        record.item.kind === "card" ? cardItem(shopId, record.item) : tombstoneItem(shopId, defined(record.item)),
      ),
    ];
  const { service, removedUntil, memory } = record.item;
  const item = serviceItem(shopId, { service, memory, ...(removedUntil !== undefined && { removedUntil }) });
  const { Item: code } =
    removedUntil === undefined
      ? takenCode(shopId, service.code, service.id, isUnheardOf)
      : leftCode(shopId, service.code, service.id, removedUntil);
  return [unlessThere(item), unlessThere(code ?? {})];
}
