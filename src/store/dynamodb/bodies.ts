import type { Appointment } from "@status-board/contracts";
import { createMemory } from "./memory.ts";

/** Names a card as it was at one version. */
interface CardVersion {
  id: string;
  createdAt?: string | undefined;
  version: number;
}

/** Cards as they were at one version: what it holds can never be stale, only useless. */
export interface Bodies {
  get(shopId: string, card: CardVersion): Appointment | undefined;
  set(shopId: string, card: Appointment): void;
}

/** What a card takes in memory besides its longer texts, about. */
const overheadBytes = 1_500;

/** What a card takes in memory, in bytes, about. */
export function weightOf(card: Appointment): number {
  const { notes = "", services, rank } = card;
  const lines = services.reduce((sum, { code, name }) => sum + code.length + name.length + 100, 0);
  return overheadBytes + 2 * (notes.length + rank.length + lines);
}

/** `table` is part of a card's name here, so that a table restored under a new name starts afresh. */
export function createBodies(table: string, maxBytes: number): Bodies {
  const memory = createMemory<Appointment>(maxBytes);
  const keyOf = (shopId: string, { id, createdAt, version }: CardVersion) =>
    `${table} ${shopId} ${id} ${createdAt} ${version}`;
  return {
    get: (shopId, card) => memory.get(keyOf(shopId, card)),
    set: (shopId, card) => memory.set(keyOf(shopId, card), card, weightOf(card)),
  };
}
