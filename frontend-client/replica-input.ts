import type { Diff, Pong, Reset, ServerMessage, Status, Subscribed } from "@status-board/contracts";

/** What a replica needs to know of a card. Staff's whole cards and a viewer's public ones both have it (AU6). */
export interface ReplicaCard {
  readonly id: string;
  /** The board on which it stands, YYYY-MM-DD. */
  readonly date: string;
  readonly version: number;
  readonly status: Status;
  readonly rank: string;
}

/** What became of a card that is not on the board (any more). */
export type Removal = Readonly<{ id: string; version: number }>;

/** A card as it became, or that it is gone. */
export type News<Card> = Card | Removal;

/** What became of one card. */
export type OpOf<Card> = Readonly<{ op: "upsert"; card: Card }> | (Readonly<{ op: "remove" }> & Removal);

/** One revision of a board, with whichever form of cards the screen may see. */
export type DiffOf<Card> = Readonly<Pick<Diff, "type" | "date" | "epoch" | "rev">> & {
  readonly ops: readonly OpOf<Card>[];
};

/** A revision that there is, with what it brought or without. */
export type Told<Card> = Readonly<{ epoch: string; rev: number; ops?: DiffOf<Card>["ops"] | undefined }>;

/** The answer to a subscribe. */
export type SubscribedOf<Card> = Readonly<Pick<Subscribed, "type" | "date" | "epoch" | "rev">> & {
  readonly changes?: readonly DiffOf<Card>[] | undefined;
};

/** The fingerprint of the truth. */
export type PongOf = Readonly<Pick<Pong, "type" | "date" | "epoch" | "rev" | "cards" | "versionSum" | "at">>;

/** The answer to GET …/board, never one technician's part of it. */
export interface BoardOf<Card> {
  readonly epoch: string;
  readonly rev: number;
  readonly columns: Readonly<Record<Status, { readonly items: readonly Card[] }>>;
  readonly removed: readonly Removal[];
}

/** The answer to GET …/board/changes. */
export interface ChangesOf<Card> {
  readonly epoch: string;
  readonly head: number;
  readonly changes: readonly DiffOf<Card>[];
}

/** GET …/board/changes?epoch&since. */
export type ChangesWanted = Readonly<{ kind: "changes"; epoch: string; since: number; jitter?: undefined }>;

/** GET …/board: after 0 to 1 s of the client's own choice where `jitter` says so, because all screens were told at once. */
export type SnapshotWanted = Readonly<{
  kind: "snapshot";
  jitter: boolean;
  epoch?: undefined;
  since?: undefined;
}>;

/** The one request that a replica waits for. */
export type Wanted = ChangesWanted | SnapshotWanted;

/**
 * The answer to a write of the screen's own. `epoch` is the replica's own of when the write was sent: what another life
 * of the database took in says nothing about this one, and before the first snapshot nobody knows which life it is.
 */
export interface WrittenOf<Card> {
  readonly type: "written";
  readonly epoch: string | undefined;
  /** What was written, as an op or by itself. */
  readonly op: OpOf<Card> | News<Card>;
}

/** All that can happen to a replica. The server's messages go in as they come. */
export type ReplicaInput<Card> =
  | SubscribedOf<Card>
  | DiffOf<Card>
  | Readonly<Reset>
  | PongOf
  /** It is time to look at the board itself, for want of a socket or of trust (CL6, WS3). */
  | { readonly type: "poll" }
  /** Answers carry what they answer, by which one that nobody waits for any more is known. */
  | { readonly type: "snapshot"; readonly asked: SnapshotWanted; readonly answer: BoardOf<Card> }
  /** Without the answer it was revision_gone. */
  | { readonly type: "changes"; readonly asked: ChangesWanted; readonly answer: ChangesOf<Card> | undefined }
  /** The server did not take a message: nothing of the board is another for it. */
  | Extract<ServerMessage, { type: "error" }>
  | WrittenOf<Card>;
