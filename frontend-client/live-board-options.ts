import type { BoardClient } from "./client.ts";
import type { Replica } from "./replica.ts";
import type { ReplicaCard, ReplicaInput } from "./replica-input.ts";
import type { ClientError } from "./result.ts";
import type { ConnectionState } from "./types.ts";

/** What a page's window tells: whether it is seen, and by its events that it, or the network, came or went. */
export interface PageWindow extends Pick<EventTarget, "addEventListener" | "removeEventListener"> {
  readonly document: { readonly hidden: boolean };
}

/** How a live board reaches its server, and how patient it is. Times are in milliseconds. */
export interface LiveBoardOptions {
  client: BoardClient;
  /** The board's day, YYYY-MM-DD. */
  date: string;
  /** Default the global one; null for never opening a socket. */
  webSocket?: typeof WebSocket | null;
  /** Numbers in [0, 1) for jitter. Default Math.random. */
  random?: () => number;
  /** Default the global window; null, or where there is none: always seen. */
  page?: PageWindow | null;
  /** Asks for the board at intervals while there is no socket. Default true. */
  enablePolling?: boolean | undefined;
  /** Between two such looks, in ms. Default 30,000. */
  pollingInterval?: number | undefined;
  /** Between two pings while the page is seen; while it is not, they go out every 4 minutes. Default 25,000. */
  heartbeatVisibleMs?: number;
  /** Without an answer to a handshake or a ping for so long, the socket counts as dead. Default 10,000. */
  answerWaitMs?: number;
  /** A socket is replaced after so long, less up to a tenth by chance. Default 6,600,000: API Gateway cuts after 2 h. */
  swapAfterMs?: number;
  /** The pause before the n-th new try is a random share of min(max, first * 2^n). Default 500 and 30,000. */
  retryFirstMs?: number;
  retryMaxMs?: number;
  /** Hears all that the server says and answers as it comes, before the board changes: perhaps twice, perhaps too early. */
  onInput?: (input: LiveInput) => void;
}

/** What a live board takes in. Cards have the form that this screen may see. */
export type LiveInput = ReplicaInput<ReplicaCard>;

export interface LiveBoardState<Card extends ReplicaCard> {
  replica: Replica<Card>;
  connection: ConnectionState;
  /** Why the newest look at the board failed; it ends with the next one that succeeds, or is not needed any more. */
  error: ClientError | undefined;
  /** The server's, as a subscribe or a heartbeat last told it. */
  release: string | undefined;
}

export interface LiveBoard<Card extends ReplicaCard> {
  /** The same object until something is heard; its cards and its connection are the same until they change. */
  getState(): LiveBoardState<Card>;
  /** Calls back after each change; answers the way to stop that. */
  subscribe(listener: () => void): () => void;
  /** Looks at the board itself now, whatever the socket says, and tries the socket at once. */
  refresh(): void;
  /** Takes in what became known by other means, such as the answer of a write. */
  receive(input: ReplicaInput<Card>): void;
  /** Sends a heartbeat now instead of at its time. */
  ping(): void;
  close(): void;
}
