import type { Status } from "@status-board/contracts";
import { type Replica, receive, replicaOf } from "../replica.ts";
import type {
  BoardOf,
  ChangesWanted,
  DiffOf,
  OpOf,
  PongOf,
  ReplicaCard,
  ReplicaInput,
  SnapshotWanted,
  SubscribedOf,
} from "../replica-input.ts";

export const date = "2031-03-03";
export const epoch = "first";

/** As little of a card as a replica needs. */
export const card = (id: string, version: number, status: Status = "scheduled", rank = "V"): ReplicaCard => ({
  id,
  date,
  version,
  status,
  rank,
});

export const upsert = (id: string, version: number, status?: Status): OpOf<ReplicaCard> => ({
  op: "upsert",
  card: card(id, version, status),
});
export const remove = (id: string, version: number): OpOf<ReplicaCard> => ({ op: "remove", id, version });

export const diff = (rev: number, ...ops: OpOf<ReplicaCard>[]): DiffOf<ReplicaCard> => ({
  type: "diff",
  date,
  epoch,
  rev,
  ops,
});
export const subscribed = (rev: number, changes?: DiffOf<ReplicaCard>[]): SubscribedOf<ReplicaCard> => ({
  type: "subscribed",
  date,
  epoch,
  rev,
  ...(changes && { changes }),
});
export const reset = (rev: number) => ({ type: "reset" as const, date, epoch, rev });

let pongs = 0;
/** Each is another one, as each has its own moment. */
export const pong = (rev: number, cards: number, versionSum: number): PongOf => ({
  type: "pong",
  date,
  epoch,
  rev,
  cards,
  versionSum,
  at: `pong ${++pongs}`,
});

export function board(
  rev: number,
  cards: readonly ReplicaCard[] = [],
  removed: { id: string; version: number }[] = [],
): BoardOf<ReplicaCard> {
  const column = (status: Status) => ({ items: cards.filter((one) => one.status === status) });
  return {
    epoch,
    rev,
    columns: {
      scheduled: column("scheduled"),
      in_progress: column("in_progress"),
      ready: column("ready"),
      completed: column("completed"),
      no_show: column("no_show"),
    },
    removed,
  };
}

type State = Replica<ReplicaCard>;

/** What becomes of a replica by several things, one after the other. */
export const after = (replica: State, ...inputs: ReplicaInput<ReplicaCard>[]): State =>
  inputs.reduce<State>(receive, replica);

export function snapshotAsked({ wanted }: State): SnapshotWanted {
  if (wanted?.kind !== "snapshot") throw new Error(`it wants ${JSON.stringify(wanted)}, not a snapshot`);
  return wanted;
}

export function changesAsked({ wanted }: State): ChangesWanted {
  if (wanted?.kind !== "changes") throw new Error(`it wants ${JSON.stringify(wanted)}, not changes`);
  return wanted;
}

/** Answers the snapshot that it wants. */
export const withSnapshot = (replica: State, answer: BoardOf<ReplicaCard>): State =>
  receive(replica, { type: "snapshot", asked: snapshotAsked(replica), answer });

/** Answers the changes that it wants. */
export const withChanges = (replica: State, head: number, ...changes: DiffOf<ReplicaCard>[]): State =>
  receive(replica, { type: "changes", asked: changesAsked(replica), answer: { epoch, head, changes } });

/** A replica at this revision that holds these cards. */
export const replicaAt = (rev: number, ...cards: ReplicaCard[]): State =>
  withSnapshot(replicaOf<ReplicaCard>(date), board(rev, cards));

/** What it shows, as `id@version`. */
export const shown = ({ cards }: State): string[] =>
  [...cards.values()].map(({ id, version }) => `${id}@${version}`).sort();
