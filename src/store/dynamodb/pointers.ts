import { type Item, keyItem, requireText, text } from "./attributes.ts";
import type { Database, PutWrite, UpdateWrite } from "./database.ts";
import { pointerKey } from "./keys.ts";
import { createMemory } from "./memory.ts";

/** Where an id stands, and whether that was only remembered: then it is a guess. */
export interface Whereabouts {
  date: string;
  remembered: boolean;
}

/**
 * An id's pointer says on which day its card, or its tombstone, stands. Remembered ones may be wrong; they cost nothing
 * when they are, because the write that trusts one fails its condition.
 */
export interface Pointers {
  find(shopId: string, id: string): Promise<Whereabouts | undefined>;
  remember(shopId: string, id: string, date: string): void;
  forget(shopId: string, id: string): void;
}

const maxRemembered = 10_000;

/** The pointers of a table, the last 10,000 of them remembered. */
export function createPointers(database: Database): Pointers {
  const memory = createMemory<string>(maxRemembered);
  const keyOf = (shopId: string, id: string) => `${shopId} ${id}`;
  return {
    async find(shopId, id) {
      const known = memory.get(keyOf(shopId, id));
      if (known !== undefined) return { date: known, remembered: true };
      const pointer = await database.get(pointerKey(shopId, id));
      if (pointer === undefined) return undefined;
      const { date } = readPointer(pointer);
      memory.set(keyOf(shopId, id), date, 1);
      return { date, remembered: false };
    },
    remember: (shopId, id, date) => memory.set(keyOf(shopId, id), date, 1),
    forget: (shopId, id) => memory.delete(keyOf(shopId, id)),
  };
}

/** A pointer outlives its card: the id is never used again, and the hash tells a creation's repeat (AP1). */
export function readPointer(item: Item): { date: string; hash: string; removed: boolean } {
  return { date: requireText(item, "date"), hash: requireText(item, "hash"), removed: item.removed?.BOOL === true };
}

/** Takes an id for good, for one creation. */
export function newPointer(shopId: string, id: string, date: string, hash: string): PutWrite {
  return {
    Item: { ...keyItem(pointerKey(shopId, id)), date: text(date), hash: text(hash) },
    ConditionExpression: "attribute_not_exists(pk)",
  };
}

/** Points the id from one day to another. */
export function movedPointer(shopId: string, id: string, from: string, to: string): UpdateWrite {
  return {
    Key: keyItem(pointerKey(shopId, id)),
    UpdateExpression: "SET #date = :to",
    ConditionExpression: "#date = :from AND attribute_not_exists(#removed)",
    ExpressionAttributeNames: { "#date": "date", "#removed": "removed" },
    ExpressionAttributeValues: { ":from": text(from), ":to": text(to) },
  };
}

/** Marks the id as gone for good. */
export function removedPointer(shopId: string, id: string, date: string): UpdateWrite {
  return {
    Key: keyItem(pointerKey(shopId, id)),
    UpdateExpression: "SET #removed = :true",
    ConditionExpression: "#date = :date",
    ExpressionAttributeNames: { "#date": "date", "#removed": "removed" },
    ExpressionAttributeValues: { ":date": text(date), ":true": { BOOL: true } },
  };
}
