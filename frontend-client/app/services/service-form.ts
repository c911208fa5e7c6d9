import { type CreateService, type EditService, limits, type Service } from "@status-board/contracts";
import type { FieldErrors } from "../forms/field-errors.ts";
import { given } from "../forms/given.ts";
import { centsOf, moneyText } from "../forms/money-text.ts";
import { changedKeys, type IsSame } from "../forms/stale-edit.ts";

/** A service as it is typed: text as it stands in the fields, named by the paths of the server's issues. */
export interface ServiceForm {
  code: string;
  name: string;
  priceCents: string;
  minutes: string;
  description: string;
}

export const serviceLabels: Readonly<Record<keyof ServiceForm, string>> = {
  code: "Code",
  name: "Name",
  priceCents: "Price",
  minutes: "Minutes",
  description: "Description",
};
export const serviceFields: readonly string[] = Object.keys(serviceLabels);

export const blankService: ServiceForm = { code: "", name: "", priceCents: "", minutes: "30", description: "" };

/** A service as a form shows it, its price as that locale writes it. */
export function serviceFormOf(service: Service, locale: string): ServiceForm {
  const { code, name, priceCents, minutes, description = "" } = service;
  return { code, name, priceCents: moneyText(priceCents, locale), minutes: String(minutes), description };
}

export const isSameText: IsSame<ServiceForm> = (key, one, other) => one[key] === other[key];

/** What a form says, as a new service's body has it. */
export type ServiceInput = Omit<CreateService, "mutationId" | "active">;
export type ReadService = { kind: "read"; input: ServiceInput } | { kind: "wrong"; errors: FieldErrors };

const needed = "Please fill this in.";

/** Reads a form: what the server can be sent, or what is wrong with which field. */
export function readService(form: ServiceForm, locale: string): ReadService {
  const cents = centsOf(form.priceCents, locale);
  const isWhole = /^\d{1,5}$/.test(form.minutes.trim());
  const errors = given({
    code: form.code.trim() === "" ? needed : undefined,
    name: form.name.trim() === "" ? needed : undefined,
    priceCents: cents === undefined ? `An amount such as ${moneyText(4_950, locale)}.` : undefined,
    minutes: isWhole ? undefined : `A whole number of minutes, at most ${limits.serviceMaxMinutes}.`,
  });
  if (cents === undefined || Object.keys(errors).length > 0) return { kind: "wrong", errors: { ...errors } };
  const input = given({
    code: form.code.trim(),
    name: form.name.trim(),
    priceCents: cents,
    minutes: Number(form.minutes),
    description: form.description.trim() || undefined,
  });
  return { kind: "read", input };
}

/** What to send of an edit, besides the version that it expects and its mutation id. */
export type ServicePatch = Omit<EditService, "expectedVersion" | "mutationId">;

/** The fields in which a form differs from its service; null where the description was cleared. */
export function servicePatch(
  service: Service,
  form: ServiceForm,
  locale: string,
): { kind: "patch"; patch: ServicePatch } | { kind: "wrong"; errors: FieldErrors } {
  const read = readService(form, locale);
  if (read.kind === "wrong") return read;
  const { description = null, ...rest } = read.input;
  const values = { ...rest, description };
  const changed = changedKeys(serviceFormOf(service, locale), form, isSameText);
  const patch: ServicePatch = Object.fromEntries(changed.map((key) => [key, values[key]]));
  return { kind: "patch", patch };
}
