import type { Diff, PublicDiff, ServerMessage, Subscribed } from "@status-board/contracts";

/** What the server sends: to staff whole, to a viewer with the public projection of cards. */
export type Sent =
  | Exclude<ServerMessage, Subscribed>
  | (Omit<Subscribed, "changes"> & { changes?: (Diff | PublicDiff)[] });

/** What a connection's message leads to: answers in their order, and whether it counts as an error. */
export interface Reply {
  messages: readonly Sent[];
  failed: boolean;
}
