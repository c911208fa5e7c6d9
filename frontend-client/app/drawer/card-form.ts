import type { Appointment, CreateAppointment, ServiceLine, Shop } from "@status-board/contracts";
import type { FieldErrors } from "../forms/field-errors.ts";
import { given } from "../forms/given.ts";
import { centsOf, moneyText } from "../forms/money-text.ts";
import { momentOf, wallTimeOf } from "./wall-time.ts";

/** What of the shop a form needs to read times and money. */
export type FormShop = Pick<Shop, "timeZone" | "locale" | "currency">;

/** A card as it is typed: text as it stands in the fields, "" for what is not given. */
export interface CardForm {
  date: string;
  time: string;
  minutes: string;
  promisedDate: string;
  promisedTime: string;
  name: string;
  phone: string;
  email: string;
  year: string;
  make: string;
  model: string;
  plate: string;
  vin: string;
  services: readonly ServiceLine[];
  technicianId: string;
  notes: string;
  paid: string;
}
export type FormKey = keyof CardForm;

/** Each part's field, named by the path that the server's issues use, and what it is called. */
export const formFields: Readonly<Record<FormKey, { field: string; label: string }>> = {
  date: { field: "start", label: "Day" },
  time: { field: "startTime", label: "Time" },
  minutes: { field: "end", label: "Minutes" },
  promisedDate: { field: "promisedAt", label: "Promised day" },
  promisedTime: { field: "promisedTime", label: "Promised time" },
  name: { field: "customer.name", label: "Name" },
  phone: { field: "customer.phone", label: "Phone" },
  email: { field: "customer.email", label: "Email" },
  year: { field: "vehicle.year", label: "Year" },
  make: { field: "vehicle.make", label: "Make" },
  model: { field: "vehicle.model", label: "Model" },
  plate: { field: "vehicle.plate", label: "Plate" },
  vin: { field: "vehicle.vin", label: "VIN" },
  services: { field: "serviceCodes", label: "Services" },
  technicianId: { field: "technicianId", label: "Technician" },
  notes: { field: "notes", label: "Notes" },
  paid: { field: "paidCents", label: "Paid" },
};

export const formKeys = Object.keys(formFields) as FormKey[];
export const fieldNames: readonly string[] = formKeys.map((key) => formFields[key].field);

/** An appointment's length while nothing says how long it takes. */
const defaultMinutes = "60";
const minuteMs = 60_000;

/** An empty form for a day (YYYY-MM-DD), beginning at `time` (HH:MM). */
export function blankForm(date: string, time: string): CardForm {
  const texts = { name: "", phone: "", email: "", year: "", make: "", model: "", plate: "", vin: "" };
  const none = { promisedDate: "", promisedTime: "", services: [], technicianId: "", notes: "", paid: "" };
  return { date, time, minutes: defaultMinutes, ...texts, ...none };
}

/** A card as a form shows it. */
export function formOf(card: Appointment, { timeZone, locale }: FormShop): CardForm {
  const { customer, vehicle, promisedAt } = card;
  const start = wallTimeOf(card.start, timeZone);
  const promised = promisedAt === undefined ? undefined : wallTimeOf(promisedAt, timeZone);
  return {
    ...start,
    minutes: String(Math.round((Date.parse(card.end) - Date.parse(card.start)) / minuteMs)),
    promisedDate: promised?.date ?? "",
    promisedTime: promised?.time ?? "",
    name: customer.name,
    phone: customer.phone ?? "",
    email: customer.email ?? "",
    year: vehicle.year === undefined ? "" : String(vehicle.year),
    make: vehicle.make ?? "",
    model: vehicle.model ?? "",
    plate: vehicle.plate ?? "",
    vin: vehicle.vin ?? "",
    services: card.services,
    technicianId: card.technician?.id ?? "",
    notes: card.notes ?? "",
    paid: card.paidCents === 0 ? "" : moneyText(card.paidCents, locale),
  };
}

const codesOf = (services: readonly ServiceLine[]) => services.map(({ code }) => code);

