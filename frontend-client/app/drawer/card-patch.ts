import type { Appointment, EditAppointment } from "@status-board/contracts";
import type { FieldErrors } from "../forms/field-errors.ts";
import { given } from "../forms/given.ts";
import { changedKeys } from "../forms/stale-edit.ts";
import { type CardForm, type FormKey, type FormShop, formOf, isSame, readForm } from "./card-form.ts";

/** What to send of an edit, besides the version that it expects and its mutation id. */
export type CardPatch = Omit<EditAppointment, "expectedVersion" | "mutationId">;
export type ReadPatch = { kind: "patch"; patch: CardPatch } | { kind: "wrong"; errors: FieldErrors };

/**
 * The difference between a card and what its form says now: only the fields that were changed, null where one was
 * cleared, customer and vehicle whole (AP2). Nothing changed is an empty patch.
 */
export function patchOf(card: Appointment, form: CardForm, shop: FormShop): ReadPatch {
  const read = readForm(form, shop);
  if (read.kind === "wrong") return read;
  const { input } = read;
  const changed = new Set(changedKeys(formOf(card, shop), form, isSame));
  const has = (...keys: FormKey[]) => keys.some((key) => changed.has(key));
  const patch: CardPatch = given({
    ...(has("date", "time", "minutes") && timesOf(card, input, has("date", "time"), has("minutes"))),
    promisedAt: has("promisedDate", "promisedTime") ? (input.promisedAt ?? null) : undefined,
    customer: has("name", "phone", "email") ? input.customer : undefined,
    vehicle: has("year", "make", "model", "plate", "vin") ? input.vehicle : undefined,
    serviceCodes: has("services") ? input.serviceCodes : undefined,
    technicianId: has("technicianId") ? (input.technicianId ?? null) : undefined,
    notes: has("notes") ? (input.notes ?? null) : undefined,
    paidCents: has("paid") ? input.paidCents : undefined,
  });
  return { kind: "patch", patch };
}

/** A form knows minutes only: what of the times was not changed keeps its seconds, and the length its own. */
function timesOf(
  card: Appointment,
  input: { start: string; end: string },
  startChanged: boolean,
  lengthChanged: boolean,
): Pick<CardPatch, "start" | "end"> {
  const start = startChanged ? input.start : card.start;
  const formMs = Date.parse(input.end) - Date.parse(input.start);
  const lengthMs = lengthChanged ? formMs : Date.parse(card.end) - Date.parse(card.start);
  const end = new Date(Date.parse(start) + lengthMs).toISOString();
  return startChanged ? { start, end } : { end };
}
