import type { Named } from "@status-board/contracts";
import { statuses } from "../shared/status-words.ts";
import type { ShownCard, ShownColumns } from "./shown-card.ts";

/** What of a board is to be shown; absent parts leave nothing out. */
export interface Filter {
  /** A technician's id. */
  technician?: string | undefined;
  /** Words that a card must have all of, somewhere, in any order and case. */
  search?: string | undefined;
}

const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** A card never changes: another version is another object. So what it can be found by is worked out once. */
const texts = new WeakMap<ShownCard, string>();

function textOf(card: ShownCard): string {
  const known = texts.get(card);
  if (known !== undefined) return known;
  const { customer, vehicle, services, technician, notes } = card;
  const plate = vehicle.plate ?? "";
  const parts = [
    customer.name,
    customer.phone,
    customer.email,
    vehicle.year,
    vehicle.make,
    vehicle.model,
    plate,
    // Typed without what stands between the letters, as it is said.
    plate.replace(/[^\p{L}\p{N}]/gu, ""),
    vehicle.vin,
    technician?.name,
    notes,
    ...services.flatMap(({ name, code }) => [name, code]),
  ];
  const text = plain(parts.filter((part) => part !== undefined).join("\n"));
  texts.set(card, text);
  return text;
}

/** The cards of a board that a filter lets through; the same columns where it leaves nothing out. */
export function filterColumns(columns: ShownColumns, { technician, search = "" }: Filter): ShownColumns {
  const words = plain(search).split(/\s+/).filter(Boolean);
  if (technician === undefined && words.length === 0) return columns;
  const isShown = (card: ShownCard) =>
    (technician === undefined || card.technician?.id === technician) &&
    words.every((word) => textOf(card).includes(word));
  const { scheduled, in_progress, ready, completed, no_show } = columns;
  return {
    scheduled: scheduled.filter(isShown),
    in_progress: in_progress.filter(isShown),
    ready: ready.filter(isShown),
    completed: completed.filter(isShown),
    no_show: no_show.filter(isShown),
  };
}

/** Whom cards can be filtered by: the shop's own technicians, and whoever else stands on a card, by name. */
export function techniciansOn(columns: ShownColumns | undefined, known: readonly Named[]): Named[] {
  const byId = new Map(known.map((technician) => [technician.id, technician]));
  for (const status of columns === undefined ? [] : statuses)
    for (const { technician } of columns?.[status] ?? [])
      if (technician !== undefined && !byId.has(technician.id)) byId.set(technician.id, technician);
  return [...byId.values()].sort((one, other) => one.name.localeCompare(other.name));
}

/** How many cards there are in all columns. */
export const countOf = (columns: ShownColumns): number =>
  statuses.reduce((count, status) => count + columns[status].length, 0);
