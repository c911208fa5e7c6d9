import type { Op, Role } from "@status-board/contracts";
import { newsOf } from "../../frontend-client/merge.ts";
import type { Replica } from "../../frontend-client/replica.ts";
import type { WrittenOf } from "../../frontend-client/replica-input.ts";
import { diffOf, forRole } from "../../src/domain/message.ts";
import { publicCard } from "../../src/domain/projection.ts";
import type { Database } from "./database.ts";
import type { SomeCard } from "./server.ts";
import { boardAndId, cardsOf } from "./truth.ts";

/** What screens are to meet in the courses, lest these prove nothing. */
export const encounters = [
  "gap",
  "snapshot",
  "reset",
  "other epoch",
  "waiting diffs",
  "doubt",
  "removed card",
  "own write before a snapshot",
] as const;
export type Encounter = (typeof encounters)[number];

/** Watches what everybody does, and keeps what must never be. */
export interface Judge {
  violations: string[];
  met: Set<Encounter>;
  observe: (screen: string, role: Role, replica: Replica<SomeCard>) => void;
  /** A screen has taken in the answer to a write of its own. */
  observeWrite: (screen: string, role: Role, written: WrittenOf<SomeCard>) => void;
  /** A message that a publisher sends must be a revision as it is stored (LV2). */
  inspect: (id: string, text: string) => void;
}