/** The service that an issue's path such as `serviceCodes.0` is about. */
export const serviceNameAt = ({ services }: CardForm, path: string): string | undefined =>
  services[Number(/^serviceCodes\.(\d+)$/.exec(path)?.[1])]?.name;

/** True where two forms say the same in one part; services are the same by their codes. */
export function isSame(key: FormKey, one: CardForm, other: CardForm): boolean {
  if (key !== "services") return one[key] === other[key];
  return codesOf(one.services).join() === codesOf(other.services).join();
}

/** The form of a new appointment after a change: its length follows its services until it is set apart from them. */
export function followed(before: CardForm, after: CardForm): CardForm {
  const isFollowing = before.minutes === minutesOf(before) && before.minutes === after.minutes;
  return isFollowing ? { ...after, minutes: minutesOf(after) } : after;
}

function minutesOf({ services }: CardForm): string {
  const sum = services.reduce((total, { minutes }) => total + minutes, 0);
  return sum === 0 ? defaultMinutes : String(sum);
}

/** What a form says, as a new card's body has it. */
export type CardInput = Omit<CreateAppointment, "id">;
export type ReadForm = { kind: "read"; input: CardInput } | { kind: "wrong"; errors: FieldErrors };

const lineText = (text: string) => text.trim() || undefined;
const noSuchTime = "The clocks go forward then: this time does not exist on that day.";

/**
 * Reads a form: what the server can be sent, or what is wrong with which field. Only what can't be sent at all is found
 * wrong here; the rest is the server's to judge.
 */
export function readForm(form: CardForm, { timeZone, locale }: FormShop): ReadForm {
  const errors: Record<string, string> = {};
  const wrong = (key: FormKey, words: string) => {
    errors[formFields[key].field] = words;
  };
  if (form.name.trim() === "") wrong("name", "Please fill this in.");
  if (form.date === "") wrong("date", "Please fill this in.");
  const start = momentOf(form, timeZone);
  if (start === "no_such_time") wrong("time", noSuchTime);
  else if (start === "not_a_time" && form.date !== "")
    form.time === "" ? wrong("time", "Please fill this in.") : wrong("date", "There is no such day in the calendar.");
  const promised = readPromise(form, timeZone);
  if ("words" in promised) wrong(promised.key, promised.words);
  if (!/^\d{1,5}$/.test(form.minutes.trim())) wrong("minutes", "How many minutes? A whole number.");
  if (!/^(\d{1,4})?$/.test(form.year.trim())) wrong("year", "Four digits, such as 2017.");
  const paidCents = form.paid.trim() === "" ? 0 : centsOf(form.paid, locale);
  if (paidCents === undefined) wrong("paid", `An amount such as ${moneyText(12_050, locale)}.`);
  if (typeof start === "string" || "words" in promised || paidCents === undefined || Object.keys(errors).length > 0)
    return { kind: "wrong", errors };
  const input = given({
    start: start.at,
    end: new Date(Date.parse(start.at) + Number(form.minutes) * minuteMs).toISOString(),
    promisedAt: promised.at,
    customer: given({ name: form.name.trim(), phone: lineText(form.phone), email: lineText(form.email) }),
    vehicle: given({
      year: form.year.trim() === "" ? undefined : Number(form.year),
      make: lineText(form.make),
      model: lineText(form.model),
      plate: lineText(form.plate),
      vin: lineText(form.vin),
    }),
    serviceCodes: codesOf(form.services),
    technicianId: form.technicianId || undefined,
    notes: lineText(form.notes),
    paidCents,
  });
  return { kind: "read", input };
}

type ReadPromise = { at: string | undefined } | { key: FormKey; words: string };

/** A promise is made by its time; without a day of its own it is for the day of the appointment. */
function readPromise({ date, promisedDate, promisedTime }: CardForm, timeZone: string): ReadPromise {
  if (promisedTime === "")
    return promisedDate === "" ? { at: undefined } : { key: "promisedTime", words: "At what time?" };
  const at = momentOf({ date: promisedDate || date, time: promisedTime }, timeZone);
  if (at === "no_such_time") return { key: "promisedTime", words: noSuchTime };
  if (at === "not_a_time") return { key: "promisedDate", words: "Which day?" };
  return at;
}
