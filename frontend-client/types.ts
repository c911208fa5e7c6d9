import type { Appointment, Status } from "@status-board/contracts";
import type { BoardClient } from "./client.ts";
import type { Columns } from "./columns.ts";
import type { ReplicaCard } from "./replica-input.ts";
import type { ClientError } from "./result.ts";

/** How sure a screen may be of what it shows (CL5). `since` is when it last was sure, in ms since 1970. */
export type ConnectionState =
  | { kind: "live" }
  /** There is no socket, and the board is asked for at intervals. */
  | { kind: "polling"; since: number }
  /** `retryAt`: when the next try begins. */
  | { kind: "reconnecting"; since: number; retryAt?: number | undefined }
  /** The socket is there, but what is held is incomplete or does not agree with the server. */
  | { kind: "stale"; since: number }
  /** Only a reload, or a sign-in, helps. */
  | { kind: "ended"; reason: "protocol_too_old" | "session_ended" | "closed" };

/** Where a card goes: to the end of a column, or beside another card of it (MV6). */
export interface Target {
  newStatus: Status;
  afterId?: string | undefined;
  beforeId?: string | undefined;
}

/** A move that is shown already and not yet confirmed. */
export interface PendingMove extends Target {
  /** Also what an undo names. */
  mutationId: string;
  appointmentId: string;
}

/** What became of a move. Everything that a screen has to choose on is a value. */
export type MoveOutcome<Card extends ReplicaCard = Appointment> =
  | { kind: "moved"; appointment: Card; from: Status }
  /** Somebody else was first: `current` says who, when and where to (CL2). */
  | { kind: "conflict"; current: Card; from: Status }
  /** The server does not allow it: see `error.code`. */
  | { kind: "refused"; error: ClientError }
  /** It could not be known within the time limit whether it was saved; the board shows what is true as soon as it knows. */
  | { kind: "failed"; error: ClientError };

/** One's own newest move, while it may be undone (MV7). */
export interface Undoable {
  appointmentId: string;
  mutationId: string;
  from: Status;
  to: Status;
  /** ms since 1970. */
  until: number;
}

/** A day's board as it is shown: what the server said, with the pending moves replayed over it (CL1). */
export interface BoardView<Card extends ReplicaCard = Appointment> {
  date: string;
  columns: Columns<Card>;
}

/** All that a screen shows. The same object until something changes; so is each part of it, and each card. */
export interface StatusBoardState<Card extends ReplicaCard = Appointment> {
  /** undefined until the first snapshot. */
  board: BoardView<Card> | undefined;
  /** True until the first snapshot or its failure. */
  loading: boolean;
  /** Why the newest look at the board failed; it ends with the next one that succeeds. */
  error: ClientError | undefined;
  connection: ConnectionState;
  /** By appointment id: the newest move of each card that is not confirmed yet. */
  pending: ReadonlyMap<string, PendingMove>;
  undoable: Undoable | undefined;
  /** The server's release, as a subscribe or a heartbeat last told it. */
  release: string | undefined;
}

/** One board, kept true. Only `date` has to be given. */
export interface StatusBoardOptions {
  /** Where the API is, e.g. `https://board.example.com`, without a trailing slash. Default "": the page's own origin. */
  baseUrl?: string | undefined;
  /** The board's day, YYYY-MM-DD. */
  date: string;
  /** Asks for the board at intervals while there is no socket. Default true. */
  enablePolling?: boolean | undefined;
  /** Between two such looks, in ms. Default 30,000. */
  pollingInterval?: number | undefined;
  /** A client that is shared with the rest of the page. Default one of its own for `baseUrl`. */
  client?: BoardClient | undefined;
  /** Default the global one; null for never opening a socket. */
  webSocket?: typeof WebSocket | null;
  /** Numbers in [0, 1) for jitter. Default Math.random. */
  random?: () => number;
  /** A move that could not be brought home in so many ms is given up. Default 30,000. */
  moveTimeoutMs?: number;
}

export interface StatusBoard<Card extends ReplicaCard = Appointment> {
  getState(): StatusBoardState<Card>;
  /** Calls back after each change; answers the way to stop that. */
  subscribe(listener: () => void): () => void;
  moveAppointment(id: string, target: Target): Promise<MoveOutcome<Card>>;
  /** Undoes one's own newest move, see `undoable`. */
  undo(): Promise<MoveOutcome<Card>>;
  /** Takes in the answer of a write made by other means, so that the screen need not wait for its diff. */
  accept(written: Card | { id: string; version: number; removed: true }): void;
  /** Looks at the board itself now, whatever the socket says, and tries the socket at once. */
  refresh(): void;
  close(): void;
}
