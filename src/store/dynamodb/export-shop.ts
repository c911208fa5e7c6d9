import { historyItemSchema } from "@status-board/contracts";
import { appointmentRecord, type TransferRecord } from "../transfer/records.ts";
import { TransferProblem } from "../transfer/transfer-problem.ts";
import { type Item, isExpired, requireJson, requireText } from "./attributes.ts";
import { readStored } from "./card-item.ts";
import type { Database } from "./database.ts";
import type { DynamoOptions } from "./dynamo-options.ts";
import { openTable } from "./import-shop.ts";
import { kindOfKey, shopKey, shopListingKey } from "./keys.ts";
import { readPointer } from "./pointers.ts";
import { scanShop } from "./scan-shop.ts";
import { readListing, readStoredService, readStoredShop } from "./service-item.ts";

/**
 * Everything that a shop is made of. It is of one moment only while nobody writes to the shop. Throws a TransferProblem
 * when there is no such shop.
 */
export async function* exportShop(
  options: DynamoOptions & { boardTable: string },
  shopId: string,
): AsyncGenerator<TransferRecord> {
  const { client, boardTable, now } = options;
  yield await shopRecord(openTable(options), shopId);
  for await (const item of scanShop(client, boardTable, shopId)) {
    const record = isExpired(item, now()) ? undefined : recordOf(item, now());
    if (record !== undefined) yield record;
  }
}

async function shopRecord(database: Database, shopId: string): Promise<TransferRecord> {
  const [item, listing] = [await database.get(shopKey(shopId)), await database.get(shopListingKey(shopId))];
  if (item === undefined || listing === undefined) throw new TransferProblem(`there is no shop ${shopId}`);
  const { shop, memory } = readStoredShop(item);
  return { kind: "shop", item: { shop, memory: [...memory] }, carriedThrough: readListing(listing).carriedThrough };
}

/** What an item says of a shop; undefined for what follows from the rest. */
function recordOf(item: Item, now: Date): TransferRecord | undefined {
  const { kind, id } = kindOfKey({ pk: requireText(item, "pk"), sk: requireText(item, "sk") });
  if (kind === "appointment") return appointmentRecord(readStored(item));
  if (kind === "pointer") return { kind, id, ...readPointer(item) };
  if (kind === "history") return { kind, id, item: historyItemSchema.parse(requireJson(item, "line")) };
  if (kind !== "service") return undefined;
  const stored = readStoredService(item, now);
  return stored && { kind, item: { ...stored, memory: [...stored.memory] } };
}
