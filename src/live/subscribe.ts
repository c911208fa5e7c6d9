import {
  type Diff,
  limits,
  oldestServedProtocolVersion,
  PROTOCOL_VERSION,
  type PublicDiff,
  type Subscribe,
} from "@status-board/contracts";
import { diffOf, forRole } from "../domain/message.ts";
import type { Head, LiveStore } from "../store/live-store.ts";
import type { Connection, Connections } from "./ports.ts";
import type { Reply } from "./reply.ts";

/** What answering a connection takes. */
export interface SubscribePorts {
  live: LiveStore;
  connections: Connections;
  clock: () => Date;
  release: string;
  /** When the message that is answered came, in ms since 1970, where messages may be handled out of turn. */
  askedAt?: number;
  /** Hears how each subscription began, for metrics. */
  subscribed?: (how: Beginning) => void;
}

/**
 * How a subscription began: `fresh` by a screen that had nothing, `resumed` with all that it had missed, `refetched` by
 * one that had something and is to take a snapshot all the same.
 */
export type Beginning = "fresh" | "resumed" | "refetched";

/**
 * Subscribes a connection to a board: the connection is written first and the revision read second, so that every later
 * revision is posted to it (LV6). The answer brings what it missed, if that fits.
 */
export async function subscribe(connection: Connection, message: Subscribe, ports: SubscribePorts): Promise<Reply> {
  const { date, protocolVersion = PROTOCOL_VERSION } = message;
  if (protocolVersion < oldestServedProtocolVersion || protocolVersion > PROTOCOL_VERSION)
    return { messages: [{ type: "bye", code: "protocol_too_old" }], failed: false };
  // Given up in this very moment: it comes back, and is known again.
  if (!(await ports.connections.watch(connection.id, date, ports.askedAt)))
    return { messages: [{ type: "bye", code: "going_away" }], failed: false };
  const board = { shopId: connection.principal.shopId, date };
  const head = await ports.live.head(board);
  const changes = await missed(connection, message, head, ports.live);
  if (message.rev === undefined) ports.subscribed?.("fresh");
  else ports.subscribed?.(changes === undefined ? "refetched" : "resumed");
  const subscribed = {
    type: "subscribed" as const,
    date,
    ...head,
    protocolVersion: PROTOCOL_VERSION,
    release: ports.release,
    ...(changes && { changes }),
  };
  return { messages: [subscribed], failed: false };
}

/** The revisions between the client's and the head, or undefined when it has to fetch them or start anew (WS5). */
async function missed(
  { principal }: Connection,
  { date, epoch, rev }: Subscribe,
  head: Head,
  live: LiveStore,
): Promise<(Diff | PublicDiff)[] | undefined> {
  if (rev === undefined || epoch !== head.epoch || rev > head.rev) return undefined;
  if (rev === head.rev) return [];
  const entries = await live.entries({ shopId: principal.shopId, date }, rev, limits.revisionMaxBytes);
  if (entries === undefined) return undefined;
  const changes: (Diff | PublicDiff)[] = [];
  for (const entry of entries) {
    if (entry.rev > head.rev) break;
    const message = forRole(diffOf(entry, date, head.epoch), principal.role);
    if (message.type === "reset") return undefined;
    changes.push(message);
  }
  const complete = changes.at(-1)?.rev === head.rev;
  return complete && Buffer.byteLength(JSON.stringify(changes)) <= limits.revisionMaxBytes ? changes : undefined;
}
