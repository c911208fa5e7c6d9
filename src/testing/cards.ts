import type { Appointment, Status } from "@status-board/contracts";
import type { Api } from "./api.ts";
import { day } from "./workshop.ts";

/** The body of a creation, at ten in the shop's morning. */
export const cardBody = (change: object = {}) => ({
  start: `${day}T09:00:00.000Z`,
  end: `${day}T10:00:00.000Z`,
  customer: { name: "Zoë Quandt" },
  vehicle: { make: "Škoda", plate: "B-XY 123" },
  serviceCodes: ["OIL001"],
  ...change,
});

export const addCard = (api: Api, change: object = {}): Promise<Appointment> =>
  api.ok("createAppointment", { body: cardBody(change) });

/** Moves a card as it stands. */
export const move = (api: Api, card: Appointment, newStatus: Status, change: object = {}): Promise<Appointment> =>
  api.ok("moveAppointment", { id: card.id, body: { newStatus, expectedVersion: card.version, ...change } });

/** The steps from `scheduled` to each column. */
const ways: Record<Status, readonly Status[]> = {
  scheduled: [],
  in_progress: ["in_progress"],
  ready: ["ready"],
  completed: ["ready", "completed"],
  no_show: ["no_show"],
};

/** A new card that stands in a column. */
export async function addCardIn(api: Api, status: Status, change: object = {}): Promise<Appointment> {
  let card = await addCard(api, change);
  for (const step of ways[status]) card = await move(api, card, step);
  return card;
}

export const edit = (api: Api, card: Appointment, change: object): Promise<Appointment> =>
  api.ok("editAppointment", { id: card.id, body: { expectedVersion: card.version, ...change } });

export const read = (api: Api, { id }: { id: string }): Promise<Appointment> => api.ok("getAppointment", { id });

/** The ids of a column from top to bottom. */
export async function columnIds(api: Api, status: Status, date = day): Promise<string[]> {
  const { columns } = await api.ok("getBoard", { query: { date } });
  return columns[status].items.map(({ id }) => id);
}
