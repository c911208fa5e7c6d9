import type { Bye, Role } from "@status-board/contracts";
import type { Principal } from "../auth/principal.ts";
import type { Tickets } from "../auth/tickets.ts";
import type { Change } from "../domain/diff.ts";
import type { BoardKey } from "../store/live-store.ts";

/** A screen that is connected. `date` is the board it watches, once it has subscribed. */
export interface Connection {
  id: string;
  principal: Principal;
  date?: string;
}

/** A connection as the publisher needs it. */
export interface Watcher {
  id: string;
  role: Role;
}

/** Who is connected and what they watch. Nothing here needs to outlive the connections themselves. */
export interface Connections extends Tickets {
  add(connection: Connection): Promise<void>;
  find(id: string): Promise<Connection | undefined>;
  /**
   * From now on the connection watches this board and no other; false when it is not known (any more). Where its messages may be
   * handled out of turn, `askedAt` says when this one came, in ms since 1970: what came later has the last word.
   */
  watch(id: string, date: string | undefined, askedAt?: number): Promise<boolean>;
  remove(id: string): Promise<void>;
  /** Everybody who watches the board; sees each `watch` that was answered before it began. */
  watchers(board: BoardKey): Promise<readonly Watcher[]>;
  /** The ids of the connections that a session has opened. */
  ofSession(hash: string): Promise<readonly string[]>;
}

/** The way to a connection. It never throws. */
export interface Gateway {
  /** `gone`: nobody is there any more. `failed`: not now, or not within that time in milliseconds. */
  post(connectionId: string, message: string, timeoutMs: number): Promise<"sent" | "gone" | "failed">;
  /** Says why, then closes. */
  close(connectionId: string, bye: Bye): Promise<void>;
}

/** One thing that a feed tells: a committed change, or that it could not read one. */
export type FeedItem =
  | { kind: "change"; change: Change }
  | { kind: "unreadable"; position: string; reason: string; board?: BoardKey };

/** Handles a batch. Resolves when it may be forgotten, rejects when it must come again. */
export type FeedHandler = (items: readonly FeedItem[]) => Promise<void>;

/** What was committed, each item at least once and a board's newest state last. */
export interface Feed {
  /** `isAwaited` tells whether anybody waits for what comes; while nobody does, a feed may bring more at a time, and later. */
  start(handle: FeedHandler, isAwaited?: () => boolean): void;
  /** Resolves when the batch under way is over. */
  stop(): Promise<void>;
}

/** Keeps what could not be published, with the reason, for somebody to look at (LV7). */
export type SetAside = (item: FeedItem, reason: string) => Promise<void>;
