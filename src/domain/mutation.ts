import { limits } from "@status-board/contracts";

/** One attempt at a write: the client's id for it, and the hash of what it asked for (HT5). */
export interface Mutation {
  id: string;
  hash: string;
}

/** A mutation that took effect, and the version it made. */
export interface RememberedMutation extends Mutation {
  version: number;
}

/** An item's last mutations, newest first. */
export type MutationMemory = readonly RememberedMutation[];

/** The memory after a write that made `version`; a write without a mutation shifts nothing. */
export function remember(memory: MutationMemory, mutation: Mutation | undefined, version: number): MutationMemory {
  if (mutation === undefined) return memory;
  return [{ ...mutation, version }, ...memory].slice(0, limits.mutationsRemembered);
}

/** `new` has not been seen; a `repeat` had its effect already; `reused` is a known id that asks for something else. */
export function recall(memory: MutationMemory, mutation: Mutation | undefined): "new" | "repeat" | "reused" {
  const known = mutation && memory.find(({ id }) => id === mutation.id);
  if (known === undefined) return "new";
  return known.hash === mutation?.hash ? "repeat" : "reused";
}
