import { isDeepStrictEqual } from "node:util";
import { type Appointment, type EditAppointment, routes } from "@status-board/contracts";
import { type Api, SeedError } from "./api.ts";
import {
  type BoardIndex,
  type CardWork,
  type Course,
  currentOf,
  findOrCreate,
  isMissing,
  moveCard,
  stepsBetween,
} from "./card-work.ts";
import type { PlannedCard } from "./plan.ts";

type Edit = Omit<EditAppointment, "expectedVersion" | "mutationId">;

/** More than the longest way with some interference by others; beyond it somebody works against the reset. */
const maxAttempts = 20;

/** A run with reset: every card gets its planned fields, column and order back. */
export function resetCourse(api: Api, board: BoardIndex): Course {
  return {
    async prepare(work) {
      const { planned } = work;
      if (planned.status === "scheduled" && isMissing(board, planned, true)) return;
      await findOrCreate(api, board, work, true);
      await restoreFields(api, work);
      await walk(api, work, 1);
    },
    async settle(work, beforeId) {
      if (work.card === undefined) await findOrCreate(api, board, work, true);
      const { card, planned, created } = work;
      const standsAtTheEnd = created && card?.status === planned.status;
      if (beforeId !== undefined || !standsAtTheEnd) await walk(api, work, 0, beforeId);
    },
  };
}

async function restoreFields(api: Api, work: CardWork): Promise<void> {
  for (let attempt = 0; attempt < maxAttempts && work.card; attempt++) {
    const { card } = work;
    const edit = editNeeded(card, work.planned);
    if (edit === undefined) return;
    const body = { ...edit, expectedVersion: card.version, mutationId: `seed-edit-${card.version}` };
    const answer = await api.call(routes.editAppointment, { id: card.id, body });
    work.card = currentOf(answer);
    work.edited ||= answer.ok;
  }
  throw new SeedError(`card ${work.card?.id} keeps changing: try again`);
}

/** What an edit must say so that the card has its planned fields; undefined when it has them. */
export function editNeeded(card: Appointment, { fields }: Pick<PlannedCard, "fields">): Edit | undefined {
  const codes = (list: readonly string[]) => list.map((code) => code.toUpperCase());
  const pairs: [edit: Edit, planned: unknown, actual: unknown][] = [
    [{ start: fields.start, end: fields.end }, [fields.start, fields.end], [card.start, card.end]],
    [{ promisedAt: fields.promisedAt ?? null }, fields.promisedAt, card.promisedAt],
    [{ customer: fields.customer }, fields.customer, card.customer],
    [{ vehicle: fields.vehicle }, fields.vehicle, card.vehicle],
    [{ serviceCodes: fields.serviceCodes }, codes(fields.serviceCodes), codes(card.services.map(({ code }) => code))],
    [{ technicianId: fields.technicianId ?? null }, fields.technicianId, card.technician?.id],
    [{ notes: fields.notes ?? null }, fields.notes, card.notes],
    [{ paidCents: fields.paidCents ?? 0 }, fields.paidCents ?? 0, card.paidCents],
  ];
  const edits = pairs.filter(([, planned, actual]) => !isDeepStrictEqual(planned, actual)).map(([edit]) => edit);
  return edits.length === 0 ? undefined : Object.assign({}, ...edits);
}

/**
 * Takes a card towards its column until `stepsLeft` steps remain. With none left it is placed there too, by the last
 * step or by a move within the column.
 */
async function walk(api: Api, work: CardWork, stepsLeft: 0 | 1, beforeId?: string): Promise<void> {
  const { status: target } = work.planned;
  for (let attempt = 0; attempt < maxAttempts && work.card; attempt++) {
    const { id, version, status } = work.card;
    const steps = stepsBetween(status, target);
    if (stepsLeft === 1 && steps.length <= 1) return;
    const isLast = steps.length <= 1;
    const move = { newStatus: steps[0] ?? target, expectedVersion: version, ...(isLast && { beforeId }) };
    const answer = await moveCard(api, id, move);
    work.card = currentOf(answer);
    work.moved ||= answer.ok;
    if (answer.ok && isLast) return;
  }
  throw new SeedError(`card ${work.card?.id} keeps moving: try again`);
}

/** The largest set of a column's cards that stand in the wanted order among themselves: the others have to move. */
export function cardsInOrder(column: readonly string[], wanted: readonly string[]): Set<string> {
  const placeOf = new Map(wanted.map((id, index) => [id, index]));
  const chains: { place: number; ids: readonly string[] }[] = [];
  let longest: readonly string[] = [];
  for (const id of column) {
    const place = placeOf.get(id);
    if (place === undefined) continue;
    let before: readonly string[] = [];
    for (const chain of chains) if (chain.place < place && chain.ids.length > before.length) before = chain.ids;
    const ids = [...before, id];
    chains.push({ place, ids });
    if (ids.length > longest.length) longest = ids;
  }
  return new Set(longest);
}
