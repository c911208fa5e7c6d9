import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { limits } from "@status-board/contracts";
import type { MutationMemory, RememberedMutation } from "../../domain/mutation.ts";
import type { Key } from "./keys.ts";

/** An item, or part of one, as the SDK speaks of it. */
export type Item = Record<string, AttributeValue>;

/** Stands for "nothing" where an expression needs some value. */
export const none = "-";

/** Values as the SDK words them. JSON stands in a text: one value is read far quicker than a map of many. */
export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number): AttributeValue => ({ N: String(value) });
export const json = (value: unknown): AttributeValue => ({ S: JSON.stringify(value) });

/** The item's key attributes. */
export const keyItem = ({ pk, sk }: Key): Item => ({ pk: text(pk), sk: text(sk) });

/** A text attribute; undefined when it is not there or says {@link none}. */
export function readText(item: Item, name: string): string | undefined {
  const value = item[name]?.S;
  return value === none ? undefined : value;
}

/** A text attribute that the item must have. */
export function requireText(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw new Error(`a stored item has no text ${name}`);
  return value;
}

/** A number attribute that the item must have. */
export function requireNumber(item: Item, name: string): number {
  const value = item[name]?.N;
  if (value === undefined) throw new Error(`a stored item has no number ${name}`);
  return Number(value);
}

/** A JSON attribute that the item must have; whoever asks parses what comes. */
export function requireJson(item: Item, name: string): unknown {
  return JSON.parse(requireText(item, name));
}

/** The attributes that hold an item's mutation memory, the newest first. */
export const mutationSlots = Array.from({ length: limits.mutationsRemembered }, (_, index) => `mutation${index + 1}`);

/** What the slot of a mutation begins with; neither ids nor hashes have a space. */
export const slotPrefix = (mutationId: string): string => `${mutationId} `;
/** A mutation as a slot holds it. */
export const slotText = ({ id, hash, version }: RememberedMutation): string => `${slotPrefix(id)}${hash} ${version}`;

/** The slots of a memory. */
export function memoryItem(memory: MutationMemory): Item {
  const item: Item = {};
  mutationSlots.forEach((slot, index) => {
    const mutation = memory[index];
    if (mutation !== undefined) item[slot] = text(slotText(mutation));
  });
  return item;
}

/** The memory that an item's slots hold. */
export function readMemory(item: Item): MutationMemory {
  return mutationSlots.flatMap((slot) => {
    const [id, hash, version] = readText(item, slot)?.split(" ") ?? [];
    return id === undefined || hash === undefined || version === undefined
      ? []
      : [{ id, hash, version: Number(version) }];
  });
}

/** The TTL attribute, whole seconds since 1970: never before the moment itself. */
export const expiryItem = (at: string): Item => ({ expiresAt: number(Math.ceil(Date.parse(at) / 1000)) });

/** True for what may go: an item past its TTL stays readable until it is swept, which may take days. */
export function isExpired(item: Item, now: Date): boolean {
  const seconds = item.expiresAt?.N;
  return seconds !== undefined && Number(seconds) * 1000 <= now.getTime();
}
