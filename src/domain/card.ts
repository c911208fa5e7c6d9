import {
  type Appointment,
  type CreateAppointment,
  dateSchema,
  type EditAppointment,
  endBeforeStartMessage,
  type Issue,
  limits,
  type Named,
  type Service,
  type ServiceLine,
  type Shop,
} from "@status-board/contracts";
import { nextCard } from "./appointment.ts";
import { defined, invalid, type Refusal } from "./outcome.ts";
import { localDay } from "./time.ts";

/** What a card is written with: the shop's people and zone, the services its codes name, who writes, and when. */
export interface CardContext {
  shop: Shop;
  services: readonly Service[];
  by: Named;
  at: string;
}

type Composed = { kind: "composed"; card: Appointment } | Refusal;

/**
 * The services behind the codes: those already on the card as they were copied, the others as they are now (CA3). A
 * retired service cannot be put on a card any more, but stays on those that have it.
 */
function serviceLines(
  codes: readonly string[],
  onCard: readonly ServiceLine[],
  services: readonly Service[],
): { lines: ServiceLine[]; issues: Issue[] } {
  const lines: ServiceLine[] = [];
  const issues: Issue[] = [];
  codes.forEach((code, index) => {
    const same = (line: { code: string }) => line.code.toUpperCase() === code.toUpperCase();
    const copied = onCard.find(same);
    const service = services.find(same);
    if (copied) lines.push(copied);
    else if (service?.active)
      lines.push({ code: service.code, name: service.name, priceCents: service.priceCents, minutes: service.minutes });
    else
      issues.push({
        path: `serviceCodes.${index}`,
        message: service ? "names a retired service" : "names no service of this shop",
      });
  });
  return { lines, issues };
}

/** The technician of that id; on a card already, he stays as he was copied. */
function technicianOf(id: string, card: Appointment | undefined, shop: Shop): Named | undefined {
  if (card?.technician?.id === id) return card.technician;
  return shop.technicians.find((technician) => technician.id === id);
}

const totalOf = (services: readonly ServiceLine[]) => services.reduce((sum, { priceCents }) => sum + priceCents, 0);

const encoder = new TextEncoder();
const userBytes = limits.cardMaxBytes - limits.cardServerPartMaxBytes;

/** A card's JSON in bytes without what only the server writes, which has room of its own (CA7). */
function isTooLarge(card: Appointment): boolean {
  const { checkInAt, checkOutAt, carriedFrom, ...rest } = card;
  const written = { ...rest, rank: "", updatedBy: { id: "", name: "" } };
  return encoder.encode(JSON.stringify(written)).length > userBytes;
}

const finish = (card: Appointment, issues: readonly Issue[]): Composed => {
  if (issues.length > 0) return { kind: "invalid_request", issues };
  if (!dateSchema.safeParse(card.date).success)
    return invalid(
      "start",
      `falls on ${card.date} in the shop's time zone, outside ${limits.yearMin} to ${limits.yearMax}`,
    );
  if (isTooLarge(card)) return invalid("body", `the card would take more than ${userBytes} bytes as JSON`);
  return { kind: "composed", card };
};

/** A new card for the board of its start; its rank is the store's to give. */
export function composeCard(id: string, input: CreateAppointment, { shop, services, by, at }: CardContext): Composed {
  const { lines, issues } = serviceLines(input.serviceCodes, [], services);
  const technician = input.technicianId === undefined ? undefined : technicianOf(input.technicianId, undefined, shop);
  if (input.technicianId !== undefined && technician === undefined)
    issues.push({ path: "technicianId", message: "names no technician of this shop" });
  const card: Appointment = defined({
    id,
    date: localDay(input.start, shop.timeZone),
    version: 1,
    status: "scheduled" as const,
    rank: "",
    start: input.start,
    end: input.end,
    promisedAt: input.promisedAt,
    customer: input.customer,
    vehicle: input.vehicle,
    services: lines,
    technician,
    notes: input.notes,
    totalCents: totalOf(lines),
    paidCents: input.paidCents ?? 0,
    createdAt: at,
    updatedAt: at,
    updatedBy: by,
  });
  return finish(card, issues);
}

/** `undefined` keeps, `null` clears, anything else replaces. */
const patched = <T>(before: T | undefined, change: T | null | undefined): T | undefined =>
  change === undefined ? before : (change ?? undefined);

/**
 * The card after an edit. Another value of `start` puts it on that day's board and ends its carry-over; the same value
 * sent again moves nothing (CA2).
 */
export function editCard(card: Appointment, edit: EditAppointment, { shop, services, by, at }: CardContext): Composed {
  const { lines, issues } = edit.serviceCodes
    ? serviceLines(edit.serviceCodes, card.services, services)
    : { lines: card.services, issues: [] };
  const wanted = edit.technicianId;
  const technician = wanted ? technicianOf(wanted, card, shop) : wanted === null ? undefined : card.technician;
  if (wanted && technician === undefined)
    issues.push({ path: "technicianId", message: "names no technician of this shop" });
  const start = edit.start ?? card.start;
  const end = edit.end ?? card.end;
  if (end < start) issues.push({ path: "end", message: endBeforeStartMessage });
  const { promisedAt, technician: _technician, notes, carriedFrom, ...rest } = card;
  const moves = start !== card.start;
  const change = defined({
    date: moves ? localDay(start, shop.timeZone) : card.date,
    start,
    end,
    promisedAt: patched(promisedAt, edit.promisedAt),
    customer: edit.customer ?? card.customer,
    vehicle: edit.vehicle ?? card.vehicle,
    services: lines,
    technician,
    notes: patched(notes, edit.notes),
    totalCents: totalOf(lines),
    paidCents: edit.paidCents === null ? 0 : (edit.paidCents ?? card.paidCents),
    carriedFrom: moves ? undefined : carriedFrom,
  });
  return finish(nextCard(rest, change, by, at), issues);
}
