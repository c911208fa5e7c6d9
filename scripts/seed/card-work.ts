import {
  type Appointment,
  appointmentSchema,
  type Board,
  routes,
  type Status,
  statuses,
} from "@status-board/contracts";
import { type Answer, type Api, dataOf, SeedError } from "./api.ts";
import { cardId, type PlannedCard } from "./plan.ts";

/** What stood on the board when the seeding began. */
export interface BoardIndex {
  cards: ReadonlyMap<string, Appointment>;
  removed: ReadonlySet<string>;
}

/** One planned card on its way to its place. `card` is absent while it is not made yet, or is not to be touched. */
export interface CardWork {
  planned: PlannedCard;
  card?: Appointment;
  created: boolean;
  moved: boolean;
  edited: boolean;
}

/** How the cards of a day get to their places: all in any order by `prepare`, then column by column by `settle`. */
export interface Course {
  /** Makes the card and takes it as far as it can go before its turn in the target column. */
  prepare(work: CardWork): Promise<void>;
  /** Puts the card into its place in the target column: in front of `beforeId`, or else at the end. */
  settle(work: CardWork, beforeId: string | undefined): Promise<void>;
}

const maxGenerations = 1000;

export function indexBoard(board: Board): BoardIndex {
  const cards = statuses.flatMap((status) => board.columns[status].items);
  return {
    cards: new Map(cards.map((card) => [card.id, card])),
    removed: new Set(board.removed.map(({ id }) => id)),
  };
}

/** The newest generation of a card that stands on the board, or the first that may be free. */
function newestGeneration(
  board: BoardIndex,
  planned: PlannedCard,
  from = 0,
): { generation: number; card?: Appointment } {
  for (let generation = from; generation < maxGenerations; generation++) {
    const id = cardId(planned, generation);
    const card = board.cards.get(id);
    if (card) return { generation, card };
    if (!board.removed.has(id)) return { generation };
  }
  throw new SeedError(`card ${planned.index} of ${planned.date} was removed too often to be made again`);
}

/** True when a card has to be made. One that was removed or taken elsewhere is made again only by a reset. */
export function isMissing(board: BoardIndex, planned: PlannedCard, reset: boolean): boolean {
  const { generation, card } = newestGeneration(board, planned);
  return card === undefined && (reset || generation === 0);
}

/** Finds a card, or makes it where {@link isMissing} allows; otherwise the work stays without one. */
export async function findOrCreate(api: Api, board: BoardIndex, work: CardWork, reset: boolean): Promise<void> {
  const { planned } = work;
  for (let next = newestGeneration(board, planned); ; next = newestGeneration(board, planned, next.generation + 1)) {
    if (next.card) work.card = next.card;
    if (next.card || (next.generation > 0 && !reset)) return;
    const body = { id: cardId(planned, next.generation), ...planned.fields };
    const answer = await api.call(routes.createAppointment, { body });
    if (!answer.ok && !isTaken(answer)) dataOf(answer);
    if (!answer.ok || answer.data.date !== planned.date) continue;
    work.card = answer.data;
    work.created = true;
    return;
  }
}

/** The id belongs to a card that was removed, or that stands on another day's board. */
const isTaken = (answer: Answer<Appointment>) =>
  !answer.ok &&
  answer.error.code === "conflict" &&
  (answer.error.reason === "id_deleted" || answer.error.reason === "id_reused");

/** The columns in such an order that a card may always go to the next one, in both directions. */
const line: readonly Status[] = ["no_show", "scheduled", "in_progress", "ready", "completed"];

/** The columns through which a card goes to its target, the target last. */
export function stepsBetween(from: Status, to: Status): readonly Status[] {
  const start = line.indexOf(from);
  const end = line.indexOf(to);
  return start <= end ? line.slice(start + 1, end + 1) : line.slice(end, start).reverse();
}

/** One move. Its mutation id is made of the version it starts from, so that repeating it has no second effect. */
export async function moveCard(
  api: Api,
  id: string,
  move: { newStatus: Status; expectedVersion: number; beforeId?: string | undefined },
): Promise<Answer<Appointment>> {
  const { newStatus, expectedVersion, beforeId } = move;
  const mutationId = `seed-${id}-${expectedVersion}`;
  const body = { newStatus, expectedVersion, mutationId, ...(beforeId !== undefined && { beforeId }) };
  return api.call(routes.moveAppointment, { id, body });
}

/** The card as a version conflict shows it; any other failure ends the seeding. */
export function currentOf(answer: Answer<Appointment>): Appointment {
  if (answer.ok) return answer.data;
  const current = appointmentSchema.safeParse(answer.error.code === "version_conflict" ? answer.error.current : null);
  return current.success ? current.data : dataOf(answer);
}
