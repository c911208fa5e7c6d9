import type { Appointment, History, Status } from "@status-board/contracts";

/** A write that the server has acknowledged: it named the version that the write made. */
export interface Acknowledged {
  id: string;
  version: number;
  change: "created" | "edited" | "moved" | "reordered" | "undone" | "rescheduled" | "removed";
  /** The column in which the answer showed the card; absent for a removal. */
  status?: Status;
  /** How often it was sent until the answer came. */
  tries: number;
}

/** How a card stands in the table in the end: itself, or the version of its tombstone, or not at all. */
export type Stored = { card: Appointment; history: History["items"] } | { removedAt: number } | undefined;

/** Names of a history for what a writer calls a move: a step back is a correction. */
const sameAs: Record<string, Acknowledged["change"]> = { corrected: "moved" };

/**
 * Replays what was acknowledged for one card, which nobody else writes to, against what is stored: a line for each
 * answer that is missing there (lost), and each change there that no answer tells of (doubled).
 */
export function auditCard(id: string, acknowledged: readonly Acknowledged[], stored: Stored): string[] {
  const inOrder = acknowledged.toSorted((a, b) => a.version - b.version);
  const last = inOrder.at(-1);
  if (last === undefined) return [];
  const findings = inOrder
    .filter(({ version }, index) => index > 0 && inOrder[index - 1]?.version === version)
    .map(({ version }) => `${id}: two answers name version ${version}`);
  if (stored === undefined) return [...findings, `${id}: lost, version ${last.version} was acknowledged`];
  if ("removedAt" in stored) {
    if (last.change !== "removed") findings.push(`${id}: removed, but nobody was told so`);
    if (last.version !== stored.removedAt)
      findings.push(`${id}: removed at version ${stored.removedAt}, acknowledged at ${last.version}`);
    return findings;
  }
  return [...findings, ...auditHistory(id, inOrder, stored.card, stored.history)];
}

function auditHistory(
  id: string,
  acknowledged: readonly Acknowledged[],
  card: Appointment,
  history: History["items"],
): string[] {
  const findings: string[] = [];
  const known = new Map(history.map((item) => [item.version, item]));
  const told = new Map(acknowledged.map((write) => [versionMadeBy(write, known), write]));
  for (let version = 1; version <= card.version; version++) {
    const item = known.get(version);
    const write = told.get(version);
    // The store moves neighbours apart by itself; that is nobody's write.
    if (item?.change === "respaced" && write === undefined) continue;
    if (item === undefined) findings.push(`${id}: version ${version} has no history`);
    else if (write === undefined)
      findings.push(`${id}: doubled, version ${version} (${item.change}) was never acknowledged`);
    else if ((sameAs[item.change] ?? item.change) !== write.change)
      findings.push(`${id}: version ${version} is ${item.change}, acknowledged as ${write.change}`);
  }
  for (const { version, change } of acknowledged)
    if (version > card.version)
      findings.push(`${id}: lost, ${change} at version ${version}; it stands at ${card.version}`);
  const last = acknowledged.at(-1);
  if (last?.status !== undefined && last.status !== card.status)
    findings.push(`${id}: in ${card.status}, last acknowledged in ${last.status}`);
  return findings;
}

/** A write that was sent again is answered with the card as it is by then, perhaps after the store has made room. */
function versionMadeBy({ version, tries }: Acknowledged, known: ReadonlyMap<number, History["items"][number]>): number {
  let made = version;
  if (tries > 1) while (known.get(made)?.change === "respaced") made--;
  return made;
}
