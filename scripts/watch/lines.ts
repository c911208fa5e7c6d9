import type { Appointment, Diff, Op } from "@status-board/contracts";

const nameOf = ({ customer, vehicle }: Appointment): string =>
  [customer.name, vehicle.plate ?? vehicle.model].filter(Boolean).join(", ");

/** What one op of a diff did, in words; `before` is the card as it was held until then. */
function sentence(op: Op, before: Appointment | undefined): string {
  if (op.op === "remove") {
    const what = before ? nameOf(before) : op.id;
    return op.movedTo ? `${op.by.name} moved ${what} to ${op.movedTo}` : `${op.by.name} removed ${what}`;
  }
  const { card } = op;
  const who = card.updatedBy.name;
  const what = nameOf(card);
  if (before === undefined) return `${who} put ${what} into ${card.status}`;
  if (before.status !== card.status) return `${who} moved ${what} from ${before.status} to ${card.status}`;
  if (before.rank !== card.rank) return `${who} reordered ${what} in ${card.status}`;
  return `${who} edited ${what}`;
}

/** A line for each change of a diff: when it was committed, its revision, who did what, and how old the news is. */
export function linesOf(diff: Diff, held: ReadonlyMap<string, Appointment>, nowMs: number): string[] {
  const ageMs = nowMs - Date.parse(diff.at);
  return diff.ops.map((op) => {
    const before = held.get(op.op === "upsert" ? op.card.id : op.id);
    return `${diff.at}  rev ${diff.rev}  ${sentence(op, before)}  (${ageMs} ms)`;
  });
}
