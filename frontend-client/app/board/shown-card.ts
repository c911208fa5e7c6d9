import type { Appointment, ServiceLine } from "@status-board/contracts";
import type { Columns } from "../../columns.ts";
import { vehicleName } from "../shared/format.ts";

/** What the server keeps from a viewer, and what is then missing from a card (AU6). */
type StaffOnly = "totalCents" | "paidCents" | "notes" | "createdAt" | "updatedAt" | "updatedBy";

/** A card as this page shows it: staff's whole one, or a viewer's public one. */
export type ShownCard = Omit<Appointment, StaffOnly | "services"> &
  Partial<Pick<Appointment, StaffOnly>> & {
    services: readonly (Pick<ServiceLine, "name"> & Partial<ServiceLine>)[];
  };

export type ShownColumns = Columns<ShownCard>;

/** What a card is called by, for readers and tests: "Maria Keller, VW Golf 2017". */
export function cardName({ customer, vehicle }: ShownCard): string {
  return `${customer.name}, ${vehicleName(vehicle) ?? vehicle.plate ?? "no vehicle"}`;
}

/** What is still owed, in cents; 0 where nothing is or may be known. */
export function owedCents({ status, totalCents = 0, paidCents = 0 }: ShownCard): number {
  return status === "no_show" ? 0 : Math.max(0, totalCents - paidCents);
}

/** Minutes of work in a column. */
export function workMinutes(cards: readonly ShownCard[]): number {
  let minutes = 0;
  for (const { services } of cards) for (const service of services) minutes += service.minutes ?? 0;
  return minutes;
}
