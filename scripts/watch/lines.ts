import type { Appointment, Diff, Op, PublicAppointment, PublicDiff, PublicOp } from "@status-board/contracts";
import type { LiveInput } from "@status-board/frontend-client";

/** A card as staff see it, or as a viewer does: without who wrote it. */
export type WatchedCard = Appointment | PublicAppointment;
export type WatchedDiff = Diff | PublicDiff;

/** The revisions that something brings. They came from a server, so that their cards are whole. */
export function diffsIn(input: LiveInput): readonly WatchedDiff[] {
  if (input.type === "diff") return [input as WatchedDiff];
  const changes = input.type === "changes" ? input.answer?.changes : input.type === "subscribed" ? input.changes : [];
  return (changes ?? []) as readonly WatchedDiff[];
}

/** What is said of a change, and of which card. */
export interface Line {
  id: string;
  text: string;
}

const nameOf = ({ customer, vehicle }: WatchedCard): string =>
  [customer.name, vehicle.plate ?? vehicle.model].filter(Boolean).join(", ");
const writerOf = (card: WatchedCard): string => ("updatedBy" in card ? card.updatedBy.name : "somebody");

function arrival(card: WatchedCard): string {
  const [who, what] = [writerOf(card), nameOf(card)];
  if (card.version === 1) return `${who} added ${what} to ${card.status}`;
  // Whether it stood on another board before, or was made and moved in one go, the card itself does not tell.
  const since = card.carriedFrom === undefined ? "" : `, carried over from ${card.carriedFrom}`;
  return `${who} brought ${what} into ${card.status}${since}`;
}

function removal(op: Extract<Op | PublicOp, { op: "remove" }>, before: WatchedCard | undefined): string {
  const who = "by" in op ? op.by.name : "somebody";
  const what = before ? `${nameOf(before)} from ${before.status}` : op.id;
  return op.movedTo === undefined ? `${who} removed ${what}` : `${who} moved ${what} to ${op.movedTo}`;
}

/** What became of a card, in words; `before` is the card as it was known until then. */
export function sentenceOf(op: Op | PublicOp, before: WatchedCard | undefined): string {
  if (op.op === "remove") return removal(op, before);
  const { card } = op;
  if (before === undefined) return arrival(card);
  const [who, what] = [writerOf(card), nameOf(card)];
  if (before.status !== card.status) return `${who} moved ${what} from ${before.status} to ${card.status}`;
  if (before.rank !== card.rank) return `${who} reordered ${what} in ${card.status}`;
  return `${who} edited ${what} in ${card.status}`;
}

/** A line for a change: when it was committed, its revision, what happened, and how old the news is. */
export function lineOf(
  op: Op | PublicOp,
  { rev, at, before, nowMs }: { rev: number; at: string | undefined; before: WatchedCard | undefined; nowMs: number },
): Line {
  const id = op.op === "upsert" ? op.card.id : op.id;
  const committedAt = op.op === "upsert" && "updatedAt" in op.card ? op.card.updatedAt : at;
  const [when, age] =
    committedAt === undefined
      ? [new Date(nowMs).toISOString(), ""]
      : [committedAt, `  (${nowMs - Date.parse(committedAt)} ms)`];
  return { id, text: `${when}  rev ${rev}  ${sentenceOf(op, before)}${age}` };
}