export function appointJudge(database: Database, hasTornReads: boolean): Judge {
  const violations: string[] = [];
  const met = new Set<Encounter>();
  const latest = new Map<string, Pick<Replica<SomeCard>, "epoch" | "date" | "rev" | "wanted">>();
  /** The highest version that a screen ever knew of a card on a board in an epoch, and whether it was its removal. */
  const known = new Map<string, { version: number; isRemoval: boolean }>();

  /** What each screen has written on the board that it shows: by epoch, ids and versions. */
  const own = new Map<string, Map<string, Map<string, number>>>();

  /**
   * Cards that a screen wrote in a life of the database of which it had not heard yet. They stand on a board of an
   * earlier life, where their versions compare with nothing, until the screen hears of the new one.
   */
  const ahead = new Set<string>();

  /**
   * No card goes back to an older version, and none returns at one that its removal ended. Who starts from nothing with
   * a torn read can have missed a card, and then meets an old version of it in a revision that is published twice.
   */
  function observeVersions(screen: string, { epoch, date, cards, removed }: Replica<SomeCard>): void {
    if (epoch === undefined && hasTornReads)
      for (const key of known.keys()) if (key.startsWith(`${screen} `)) known.delete(key);
    for (const { id, version } of cards.values()) {
      if (ahead.has(`${screen} ${epoch} ${id}`)) continue;
      const key = `${screen} ${epoch} ${date} ${id}`;
      const before = known.get(key) ?? { version: 0, isRemoval: false };
      if (version < before.version) violations.push(`${key} was ${before.version} and is shown at ${version}`);
      if (version === before.version && before.isRemoval) violations.push(`${key} has risen from its removal`);
      known.set(key, { version, isRemoval: false });
    }
    for (const [id, version] of removed) {
      const key = `${screen} ${epoch} ${date} ${id}`;
      if (version > (known.get(key)?.version ?? 0)) known.set(key, { version, isRemoval: true });
    }
  }

  /**
   * What a screen wrote and was answered stays there, whatever snapshot comes, until somebody overwrites it. Only a torn
   * read that was asked for afterwards can have missed it.
   */
  function observeOwn(screen: string, { epoch, date, cards, removed }: Replica<SomeCard>): void {
    if (epoch === undefined) own.delete(screen);
    // Of a write that came between two lives, a snapshot of the second may have been read before it.
    for (const [id, version] of own.get(screen)?.get(epoch ?? "") ?? []) {
      const isNewest = database.truth.versions.get(boardAndId(date, id)) === version;
      const held = cards.get(id)?.version ?? removed.get(id) ?? 0;
      if (epoch === database.epoch && isNewest && held < version && !hasTornReads)
        violations.push(`${screen} has lost its own ${id} at ${version} and holds ${held}`);
    }
  }

  function observeWrite(screen: string, { epoch, op }: WrittenOf<SomeCard>): void {
    const { id, version } = newsOf(op);
    const { epoch: held, wanted } = latest.get(screen) ?? {};
    if (epoch === undefined || epoch !== held) return;
    if (wanted?.kind === "snapshot") met.add("own write before a snapshot");
    if (epoch !== database.epoch) ahead.add(`${screen} ${epoch} ${id}`);
    const ofScreen = own.get(screen) ?? new Map<string, Map<string, number>>();
    own.set(screen, ofScreen.set(epoch, (ofScreen.get(epoch) ?? new Map()).set(id, version)));
  }

  /** Within an epoch, revisions only rise. */
  function observeCourse(screen: string, { epoch, date, rev, wanted }: Replica<SomeCard>): void {
    const before = latest.get(screen);
    latest.set(screen, { epoch, date, rev, wanted });
    const isSame = before?.date === date && before.epoch === epoch;
    if (isSame && rev < before.rev) violations.push(`${screen} went back from ${before.rev} to ${rev} of ${date}`);
    if (before?.epoch !== undefined && epoch !== undefined && before.epoch !== epoch) met.add("other epoch");
  }

  function observeEncounters({ wanted, lost, buffer, doubt, removed }: Replica<SomeCard>): void {
    if (wanted) met.add(wanted.kind === "changes" ? "gap" : wanted.jitter ? "reset" : "snapshot");
    if (lost && buffer.length > 0) met.add("waiting diffs");
    if (doubt?.confirmed) met.add("doubt");
    if (removed.size > 0) met.add("removed card");
  }

  /**
   * Who believes himself to be at a revision has everything of the revisions up to it. A torn read can miss a card that
   * was written at that moment, so that an old revision sent again is news to him; the revision of that write ends it.
   */
  function isBehind(screen: string, op: Op, held: number | undefined, { epoch, date }: Replica<SomeCard>): boolean {
    const { id, version } = op.op === "upsert" ? op.card : op;
    if (ahead.has(`${screen} ${epoch} ${id}`)) return false;
    const isEarlierEpoch = epoch !== database.epoch;
    const isOvertaken = isEarlierEpoch || (database.truth.versions.get(boardAndId(date, id)) ?? 0) > version;
    if (held === undefined) return op.op === "upsert" && !isOvertaken;
    return (held < version && !(hasTornReads && isOvertaken)) || (held === version && op.op === "remove");
  }

  function observeRevisions(screen: string, replica: Replica<SomeCard>): void {
    const { epoch, date, rev, cards } = replica;
    const log = database.log.get(`${epoch} ${date}`) ?? [];
    for (const entry of log.slice(0, rev)) {
      if (entry.kind === "reset") continue;
      for (const op of entry.ops) {
        const held = cards.get(op.op === "upsert" ? op.card.id : op.id)?.version;
        if (isBehind(screen, op, held, replica))
          violations.push(`${screen} at ${epoch} ${rev} of ${date} holds ${held}, not ${JSON.stringify(op)}`);
      }
    }
  }

  return {
    violations,
    met,
    observe: (screen, role, replica) => {
      const name = `${screen} (${role})`;
      observeEncounters(replica);
      observeCourse(name, replica);
      observeVersions(name, replica);
      observeOwn(name, replica);
      if (!replica.lost) observeRevisions(name, replica);
    },
    observeWrite: (screen, role, written) => observeWrite(`${screen} (${role})`, written),
    inspect: (id, text) => {
      const { epoch, date, rev }: { epoch: string; date: string; rev: number } = JSON.parse(text);
      const entry = database.log.get(`${epoch} ${date}`)?.[rev - 1];
      const isStored =
        entry &&
        (["manager", "viewer"] as const).some(
          (role) => JSON.stringify(forRole(diffOf(entry, date, epoch), role)) === text,
        );
      if (!isStored) violations.push(`${id} was sent what is not stored: ${text.slice(0, 200)}`);
    },
  };
}

/** How the cards of a screen differ from the truth, if they do. */
export function differenceFrom(database: Database, role: Role, { date, cards }: Replica<SomeCard>): string | undefined {
  const truth = cardsOf(database.truth, date).map((card) => (role === "viewer" ? publicCard(card) : card));
  const ordered = (list: Iterable<SomeCard>) =>
    JSON.stringify([...list].sort((one, other) => (one.id < other.id ? -1 : 1)).map(withSortedKeys));
  const [shown, wanted] = [ordered(cards.values()), ordered(truth)];
  return shown === wanted ? undefined : `\nshown ${shown}\ntrue  ${wanted}`;
}

const withSortedKeys = (card: SomeCard) => Object.entries(card).sort();

/** A fingerprint cannot tell these cards from the truth. */
export function looksTrue(database: Database, { date, cards }: Replica<SomeCard>): boolean {
  const sumOf = (list: Iterable<{ version: number }>) => [...list].reduce((sum, { version }) => sum + version, 0);
  const truth = cardsOf(database.truth, date);
  return truth.length === cards.size && sumOf(truth) === sumOf(cards.values());
}
