import { hash } from "node:crypto";
import type { Readiness, RouteId } from "@status-board/contracts";
import type { Devices } from "../auth/devices.ts";
import type { Tickets } from "../auth/tickets.ts";
import type { Tries } from "../auth/tries.ts";
import type { Mutation } from "../domain/mutation.ts";
import type { Random } from "../domain/rank.ts";
import { instantOf } from "../domain/time.ts";
import type { LiveStore } from "../store/live-store.ts";
import type { Store } from "../store/store.ts";

/** How the data of a server fares that keeps them itself. */
export interface Condition extends Pick<Readiness, "backupAgeSeconds" | "diskFreeBytes"> {
  warnings: NonNullable<Readiness["warnings"]>;
}

/** All that an operation may reach besides its input. */
export interface Ports {
  store: Store;
  live: LiveStore;
  tickets: Tickets;
  /** Where a client opens its WebSocket. */
  liveUrl: () => string;
  /** The present moment. */
  clock: () => Date;
  /** A fresh ULID. */
  newId: () => string;
  random: Random;
  /** Absent where there is nobody to pair with: this machine alone reaches the board. */
  pairing?: PairingPorts;
  /** Absent where somebody else keeps the data. */
  condition?: () => Condition;
}

/** What pairing takes. */
export interface PairingPorts {
  devices: Devices;
  tries: Tries;
  /** This site as a device finds it. */
  siteUrl: () => string;
  /** Ends the live connections that a session has opened (WS2). */
  silence: (sessionHash: string) => Promise<void>;
}

/** The present moment as it is written: ISO 8601 in UTC with milliseconds. */
export const nowOf = (ports: Ports): string => instantOf(ports.clock());

/** 128 bits of SHA-256 are enough to tell two inputs apart. */
const hashCharacters = 22;

/**
 * The hash of a parsed input. Schemas give the keys of what they parse in their own order, so equal inputs have equal
 * JSON however the client wrote them.
 */
export const hashOf = (operation: RouteId, input: object): string =>
  hash("sha256", `${operation} ${JSON.stringify(input)}`, "base64url").slice(0, hashCharacters);

/** What an input asks to be remembered by; nothing when it names no mutation (HT5). */
export function mutationOf(
  operation: RouteId,
  input: { mutationId?: string | undefined; expectedVersion?: number },
  id?: string,
): Mutation | undefined {
  const { mutationId, expectedVersion, ...asked } = input;
  return mutationId === undefined ? undefined : { id: mutationId, hash: hashOf(operation, { id, ...asked }) };
}
