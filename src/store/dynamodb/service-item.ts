import { type Service, type Shop, serviceSchema, shopSchema } from "@status-board/contracts";
import { defined } from "../../domain/outcome.ts";
import type { StoredService, StoredShop } from "../../domain/service.ts";
import type { ShopDay } from "../store.ts";
import {
  expiryItem,
  type Item,
  isExpired,
  json,
  keyItem,
  memoryItem,
  number,
  readMemory,
  readText,
  requireJson,
  requireText,
  text,
} from "./attributes.ts";
import type { PutWrite } from "./database.ts";
import { codeKey, listedShopIdOf, serviceKey, shopKey, shopListingKey } from "./keys.ts";

/** A service as an item; a removed one goes by itself when nobody can ask for it any more. */
export function serviceItem(shopId: string, { service, memory, removedUntil }: StoredService): Item {
  return {
    ...keyItem(serviceKey(shopId, service.id)),
    version: number(service.version),
    details: json(service),
    ...memoryItem(memory),
    ...(removedUntil !== undefined && { removedUntil: text(removedUntil), ...expiryItem(removedUntil) }),
  };
}

/** The service of an item; undefined when it was removed so long ago that the row may go. */
export function readStoredService(item: Item | undefined, now: Date): StoredService | undefined {
  if (item === undefined || isExpired(item, now)) return undefined;
  return defined({
    service: readService(item),
    memory: readMemory(item),
    removedUntil: readText(item, "removedUntil"),
  });
}

/** The service of an item, a removed one too. */
export const readService = (item: Item): Service => serviceSchema.parse(requireJson(item, "details"));
/** True for a service that is kept only for the repeats of its writes (HT5). */
export const isRemovedService = (item: Item): boolean => item.removedUntil !== undefined;

/** Who holds a code. A free one still names who left it, so that the repeat of its creation is found (HT5). */
export function readHolder(item: Item): { serviceId: string; isFree: boolean } {
  return { serviceId: requireText(item, "id"), isFree: item.isFree?.BOOL === true };
}

type CodeCondition = Omit<PutWrite, "Item">;
const isTrue = { BOOL: true };

/** True of a code that nobody ever had, as far as is still known. */
export const isUnheardOf: CodeCondition = { ConditionExpression: "attribute_not_exists(pk)" };
/** True of a code that no living service has. */
export const isOpenToAll: CodeCondition = {
  ConditionExpression: "attribute_not_exists(pk) OR isFree = :true",
  ExpressionAttributeValues: { ":true": isTrue },
};
/** True of a code that is free since that service left it, and that nobody took in between. */
export const wasLeftBy = (serviceId: string): CodeCondition => ({
  ConditionExpression: "id = :leaver AND isFree = :true",
  ExpressionAttributeValues: { ":leaver": text(serviceId), ":true": isTrue },
});

/** Gives a code to a service, under a condition. */
export function takenCode(shopId: string, code: string, serviceId: string, condition: CodeCondition): PutWrite {
  return { Item: { ...keyItem(codeKey(shopId, code)), id: text(serviceId) }, ...condition };
}

/** Leaves a code to whoever wants it. The note of who had it goes by itself at `until`. */
export function leftCode(shopId: string, code: string, serviceId: string, until: string): PutWrite {
  return {
    Item: { ...keyItem(codeKey(shopId, code)), id: text(serviceId), isFree: isTrue, ...expiryItem(until) },
    ConditionExpression: "id = :id",
    ExpressionAttributeValues: { ":id": text(serviceId) },
  };
}

/** A shop's settings as an item. */
export function shopItem({ shop, memory }: StoredShop): Item {
  return {
    ...keyItem(shopKey(shop.id)),
    version: number(shop.version),
    details: json(shop),
    ...memoryItem(memory),
  };
}

/** The shop of its item. */
export const readShop = (item: Item): Shop => shopSchema.parse(requireJson(item, "details"));
/** The shop with the memory of its writes. */
export const readStoredShop = (item: Item): StoredShop => ({ shop: readShop(item), memory: readMemory(item) });

/** A shop's line in the list of all shops, with how far its carry-over has come (CA5). */
export const listingItem = ({ id, timeZone, carriedThrough }: ShopDay): Item => ({
  ...keyItem(shopListingKey(id)),
  timeZone: text(timeZone),
  carriedThrough: text(carriedThrough),
});

/** The line of a shop. */
export const readListing = (item: Item): ShopDay => ({
  id: listedShopIdOf(requireText(item, "sk")),
  timeZone: requireText(item, "timeZone"),
  carriedThrough: requireText(item, "carriedThrough"),
});
